"""One call to the external gateway and what came of it, before anybody judges it.

The adapter reports here what it saw; `policy.answers` alone decides what that means.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Cause = Literal["dns", "connect", "tls", "timeout", "broken", "too_large", "not_called"]
"""Why no answer arrived: the name was not found, no connection, no trusted TLS, the call's time
was over, the connection broke or spoke no HTTP, the answer was too large, or nobody called."""


@dataclass(frozen=True, slots=True)
class GatewayCall:
    """What the gateway is asked to deliver; `gateway_id` is the same on every attempt."""

    gateway_id: int
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call and its times.

    It begins at `not_before` or as soon as it can after that, but not at or after `begin_by`, and
    is ended at `until`, however far it came.
    """

    call: GatewayCall
    not_before: datetime
    begin_by: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer arrived.

    `code` is the integer of that name in the body's JSON object, None when there is none (`true`
    is no integer). `excerpt` is the body's first 200 characters on one line, digits masked and
    without what was sent, fit for a log (`policy.excerpt`); empty for HTTP 200 with code 0, which
    says it all.
    """

    status: int
    code: int | None
    retry_after_s: float | None
    excerpt: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class NoReply:
    """No whole answer arrived.

    `handed_over` is False only when surely no byte of the request reached the gateway. `detail`
    names the failure for a log and holds nothing of what was sent or answered.
    """

    cause: Cause
    handed_over: bool
    detail: str
    duration_s: float


GatewayOutcome = Reply | NoReply
