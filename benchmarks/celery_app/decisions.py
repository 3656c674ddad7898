"""What is decided before and after a call, without a table or a gateway at hand."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Literal

Status = Literal["pending", "sent", "failed", "expired", "cancelled"]

FOR_GOOD = frozenset({400, 422})
"""What a gateway answers that will never take this message."""


def before(*, mailing: str, ends_at: datetime, now: datetime) -> Status | None:
    """The status in which a message ends without a call; None when it is to be called for.

    `mailing` is the mailing's status.
    """
    if mailing == "cancelled":
        return "cancelled"
    return "expired" if now >= ends_at or mailing != "running" else None


def after(answer: int | None, body: bytes) -> Status:
    """The message's status after an answer with this HTTP status; None: there was no answer."""
    if answer is not None and 200 <= answer < 300 and _code(body) == 0:
        return "sent"
    return "failed" if answer in FOR_GOOD else "pending"


def may_retry(*, wait_s: float, ends_at: datetime, now: datetime) -> bool:
    """Whether a call after this wait would still be in time."""
    return now + timedelta(seconds=wait_s) < ends_at


def _code(body: bytes) -> int | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if type(code) is int else None
