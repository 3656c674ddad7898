"""The external gateway over HTTP: calls side by side, each with one outcome, in time.

The contract: `POST {base}/send/{id}` with `{"id": int, "phone": int, "text": str}` and a bearer
token; success is HTTP 200 with `{"code": 0, "message": "OK"}`. What an outcome means for the
message is not decided here but in `policy.answers`.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from queue import Empty, SimpleQueue

from carillon.adapters.curl_slot import Answer, Ended, Request
from carillon.adapters.transfers import Transfers
from carillon.errors import Unavailable
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall, Reply
from carillon.policy.excerpt import READ_MAX, excerpt
from carillon.policy.retry import may_begin
from carillon.ports import Clock

GATHER_S = 0.1
"""How long the first answer of a group waits for others, so that they are written down together: a
write of 25 takes hardly longer than one of a single answer. A sender that dies meanwhile leaves
these attempts unconfirmed, as it does those whose answers are still under way."""

_HEADERS = ("Accept: application/json", "Content-Type: application/json", "User-Agent: carillon")


@dataclass(frozen=True, slots=True)
class GatewayCalls:
    """Port `Calls`, of the gateway at `base_url`.

    `token` may raise `Unavailable`; then nobody is called. The first answer of a group waits
    `gather_s` seconds for others.
    """

    base_url: str
    token: Callable[[], str]
    transfers: Transfers
    clock: Clock
    gather_s: float = GATHER_S

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call within its times; yields (index, outcome) in groups as they end."""
        try:
            token = self.token()
        except Unavailable as error:
            outcome = NoReply("not_called", False, str(error), 0.0)
            yield [(index, outcome) for index in range(len(calls))]
            return
        headers = (*_HEADERS, f"Authorization: Bearer {token}")
        ended: SimpleQueue[Future[Ended]] = SimpleQueue()
        running: dict[Future[Ended], int] = {}
        for index, planned in enumerate(calls):
            wait = planned.not_before - self.clock.now()
            begin = partial(self._request, planned, headers)
            future = self.transfers.submit(begin, after_s=wait.total_seconds())
            running[future] = index
            future.add_done_callback(ended.put)
        while running:
            group = _gathered(ended, at_most=len(running), within_s=self.gather_s)
            indices = [running.pop(future) for future in group]
            yield [
                (index, self._outcome(future.result(), calls[index].call, token))
                for index, future in zip(indices, group, strict=True)
            ]

    def _request(self, planned: PlannedCall, headers: Sequence[str]) -> Request | NoReply:
        now, call = self.clock.now(), planned.call
        if not may_begin(planned, now):
            return NoReply("not_called", False, "no time left", 0.0)
        body = {"id": call.gateway_id, "phone": int(call.phone), "text": call.text}
        return Request(
            url=f"{self.base_url.rstrip('/')}/send/{call.gateway_id}",
            headers=headers,
            body=json.dumps(body).encode(),
            within_s=(planned.until - now).total_seconds(),
        )

    def _outcome(self, ended: Ended, call: GatewayCall, token: str) -> GatewayOutcome:
        if isinstance(ended, NoReply):
            return ended
        code = _code(ended.body)
        # The contract's success says no more than its code, and most answers are that.
        told = b"" if (ended.status, code) == (200, 0) else ended.body
        return Reply(
            status=ended.status,
            code=code,
            retry_after_s=_retry_after_s(ended, self.clock.now()),
            excerpt=_excerpt(told, sent=(call.phone, call.text, token)) if told else "",
            duration_s=ended.duration_s,
        )


def _gathered(
    ended: SimpleQueue[Future[Ended]], *, at_most: int, within_s: float
) -> list[Future[Ended]]:
    """The next that ends, however late, and those that end soon after it."""
    group = [ended.get()]
    until = time.monotonic() + within_s
    while len(group) < at_most:
        try:
            group.append(ended.get(timeout=max(until - time.monotonic(), 0)))
        except Empty:
            break
    return group


def _code(body: bytes) -> int | None:
    """The integer `code` of a JSON object; None for whatever else the gateway may say."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if type(code) is int else None


def _retry_after_s(answer: Answer, now: datetime) -> float | None:
    """Seconds from now, whether told as seconds or as a date; None when absent or garbage."""
    value = answer.header("Retry-After")
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
