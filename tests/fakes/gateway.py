"""Fakes of the calls of the gateway, of its token, its pace and the record of its conduct."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from carillon.errors import LostRace
from carillon.models.conduct import Conduct
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall, Reply
from carillon.models.pace import PaceState
from carillon.policy.retry import may_begin
from carillon.ports import Clock

Script = Callable[[GatewayCall], GatewayOutcome]

OK = Reply(status=200, code=0, retry_after_s=None, excerpt='{"code": }', duration_s=0.1)


class FakeCalls:
    """Answers as `script` says, one call after the other, each as if its turn had come.

    `made` holds the calls that were made, `planned` all that were asked for. So many answers as
    `together` says come at once.
    """

    def __init__(self, clock: Clock, script: Script = lambda _: OK) -> None:
        self._clock = clock
        self.script = script
        self.together = 1
        self.made: list[GatewayCall] = []
        self.planned: list[PlannedCall] = []

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        self.planned += calls
        for first in range(0, len(calls), self.together):
            some = calls[first : first + self.together]
            yield [(first + number, self._one(each)) for number, each in enumerate(some)]

    def _one(self, planned: PlannedCall) -> GatewayOutcome:
        if not may_begin(planned, max(self._clock.now(), planned.not_before)):
            return NoReply(
                cause="not_called", handed_over=False, detail="no time left", duration_s=0.0
            )
        self.made.append(planned.call)
        return self.script(planned.call)


class FakeToken:
    """Counts how often it was asked to be read again."""

    def __init__(self) -> None:
        self.refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


class FakePace:
    """`state` is what all senders share."""

    def __init__(self) -> None:
        self.state: PaceState | None = None

    def read(self) -> PaceState | None:
        return self.state

    def replace(self, old: PaceState | None, new: PaceState) -> None:
        token = self.state.token if self.state else None
        if token == new.token:
            return
        if token != (old.token if old else None):
            raise LostRace("another sender took its slots at the same moment")
        self.state = new


class FakeJournal:
    """`by_minute` is what was written down."""

    def __init__(self) -> None:
        self.by_minute: dict[datetime, Conduct] = {}

    def note(self, minute: datetime, conduct: Conduct) -> None:
        self.by_minute[minute] = self.by_minute.get(minute, Conduct()).plus(conduct)

    def read(self, minutes: Collection[datetime]) -> Mapping[datetime, Conduct]:
        return {each: self.by_minute[each] for each in minutes if each in self.by_minute}
