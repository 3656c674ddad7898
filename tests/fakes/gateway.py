"""Fakes of the calls of the gateway and of its token."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from carillon.policy.retry import LAST_CALL_BEFORE_END
from carillon.ports import Clock

Script = Callable[[GatewayCall], GatewayOutcome]

OK = Reply(status=200, code=0, retry_after_s=None, excerpt='{"code": }', duration_s=0.1)


class FakeCalls:
    """Answers as `script` says, one call after the other; `made` holds the calls that were made."""

    def __init__(self, clock: Clock, script: Script = lambda _: OK) -> None:
        self._clock = clock
        self.script = script
        self.made: list[GatewayCall] = []

    def make(
        self, calls: Sequence[tuple[GatewayCall, datetime]]
    ) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        for index, (call, until) in enumerate(calls):
            yield [(index, self._one(call, until))]

    def _one(self, call: GatewayCall, until: datetime) -> GatewayOutcome:
        if until - self._clock.now() < LAST_CALL_BEFORE_END:
            return NoReply(
                cause="not_called", handed_over=False, detail="no time left", duration_s=0.0
            )
        self.made.append(call)
        return self.script(call)


class FakeToken:
    """Counts how often it was asked to be read again."""

    def __init__(self) -> None:
        self.refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1
