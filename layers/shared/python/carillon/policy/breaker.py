"""When a sender leaves a gateway in trouble alone, and how it finds out that the trouble is over.

Each answer either says that the gateway itself is in trouble (the column of that name in
`policy.answers`) or shows it at work. When nearly all of the last ones are of the first kind, the
breaker opens: nothing is called for a pause, then exactly one message is let through as a probe.
Any answer that shows the gateway at work closes it; the probe's failure makes the next pause
longer.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WINDOW = 100
"""So many of the last answers are looked at: one batch, whose calls are made side by side. Those
that time out end together, last of all, and are weighed against the quick ones before them."""

FAILURES_TO_OPEN = 20
"""Of fewer no share is taken: the first calls of a new sender may all have bad luck. One batch to a
gateway that is down is enough."""

SHARE_TO_OPEN = 0.9
"""Of the last answers. A gateway that serves one call in five is of more use called than spared:
each message that it did not serve waits by itself, longer each time."""

PAUSE_MIN_S = 5.0
PAUSE_MAX_S = 30.0
"""The first pause, and the longest: a gateway that is back is noticed within half a minute."""

JITTER = 0.5
"""A pause is cut by up to this share of it, so that senders do not probe in step."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Calls are made; `met_trouble` says of each of the last answers which kind it was."""

    met_trouble: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """No calls are made but one: from `probe_at` on, the next message is the `probe`."""

    pause_s: float
    probe_at: datetime
    probe: Hashable | None = None


Breaker = Closed | Open


def let_through(
    breaker: Breaker, first: Hashable, *, now: datetime, jitter: float
) -> tuple[Breaker, bool]:
    """Whether `first`, the first of those that wait, is let through an open breaker as its probe.

    Should its answer never come, because its claim was lost or the sender was stopped, the next
    probe is let through after another pause.
    """
    if isinstance(breaker, Closed) or now < breaker.probe_at:
        return breaker, False
    probe_at = now + _pause(breaker.pause_s, jitter)
    return replace(breaker, probe=first, probe_at=probe_at), True


def after_answer(
    breaker: Breaker, about: Hashable, *, trouble: bool, now: datetime, jitter: float
) -> Breaker:
    """The breaker after an answer to the call for `about`; `jitter` is uniform in [0, 1).

    While it is open, failures of calls that had begun before say nothing new.
    """
    match breaker:
        case Closed(met_trouble):
            last = (*met_trouble, trouble)[-WINDOW:]
            if not _is_too_much(sum(last), answers=len(last)):
                return Closed(last)
            return Open(PAUSE_MIN_S, now + _pause(PAUSE_MIN_S, jitter))
        case Open() if not trouble:
            return Closed()
        case Open(pause_s, _, probe) if probe == about:
            longer_s = min(PAUSE_MAX_S, pause_s * 2)
            return Open(longer_s, now + _pause(longer_s, jitter))
        case Open():
            return breaker


def _is_too_much(failures: int, *, answers: int) -> bool:
    return failures >= FAILURES_TO_OPEN and failures >= SHARE_TO_OPEN * answers


def _pause(pause_s: float, jitter: float) -> timedelta:
    return timedelta(seconds=pause_s * (1 - JITTER * jitter))
