"""When a message is tried again: exponential backoff with full jitter, never past the end.

Full jitter spreads senders that failed together (AWS Architecture Blog, "Exponential Backoff And
Jitter"). The first ten attempts wait at most a minute, so a short outage delays nobody much; in a
long one the wait grows to five minutes, so that waiting costs next to nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.gateway import PlannedCall

BACKOFF_MIN_S = 5.0
BACKOFF_MAX_S = 60.0
LONG_OUTAGE_ATTEMPTS = 10
LONG_OUTAGE_BACKOFF_MAX_S = 300.0
WAIT_MAX_S = 900.0
"""The longest wait, also when `Retry-After` asks for more: SQS delays no record for longer."""
RETRY_AFTER_SPREAD = 1.25
"""Those who were told the same time come back spread over a quarter more of it."""
LAST_CALL_BEFORE_END = timedelta(seconds=0.5)
"""The last call begins this long before `ends_at`: room for two clocks that differ by as much."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Try again at this instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NoTimeLeft:
    """No attempt can begin before the end; the mailing's closing settles the message."""


def last_call_at(ends_at: datetime) -> datetime:
    """The instant from which no call may begin."""
    return ends_at - LAST_CALL_BEFORE_END


def may_begin(planned: PlannedCall, now: datetime) -> bool:
    """Whether a call may still begin: its facts hold, and time enough for an answer is left."""
    return now < planned.begin_by and planned.until - now >= LAST_CALL_BEFORE_END


def after_failure(
    *, attempts: int, now: datetime, ends_at: datetime, jitter: float, after_s: float | None
) -> RetryAt | NoTimeLeft:
    """Decide on the next attempt after the `attempts`-th one failed.

    `jitter` is uniform in [0, 1). `after_s` is the gateway's own wish (`Retry-After`), a floor.
    No wait is longer than 15 minutes, so that a queue's delay can always hold it.
    """
    most_s = BACKOFF_MAX_S if attempts <= LONG_OUTAGE_ATTEMPTS else LONG_OUTAGE_BACKOFF_MAX_S
    # 2**attempts is capped before it can overflow: 2**7 times the minimum is past both ceilings.
    ceiling_s = min(most_s, BACKOFF_MIN_S * 2 ** min(attempts, 7))
    floor_s = min(WAIT_MAX_S, max(BACKOFF_MIN_S, after_s or 0.0))
    left_s = (last_call_at(ends_at) - now).total_seconds()
    if floor_s >= left_s:
        return NoTimeLeft()
    ceiling_s = min(max(ceiling_s, floor_s * RETRY_AFTER_SPREAD), left_s, WAIT_MAX_S)
    return RetryAt(now + timedelta(seconds=floor_s + jitter * (ceiling_s - floor_s)))
