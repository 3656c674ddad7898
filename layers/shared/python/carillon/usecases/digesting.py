"""Look at the mailings, the counters, the gateway and the queues, and make a day's digest of it.

However many mailings there are, the reads are bounded: pages of the newest mailings, the day's
minutes of those that may have worked on it, and the counts of those that are shown. What is left
out for that is said in the digest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from carillon.errors import QueuesUnavailable
from carillon.models.digest import Day, Moves
from carillon.models.mailing import Mailing
from carillon.models.queues import QueueLengths
from carillon.models.statistics import ErrorCount
from carillon.policy.digest import (
    SHOWN_MAX,
    Digest,
    GatewayNote,
    Worked,
    ended_on,
    is_coming,
    is_under_way,
    may_have_worked,
)
from carillon.ports import Clock, DayStatistics, Mailings, QueueGauge
from carillon.usecases.gateway import GatewayReport

PAGE = 100
MAILINGS_MAX = 5_000
"""Newest mailings that are looked at: 50 queries, some 5 MB, $0.0001."""

COUNTED_MAX = 300
"""Mailings whose minutes of the day are read, the newest of those that may have worked: two reads
each, some six seconds in all."""

ERRORS_MAX = 8
"""Kinds of errors that are told; beyond these they are rare."""


@dataclass(frozen=True, slots=True)
class Digesting:
    """Makes digests."""

    mailings: Mailings
    statistics: DayStatistics
    gateway: GatewayReport
    queues: QueueGauge
    clock: Clock

    def digest(self, day: Day) -> Digest:
        """Of that day; what is coming up, and all states, are those of now."""
        now = self.clock.now()
        seen, all_seen = self._newest()
        candidates = [each for each in seen if may_have_worked(each, day)]
        worked, errors = self._worked(candidates[:COUNTED_MAX], day)
        running = sorted(filter(is_under_way, seen), key=lambda each: (each.ends_at, each.id))
        coming = [each for each in seen if is_coming(each, now)]
        coming.sort(key=lambda each: (each.starts_at, each.id))
        counts = self.statistics.counts([each.id for each in running[:SHOWN_MAX]])
        return Digest(
            day=day,
            made_at=now,
            moves=_all_moves(worked),
            worked=worked[:SHOWN_MAX],
            worked_total=len(worked),
            not_counted=max(0, len(candidates) - COUNTED_MAX),
            errors=errors,
            running=[(each, counts[each.id]) for each in running[:SHOWN_MAX]],
            running_total=len(running),
            coming=coming[:SHOWN_MAX],
            coming_total=len(coming),
            all_seen=all_seen,
            gateway=self._gateway_note(),
            queues=self._queue_lengths(),
        )

    def _newest(self) -> tuple[list[Mailing], bool]:
        """Those created last, newest first, and whether that is all there are."""
        seen: list[Mailing] = []
        cursor: str | None = None
        while len(seen) < MAILINGS_MAX:
            page = self.mailings.page(status=None, limit=PAGE, cursor=cursor)
            seen += page.items
            cursor = page.cursor
            if cursor is None:
                break
        return seen, cursor is None

    def _worked(
        self, candidates: Sequence[Mailing], day: Day
    ) -> tuple[list[Worked], list[ErrorCount]]:
        """Those that did something then, most messages first, and the errors of all of them."""
        worked: list[Worked] = []
        errors: Counter[str] = Counter()
        for mailing in candidates:
            found = self.statistics.between(mailing.id, begin=day.begins_at, end=day.ends_at)
            moves = Moves.within(found.timeline)
            if moves != Moves() or ended_on(mailing, day):
                worked.append(Worked(mailing=mailing, counts=found.counts, moves=moves))
                errors.update({each.error: each.messages for each in found.errors})
        worked.sort(key=lambda each: (-each.moves.ended, each.mailing.starts_at, each.mailing.id))
        most = sorted(errors.items(), key=lambda each: (-each[1], each[0]))[:ERRORS_MAX]
        return worked, [ErrorCount(error=error, messages=number) for error, number in most]

    def _gateway_note(self) -> GatewayNote:
        state = self.gateway.look()
        conducts = [conduct for _, conduct in state.minutes]
        return GatewayNote(
            health=state.health,
            calls=sum(each.calls for each in conducts),
            retried=sum(each.retried for each in conducts),
            refused=sum(each.refused for each in conducts),
            last_error=state.trouble.error if state.trouble else None,
        )

    def _queue_lengths(self) -> QueueLengths | None:
        """A digest without them is better than none."""
        try:
            return self.queues.read()
        except QueuesUnavailable:
            return None


def _all_moves(worked: Sequence[Worked]) -> Moves:
    moves = Moves()
    for each in worked:
        moves = moves.plus(each.moves)
    return moves
