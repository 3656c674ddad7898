"""How quickly a mailing's messages are dealt with, and how long the rest will take.

From the minutes of its timeline, as the admin page reckons it, so that it is known as soon as
somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cli.times import parse_api

MINUTE_S = 60.0
WINDOW = timedelta(minutes=3)
"""Long enough to be calm, short enough to follow a gateway that has become slow."""

SEEN_MIN_S = 10.0
"""Of less time than that nothing can be said."""

DEALT_WITH = ("sent", "failed", "unknown", "expired")


def per_minute(timeline: Sequence[Any], now: datetime) -> float | None:
    """Messages that came to an end per minute lately; None when it is too early to say."""
    since = now - WINDOW - timedelta(minutes=0.5)
    recent = [each for each in timeline if parse_api(each["minute"]) > since]
    busy = [each for each in recent if _dealt_with(each)]
    if not busy:
        return 0.0
    seen_s = (now - parse_api(busy[0]["minute"])).total_seconds()
    if seen_s < SEEN_MIN_S:
        return None
    return sum(map(_dealt_with, recent)) * MINUTE_S / seen_s


def seconds_left(pending: int, rate: float | None) -> float | None:
    """How long the pending ones will take; None when nobody can know."""
    return None if not rate or not pending else pending / rate * MINUTE_S


def _dealt_with(minute: Any) -> int:
    return sum(int(minute[each]) for each in DEALT_WITH)
