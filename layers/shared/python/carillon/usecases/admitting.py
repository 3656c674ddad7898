"""Between the decision to send and the claim: whether the gateway is to be called now at all.

First the breaker, which spares a gateway in trouble, then the pace, which all senders share. Whom
they turn away is neither claimed nor counted as an attempt: the record is rung again later.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from carillon.concern import about
from carillon.models.measures import IN_VAIN, SPARED
from carillon.models.records import Ring
from carillon.policy.pace import LATE_MAX
from carillon.policy.sms_parts import sms_parts
from carillon.ports import Clock, Measures
from carillon.usecases.breaker import SenderBreaker
from carillon.usecases.deciding import Due
from carillon.usecases.delays import LOOK_AGAIN_S
from carillon.usecases.pacing import Pacing

logger = logging.getLogger(__name__)

Admitted: TypeAlias = tuple[Due, datetime]
"""A message that may be called for, and the instant at which its call is to begin."""

PutOff: TypeAlias = tuple[Ring, int]
"""A record, and in how many seconds it is to come again."""


@dataclass(frozen=True, slots=True)
class Admitting:
    """Admits what is due; without a `pacing`, as fast as it comes."""

    breaker: SenderBreaker
    pacing: Pacing | None
    clock: Clock
    measures: Measures

    def admit(self, due: Sequence[Due]) -> tuple[list[Admitted], list[PutOff]]:
        """Each of those that are due is either admitted or put off."""
        passing = self.breaker.passing([each.message.key for each in due])
        spared = [(each.record, self.breaker.delay_s()) for each in due[passing:]]
        if spared:
            self.measures.add(SPARED, len(spared))
            self.measures.add(IN_VAIN, len(spared))
        given, refused = self._slots(due[:passing])
        admitted = [(each, at) for each, at in given if at < each.begin_by]
        too_late = [(each.record, LOOK_AGAIN_S) for each, at in given if at >= each.begin_by]
        _tell("the breaker is open", due[passing:], spared)
        _tell("the pace is kept", due[:passing][len(given) :], refused)
        _tell("facts got too old", [each for each, at in given if at >= each.begin_by], too_late)
        return admitted, [*spared, *refused, *too_late]

    def _slots(self, due: Sequence[Due]) -> tuple[list[Admitted], list[PutOff]]:
        if self.pacing is None or not due:
            now = self.clock.now()
            return [(each, now) for each in due], []
        by_text = {text: sms_parts(text).parts for text in {each.mailing.text for each in due}}
        parts = [by_text[each.mailing.text] for each in due]
        slots = self.pacing.reserve(parts)
        first_refused = len(slots.begin_at)
        given = [
            (replace(each, begin_by=min(each.begin_by, at + LATE_MAX)), at)
            for each, at in zip(due, slots.begin_at, strict=False)
        ]
        refused = [
            (each.record, self.pacing.delay_s(slots.free_at, size))
            for each, size in zip(due[first_refused:], parts[first_refused:], strict=True)
        ]
        return given, refused


def _tell(why: str, due: Sequence[Due], put_off: Sequence[PutOff]) -> None:
    """A line for the messages of each mailing; they come again one by one, so the range is told."""
    by_mailing: defaultdict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(due):
        by_mailing[each.mailing.id].append(number)
    for numbers in by_mailing.values():
        delays = [put_off[number][1] for number in numbers]
        ids = [due[number].message.client_id for number in numbers]
        keys = {"why": why, "delay_s": min(delays), "delay_max_s": max(delays), "client_ids": ids}
        logger.info("messages put off", extra=about(due[numbers[0]].mailing, **keys))
