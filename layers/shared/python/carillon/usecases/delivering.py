"""The sender: decide, admit, claim, call, record, for a batch of doorbells.

A message to be tried again gets a new doorbell with a delay before its old one is let go, so
waiting messages take up none of the queue's places in flight, and how often a record was received
tells what went wrong with the record, not with the gateway.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.errors import Unavailable
from carillon.models.commands import Doorbell
from carillon.models.message import message_id
from carillon.models.records import Ring
from carillon.policy.pace import HORIZON
from carillon.ports import Budget, Calls, Clock, Doorbells
from carillon.usecases.admitting import Admitting
from carillon.usecases.claiming import Claimed, Claiming
from carillon.usecases.deciding import Deciding, Due
from carillon.usecases.delays import LOOK_AGAIN_S, come_again_s
from carillon.usecases.recording import Recording

logger = logging.getLogger(__name__)

SUSPECT_RECEIVES = 3
"""A record that came so often may be what kills the invocation: it is handled last and alone."""

RECORD_RESERVE_S = 10.0
"""Kept of the invocation's time for claiming and for writing down what the last calls answered."""

REPLACED_RECEIVES = 6
"""From this receive on a record is replaced; the queue gives up one that was received ten times."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Works doorbells; a call of the gateway may take `timeout`."""

    deciding: Deciding
    admitting: Admitting
    claiming: Claiming
    calls: Calls
    recording: Recording
    doorbells: Doorbells
    clock: Clock
    timeout: timedelta

    def deliver(self, records: Sequence[Ring], budget: Budget) -> list[str]:
        """Handle a batch; returns the ids of the records that must come again."""
        ordinary = [each for each in records if each.receives < SUSPECT_RECEIVES]
        suspects = [each for each in records if each.receives >= SUSPECT_RECEIVES]
        try:
            again = self._group(ordinary, budget)
        except Exception as error:  # one record that cannot be handled: singled out below
            keys = {"error": type(error).__name__, "records": len(ordinary)}
            logger.error("batch failed", extra=keys)
            again, suspects = [], [*ordinary, *suspects]
        for each in suspects:
            again += self._alone(each, budget)
        self.recording.fuse.report()
        return again

    def _alone(self, record: Ring, budget: Budget) -> list[str]:
        try:
            return self._group([record], budget)
        except Exception as error:  # it goes to the dead letters, its neighbours do not
            keys = {
                "record_id": record.id,
                "message_id": message_id(*record.body.key),
                "client_id": record.body.client_id,
                "receives": record.receives,
                "error": type(error).__name__,
            }
            about = self.deciding.recent.about(record.body.mailing_id)
            logger.error("record failed", extra={**about, **keys})
            return [record.id]

    def _group(self, records: Sequence[Ring], budget: Budget) -> list[str]:
        # A message may have two doorbells in a batch; the first speaks for both.
        distinct = list({each.body.key: each for each in reversed(records)}.values())[::-1]
        handled, again = self._step(self.deciding.quickly, distinct, budget)
        doubtful = [each for each in distinct if each.id not in handled]
        return again + self._step(self.deciding.for_sure, doubtful, budget)[1]

    def _step(
        self,
        decide: Callable[[Sequence[Ring]], list[Due]],
        records: Sequence[Ring],
        budget: Budget,
    ) -> tuple[set[str], list[str]]:
        """The way of those that are due; returns whose turn is over, and who must come again."""
        if not records:
            return set(), []
        everybody = {each.id for each in records}
        if budget.left_s() < (HORIZON + self.timeout).total_seconds() + RECORD_RESERVE_S:
            self._tell_put_off(records, None)
            return everybody, self._come_again(records)
        try:
            due = decide(records)
            admitted, put_off = self.admitting.admit(due)
            claimed = self.claiming.claim(admitted, over_by=self._over_by(budget))
        except Unavailable as error:
            self._tell_put_off(records, str(error))
            return everybody, self._come_again(records)
        ours = {each.record.id for each in claimed}
        later = [(record, record.body, delay_s) for record, delay_s in put_off]
        later += [
            (each.record, each.record.body.tried(), LOOK_AGAIN_S)
            for each, _ in admitted
            if each.record.id not in ours
        ]
        again = self._ring_later(later)
        return {each.record.id for each in due}, again + self._call(claimed)

    def _over_by(self, budget: Budget) -> datetime:
        """When the last call must be over, so that its answer is still written down."""
        return self.clock.now() + timedelta(seconds=budget.left_s() - RECORD_RESERVE_S)

    def _call(self, claimed: Sequence[Claimed]) -> list[str]:
        again: list[str] = []
        for group in self.calls.make([each.planned for each in claimed]):
            answered = [(claimed[index], outcome) for index, outcome in group]
            try:
                self.recording.record(answered)
            except Unavailable as error:
                # The claims run out by themselves; the attempts then count as not known.
                self._tell_not_recorded([each for each, _ in answered], str(error))
                again += self._come_again([each.record for each, _ in answered])
        return again

    def _ring_later(self, later: Sequence[tuple[Ring, Doorbell, int]]) -> list[str]:
        """A new record takes over from each, so that its receives are not counted."""
        try:
            self.doorbells.ring([(doorbell, delay_s) for _, doorbell, delay_s in later])
        except Unavailable as error:
            self._tell_put_off([record for record, _, _ in later], str(error))
            return self._come_again([record for record, _, _ in later])
        return []

    def _come_again(self, records: Sequence[Ring]) -> list[str]:
        """Put off what could not be handled; returns those that the queue itself must give again.

        Waits grow with each receive, and from the sixth on a new record takes over: nothing that
        is handled at all reaches the dead letters, however long AWS does not answer.
        """
        again: list[str] = []
        for each in records:
            delay_s = come_again_s(each.receives)
            try:
                if each.receives >= REPLACED_RECEIVES:
                    self.doorbells.ring([(each.body.tried(), delay_s)])
                    continue
                self.doorbells.defer(each.receipt, delay_s=delay_s)
            except Unavailable as error:
                about = self.deciding.recent.about(each.body.mailing_id)
                keys = {"record_id": each.id, "client_id": each.body.client_id}
                logger.warning(
                    "record keeps its visibility", extra={**about, **keys, "error": str(error)}
                )
            again.append(each.id)
        return again

    def _tell_put_off(self, records: Sequence[Ring], error: str | None) -> None:
        """Not begun, because AWS did not answer or, without an error, because time is short."""
        level = logging.INFO if error is None else logging.WARNING
        why = "the invocation is nearly over" if error is None else "AWS does not answer"
        for mailing_id, ids in _clients_by_mailing(each.body for each in records).items():
            keys = {"why": why, "client_ids": ids} | ({} if error is None else {"error": error})
            logger.log(
                level, "records put off", extra=self.deciding.recent.about(mailing_id, **keys)
            )

    def _tell_not_recorded(self, claimed: Sequence[Claimed], error: str) -> None:
        for mailing_id, ids in _clients_by_mailing(each.record.body for each in claimed).items():
            keys = {"client_ids": ids, "error": error}
            logger.error(
                "answers not recorded", extra=self.deciding.recent.about(mailing_id, **keys)
            )


def _clients_by_mailing(doorbells: Iterable[Doorbell]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in doorbells:
        found[each.mailing_id].append(each.client_id)
    return found
