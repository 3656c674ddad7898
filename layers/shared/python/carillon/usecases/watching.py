"""Notice that doorbells were lost, and have them searched for.

A doorbell may vanish, at the latest when somebody empties the queue. What should be in the queue is
known from the counters: every message that is pending and not asleep has a doorbell there, waiting,
delayed or in flight. When the queue holds clearly fewer, now and a minute later, the truth is read:
a search passes over the messages of each mailing and rings for all that are due.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import about
from carillon.models.commands import Command, Listen, Release
from carillon.models.mailing import DueItem, Mailing, Slice
from carillon.models.measures import SEARCHES
from carillon.models.statistics import Counts
from carillon.models.wave import Wave
from carillon.policy.steps import is_running
from carillon.ports import Clock, Commands, Doorbells, Mailings, Measures, StatisticsTable

logger = logging.getLogger(__name__)

LISTEN_AGAIN_S = 60
"""A queue's own numbers may lag by a minute (SQS, GetQueueAttributes): only what lasts is
believed."""

CLEARLY_FEWER = 0.9
"""Below this share of what should be there. The numbers are approximate, and a search in vain costs
a read of each message; fewer losses than that are found when the queue has become shorter."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Compares the message queue with the counters."""

    mailings: Mailings
    statistics: StatisticsTable
    doorbells: Doorbells
    commands: Commands
    clock: Clock
    measures: Measures

    def watch(self, due: Sequence[DueItem]) -> None:
        """Look at the queue, and if doorbells seem to be lost, once more in a minute."""
        if self._suspects(due):
            self.commands.send([Listen()], delay_s=LISTEN_AGAIN_S)

    def listen(self, due: Sequence[DueItem]) -> None:
        """If doorbells still seem to be lost, search for them."""
        suspects = self._suspects(due)
        now = self.clock.now()
        for mailing in suspects:
            logger.warning("doorbells searched for", extra=about(mailing))
            self.mailings.add_wave(Wave(mailing_id=mailing.id, opens_at=now, search=True))
        searches: list[Command] = [Release(mailing_id=each.id, at=now) for each in suspects]
        self.commands.send(searches)
        if searches:
            self.measures.add(SEARCHES, len(searches))

    def _suspects(self, due: Sequence[DueItem]) -> list[Mailing]:
        """Those whose doorbells may be lost; none while the queue holds about enough for all."""
        now = self.clock.now()
        watched = _watched(due, now)
        if not watched:
            return []
        counts = self.statistics.counts([each.id for each in watched])
        expected = {each.id: _expected(each, counts, now) for each in watched}
        waiting = self.doorbells.waiting()
        if waiting >= CLEARLY_FEWER * sum(expected.values()):
            return []
        suspects = [each for each in watched if expected[each.id]]
        for each in suspects:
            keys = {"expected": expected[each.id], "waiting": waiting}
            logger.info("doorbells seem lost", extra=about(each, **keys))
        return suspects


def _watched(due: Sequence[DueItem], now: datetime) -> list[Mailing]:
    """Those that run, and whose messages nobody is just making or ringing for."""
    at_work = {each.mailing_id for each in due if isinstance(each, Slice | Wave)}
    return [
        each
        for each in due
        if isinstance(each, Mailing)
        and is_running(each, now)
        and each.due_at is not None
        and each.due_at <= now
        and each.id not in at_work
    ]


def _expected(mailing: Mailing, counts: Mapping[str, Counts], now: datetime) -> int:
    """How many doorbells there should be; one where nothing is left but to verify the end."""
    pending = counts[mailing.id].pending
    if pending <= 0:
        return 1
    asleep = mailing.asleep
    return max(0, pending - asleep.number) if asleep and now < asleep.until else pending
