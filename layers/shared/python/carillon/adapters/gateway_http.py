"""The external gateway over HTTP: one call, one outcome, in time.

The contract: `POST {base}/send/{id}` with `{"id": int, "phone": int, "text": str}` and a bearer
token; success is HTTP 200 with `{"code": 0, "message": "OK"}`. What an outcome means for the
message is not decided here but in `policy.answers`.
"""

import json
import logging
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

from requests import PreparedRequest
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from carillon.adapters.deadline import Call, LookUp, Names, Phase, system_look_up
from carillon.adapters.deadline_http import DeadlineTransport
from carillon.adapters.system import SystemClock
from carillon.errors import Unavailable
from carillon.models.gateway import Cause, GatewayCall, GatewayOutcome, NoReply, Reply
from carillon.policy.excerpt import READ_MAX, excerpt
from carillon.ports import Clock

ANSWER_MAX_BYTES = 65_536
"""The contract's answer has some 30 bytes; whoever sends more than this is not our gateway."""

IDLE_MAX_S = 4.0
"""A kept connection that rested longer is not used again. Servers close theirs after 5 s (Node,
uvicorn, Hypercorn) to 75 s (nginx), and a request written into that moment has an unknown fate."""

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "carillon",
}

_CLOCK = SystemClock()

_CAUSES: dict[Phase, Cause] = {
    Phase.NOT_BEGUN: "connect",
    Phase.LOOKING_UP: "dns",
    Phase.CONNECTING: "connect",
    Phase.SECURING: "tls",
    Phase.READY: "connect",
    Phase.HANDED_OVER: "broken",
}


class HttpGateway:
    """Port `Gateway`, for many threads, over connections that are kept alive."""

    def __init__(
        self,
        base_url: str,
        token: Callable[[], str],
        *,
        connections: int,
        clock: Clock = _CLOCK,
        ca_file: str | None = None,
        look_up: LookUp = system_look_up,
        idle_max_s: float = IDLE_MAX_S,
    ) -> None:
        """Keep up to `connections` open, best one per thread.

        `token` may raise `Unavailable`; then nobody is called. The clock only reads `Retry-After`
        dates. Certificates are verified against `ca_file`, by default certifi's authorities.
        """
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._clock = clock
        self._names = Names(look_up)
        self._idle_max_s = idle_max_s
        self._transport = DeadlineTransport(connections=connections, ca_file=ca_file)
        # Its warnings quote header lines of the answer, which may repeat what was sent.
        logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

    def send(self, call: GatewayCall, *, budget_s: float) -> GatewayOutcome:
        """Call once. Returns within `budget_s` seconds, from now and all in all; never raises."""
        progress = Call(budget_s, names=self._names, idle_max_s=self._idle_max_s)
        try:
            with progress.in_charge():
                return self._exchange(call, progress)
        except Unavailable as error:
            return NoReply("not_called", False, str(error), progress.spent_s())
        except (RequestException, HTTPError, OSError, ValueError) as error:
            return _no_reply(progress, error)

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def _exchange(self, call: GatewayCall, progress: Call) -> GatewayOutcome:
        token = self._token()
        answer = self._transport.open(
            "POST",
            f"{self._base.path_url}{call.gateway_id}",
            of=self._base,
            headers={**_HEADERS, "Authorization": f"Bearer {token}"},
            body=json.dumps(
                {"id": call.gateway_id, "phone": int(call.phone), "text": call.text}
            ).encode(),
        )
        with closing(answer):
            if answer.status < 200:
                # A hint that more is to come, which http.client takes for the answer. Were the
                # connection kept, that answer would be taken for the next message's.
                return NoReply("broken", True, "an interim answer", progress.spent_s())
            body = answer.read(ANSWER_MAX_BYTES + 1)
        if len(body) > ANSWER_MAX_BYTES:
            detail = f"HTTP {answer.status} with over {ANSWER_MAX_BYTES} bytes"
            return NoReply("too_large", True, detail, progress.spent_s())
        code = _code(body)
        # The contract's success says no more than its code, and most answers are that.
        told = b"" if (answer.status, code) == (200, 0) else body
        return Reply(
            status=answer.status,
            code=code,
            retry_after_s=_retry_after_s(answer, self._clock.now()),
            excerpt=_excerpt(told, sent=(call.phone, call.text, token)) if told else "",
            duration_s=progress.spent_s(),
        )

    @cached_property
    def _base(self) -> PreparedRequest:
        """Where all calls go, read once; ValueError when that is no address.

        Its path alone is used, never a password that the URL may have.
        """
        base = PreparedRequest()
        base.prepare_url(f"{self._base_url}/send/", None)
        return base


def _no_reply(progress: Call, error: Exception) -> NoReply:
    """Tell from how far the call came why it failed, and from the error's root what to log."""
    root: BaseException = error
    while root.__cause__ or root.__context__:
        root = root.__cause__ or root.__context__ or root
    # Only the kinds of errors: their texts may hold what was sent or answered.
    detail = type(root).__name__
    if isinstance(root, OSError) and root.strerror:
        detail = f"{detail}: {root.strerror}"
    cause = _CAUSES[progress.phase]
    if progress.timed_out:
        cause = "not_called" if progress.phase is Phase.NOT_BEGUN else "timeout"
    return NoReply(
        cause=cause,
        handed_over=progress.phase is Phase.HANDED_OVER,
        detail=detail,
        duration_s=progress.spent_s(),
    )


def _code(body: bytes) -> int | None:
    """The integer `code` of a JSON object; None for whatever else the gateway may say."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if type(code) is int else None


def _retry_after_s(answer: BaseHTTPResponse, now: datetime) -> float | None:
    """Seconds from now, whether told as seconds or as a date; None when absent or garbage."""
    value = answer.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # RFC 5322 reads the zone -0000 as "UTC, of a sender who does not tell where"; Python: naive.
    wait_s = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return wait_s if wait_s >= 0 else None


def _excerpt(body: bytes, *, sent: tuple[str, ...]) -> str:
    # A character takes four bytes at most. One that is cut in two is shown as what cannot be read.
    return excerpt(body[: 4 * READ_MAX].decode("utf-8", "replace"), sent=sent)
