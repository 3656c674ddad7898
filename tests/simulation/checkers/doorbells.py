"""Promise 3, judged by the message queue: lost doorbells are missed, though others are there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from pydantic import ValidationError

from carillon.models.commands import Doorbell
from tests.simulation.checkers.evidence import Evidence, Key
from tests.simulation.checkers.sendable import Span, queued, sendable

MISSED_WITHIN = timedelta(minutes=10)
"""A lease of five minutes may hold when all is calm, or a rest after a search; then two ticks find
the queue too short, and everything due is rung for."""

CLEARLY_FEWER = 0.9
"""The queue may hold so much less than it should before anybody notices."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)

Step = tuple[datetime, int, int]
"""From that moment on: so many messages more should have a doorbell, so many records more are in
the queue."""


def lost_doorbells_are_missed(seen: Evidence) -> Iterator[str]:
    """In calm, the queue never holds clearly fewer doorbells for long than messages need.

    What it holds besides may hide as many that are lost. How many there should be is known from
    the counters, so that nothing can be asked of them where somebody spoilt these.
    """
    world = seen.world
    spoilt = any(each.name == "pending" for each in world.history.corruptions)
    if world.calm_from is None or spoilt:
        return
    steps = [*_needed(seen, world.calm_from)]
    steps += [(at, 0, by) for at, _, by in world.doorbells.changes]
    needed, there, short_since = 0, 0, FOREVER
    for moment, together in groupby(sorted(steps), key=lambda step: step[0]):
        if moment - short_since > MISSED_WITHIN:
            yield f"{needed} need a doorbell from {short_since} to {moment}, there are {there}"
        for _, more_needed, more_there in together:
            needed, there = needed + more_needed, there + more_there
        is_short = there < CLEARLY_FEWER * needed
        short_since = min(short_since, moment) if is_short else FOREVER


def _needed(seen: Evidence, since: datetime) -> Iterator[Step]:
    """Messages that have a doorbell and need it, and those that could be sent and have none."""
    changes: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    for at, body, by in seen.world.doorbells.changes:
        try:
            bell = Doorbell.model_validate_json(body)
        except ValidationError:
            continue
        changes[bell.key].append((at, by))
    for key, events in seen.by_message.items():
        if events[-1].at < since:
            continue
        same = len(seen.by_client[key[1]]) == 1
        could_be_sent = sendable(seen, key, since, untried_wait_for_hours=same)
        rung, silent = _rung_and_silent(changes[key])
        for begins, ends in (
            *_both(queued(seen, key, since), rung),
            *_both(could_be_sent, silent),
        ):
            yield begins, +1, 0
            yield ends, -1, 0


def _rung_and_silent(changes: Iterable[tuple[datetime, int]]) -> tuple[list[Span], list[Span]]:
    """The times in which a message had a doorbell, and those in which it had none."""
    spans: tuple[list[Span], list[Span]] = ([], [])
    number, since = 0, ALWAYS
    for at, by in changes:
        if number == 0 or number + by == 0:
            spans[number == 0].append((since, at))
            since = at
        number += by
    spans[number == 0].append((since, FOREVER))
    return spans


def _both(some: Iterable[Span], others: Sequence[Span]) -> Iterator[Span]:
    for begins, ends in some:
        for other_begins, other_ends in others:
            both = max(begins, other_begins), min(ends, other_ends)
            if both[0] < both[1]:
                yield both
