"""How long a queue may hold a record back."""

import math
from datetime import datetime

QUEUE_DELAY_MAX_S = 900
"""SQS delays a record by 15 minutes at most (SendMessage, DelaySeconds)."""


def queue_delay_s(at: datetime, now: datetime) -> int:
    """Whole seconds until `at`, rounded up so as not to come early, within what SQS allows."""
    return max(0, min(QUEUE_DELAY_MAX_S, math.ceil((at - now).total_seconds())))
