"""The claim: that an attempt begins is on record before the gateway hears of it.

A claim is a compare-and-swap on the message's token, so of any number of senders one calls.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import about
from carillon.models.gateway import GatewayCall, PlannedCall
from carillon.models.mailing import Mailing
from carillon.models.message import Message, gateway_id
from carillon.models.records import Ring
from carillon.ports import Chance, Clock, Messages
from carillon.usecases.admitting import Admitted
from carillon.usecases.deciding import Due

logger = logging.getLogger(__name__)

CLAIM_MARGIN = timedelta(seconds=10)
"""A claim outlives its call by this much: time to record, and two clocks that differ."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to call for, as `planned`."""

    record: Ring
    mailing: Mailing
    message: Message
    planned: PlannedCall


@dataclass(frozen=True, slots=True)
class Claiming:
    """Claims what is admitted; a call may take `timeout` from the instant at which it begins."""

    messages: Messages
    clock: Clock
    chance: Chance
    timeout: timedelta

    def claim(self, admitted: Sequence[Admitted], *, over_by: datetime) -> list[Claimed]:
        """Claim each for a call that is over by then; those that others changed are left out."""
        wanted = [self._wanted(*each, over_by) for each in admitted]
        won = self.messages.swap([(before, after.message) for before, after in wanted])
        claimed = [after for (_, after), ours in zip(wanted, won, strict=True) if ours]
        lost = [after for (_, after), ours in zip(wanted, won, strict=True) if not ours]
        _tell("messages claimed", claimed)
        _tell("messages were changed by others", lost)
        return claimed

    def _wanted(self, due: Due, begin_at: datetime, over_by: datetime) -> tuple[Message, Claimed]:
        until = min(begin_at + self.timeout, due.mailing.ends_at, over_by)
        call = GatewayCall(
            gateway_id=gateway_id(due.message.id), phone=due.client.phone, text=due.mailing.text
        )
        claim = due.message.changed(
            token=self.chance.new_id(),
            at=self.clock.now(),
            claim_until=until + CLAIM_MARGIN,
            attempts=due.message.attempts + 1,
        )
        planned = PlannedCall(call, not_before=begin_at, begin_by=due.begin_by, until=until)
        return due.message, Claimed(due.record, due.mailing, claim, planned)


def _tell(message: str, wanted: Iterable[Claimed]) -> None:
    """A line for each mailing. Whose call is claimed here and told nowhere died with its sender."""
    by_mailing: defaultdict[str, list[Claimed]] = defaultdict(list)
    for each in wanted:
        by_mailing[each.mailing.id].append(each)
    for claims in by_mailing.values():
        ids = [each.message.client_id for each in claims]
        logger.info(message, extra=about(claims[0].mailing, client_ids=ids))
