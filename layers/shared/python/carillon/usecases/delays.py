"""How long a queue may hold a record back, and how long it should."""

import math
from datetime import datetime, timedelta

QUEUE_DELAY_MAX_S = 900
"""SQS delays a record by 15 minutes at most (SendMessage, DelaySeconds)."""

QUEUE_DELAY_MAX = timedelta(seconds=QUEUE_DELAY_MAX_S)

LOOK_AGAIN_S = 2
"""A message that somebody else moved under our hands, or that we came too late for, is looked at
again after so long."""

COME_AGAIN_S = 5
"""A record that could not be handled is seen again after so long, twice as long the next time."""


def queue_delay_s(at: datetime, now: datetime) -> int:
    """Whole seconds until `at`, rounded up so as not to come early, within what SQS allows."""
    return max(0, min(QUEUE_DELAY_MAX_S, math.ceil((at - now).total_seconds())))


def come_again_s(receives: int) -> int:
    """How long a record rests whose handling failed, after it was received so often."""
    return int(min(QUEUE_DELAY_MAX_S, COME_AGAIN_S * 2 ** (receives - 1)))
