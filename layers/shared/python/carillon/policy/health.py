"""What is said of the gateway by its last minutes: pure, from what all senders wrote down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from carillon.models.conduct import EDGES_MS, Conduct, Trouble

Health = Literal["idle", "well", "troubled", "down"]

IDLE_AFTER = timedelta(minutes=5)
"""Without a call for so long nothing is known of it."""

JUDGED_MINUTES = 2
"""So many of the last minutes with calls are judged: a gateway that is back is soon well again."""

DOWN_FROM = 0.9
"""Share of calls that must be tried again: as many open a sender's breaker."""

TROUBLED_FROM = 0.1
"""Likewise, from which on a person may want to know."""

REFUSES_FROM = 0.5
"""Share of refusals for good: some numbers are always wrong, half of them point to a setting."""

MINUTE = timedelta(minutes=1)


def health(minutes: Mapping[datetime, Conduct], now: datetime) -> Health:
    """How the gateway does, by its calls of each minute."""
    recent = [each for each in sorted(minutes) if each + MINUTE > now - IDLE_AFTER]
    judged = [minutes[each] for each in recent if minutes[each].calls][-JUDGED_MINUTES:]
    if not judged:
        return "idle"
    calls = sum(each.calls for each in judged)
    failing = sum(each.retried for each in judged) / calls
    refusing = sum(each.refused for each in judged) / calls
    if failing >= DOWN_FROM or breaker_until(minutes, now) is not None:
        return "down"
    return "troubled" if failing >= TROUBLED_FROM or refusing >= REFUSES_FROM else "well"


def breaker_until(minutes: Mapping[datetime, Conduct], now: datetime) -> datetime | None:
    """When the breaker that was noted last lets a probe through; None when it is closed."""
    noted = [minutes[each].breaker for each in sorted(minutes)]
    last = next((each for each in reversed(noted) if each is not None), None)
    return last.until if last and last.until and last.until > now else None


def last_trouble(minutes: Mapping[datetime, Conduct]) -> Trouble | None:
    """The error that was noted last."""
    noted = [minutes[each].trouble for each in sorted(minutes)]
    return next((each for each in reversed(noted) if each is not None), None)


def percentile_ms(conduct: Conduct, share: float) -> int:
    """How long that share of the calls took at most, in milliseconds.

    Within its bucket a time is taken to lie as far as its rank does, between the bucket's edges: so
    it is off by less than the bucket is wide, and never more than the slowest call took.
    """
    rank, below = share * conduct.calls, 0
    for bucket in sorted(conduct.took):
        inside = conduct.took[bucket]
        if below + inside >= rank:
            lower = EDGES_MS[bucket - 1] if bucket else 0
            upper = EDGES_MS[bucket] if bucket < len(EDGES_MS) else conduct.slowest_ms
            upper = min(upper, conduct.slowest_ms)
            return round(lower + max(0, upper - lower) * (rank - below) / inside)
        below += inside
    return conduct.slowest_ms
