"""One pace for all senders: which message may begin when, so that the gateway gets so many parts a
second and no more.

The generic cell rate algorithm in its form of virtual scheduling (ITU-T I.371, annex A): the shared
state is the instant at which the gateway is through with all that was given out, the theoretical
arrival time. A message begins when the parts before it are through, and moves that instant on by
its own parts. How many senders there are, and how fast their functions start, makes no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from carillon.models.pace import PaceState

HORIZON = timedelta(seconds=2)
"""Slots are given out for so long ahead and no longer. Facts on which a call rests are at most 2 s
old, and with this wait a pause still holds within 5 s. It is also the store of work that keeps the
gateway busy between two batches."""

BURST = timedelta(milliseconds=250)
"""An idle gateway saves up so much and no more. Gateways count by the second and refuse who sends
double: after a rest the first second has a quarter more than the others. Little is lost by it,
since under load slots are given out ahead of time."""

LATE_MAX = timedelta(seconds=1)
"""A call that misses its slot by as much is not begun: calls that are late together, because a
claim took long to write, would meet those whose slots come next."""

SLOWEST = 1 / 32
"""However often the gateway asks for less, this share of the full pace remains."""

HALVED_AT_MOST_EVERY = timedelta(seconds=1)
"""All calls under way are refused together; that is one wish to go slower, not a hundred."""

RECOVERY = timedelta(seconds=60)
"""After the last wish to go slower the pace rises evenly, and after so long it is the full one."""


@dataclass(frozen=True, slots=True)
class Slots:
    """When the first messages begin, and when the gateway is through with them.

    Where some messages got no slot, `free_at` is when the next one could begin.
    """

    begin_at: Sequence[datetime]
    free_at: datetime


def give_out(
    state: PaceState | None, parts: Sequence[int], *, parts_per_s: float, now: datetime
) -> Slots:
    """Slots for as many messages as begin within the horizon, in order; `parts` of each."""
    rate = parts_per_s * share(state, now)
    first = now - BURST if state is None else max(state.free_at, now - BURST)
    begin_at: list[datetime] = []
    given = 0
    for each in parts:
        at = first + timedelta(seconds=given / rate)
        if at > now + HORIZON:
            break
        begin_at.append(max(at, now))
        given += each
    return Slots(begin_at, free_at=first + timedelta(seconds=given / rate))


def taken(state: PaceState | None, slots: Slots, *, token: str) -> PaceState:
    """The state once these slots are given out."""
    if state is None:
        return PaceState(free_at=slots.free_at, token=token)
    return replace(state, free_at=slots.free_at, token=token)


def share(state: PaceState | None, now: datetime) -> float:
    """How much of the full pace is allowed: it rises evenly from where it was slowed to."""
    if state is None or state.slowed_at is None:
        return 1.0
    recovered = max(0.0, (now - state.slowed_at) / RECOVERY)
    return min(1.0, state.slowed_to + (1 - state.slowed_to) * recovered)


def slowed(state: PaceState | None, *, now: datetime, token: str) -> PaceState | None:
    """The state after the gateway asked for less; None when it was slowed only a moment ago."""
    if state is None:
        return PaceState(free_at=now, token=token, slowed_at=now, slowed_to=0.5)
    if state.slowed_at is not None and now - state.slowed_at < HALVED_AT_MOST_EVERY:
        return None
    slowed_to = max(SLOWEST, share(state, now) / 2)
    return replace(state, token=token, slowed_at=now, slowed_to=slowed_to)
