"""Fakes of the two queues: what was sent, with the earliest time at which it may be received."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from carillon.models.commands import Command, Doorbell, TrialBell
from carillon.ports import Clock

DELAY_MAX_S = 900
DEFER_MAX_S = 12 * 3600 - 900

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visible(Generic[T]):
    """A queued value and from when on it can be received."""

    at: datetime
    value: T


class FakeDoorbells:
    """`queued` holds what was rung, in order; `deferred` the delay by receipt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.queued: list[Visible[Doorbell]] = []
        self.deferred: dict[str, int] = {}

    def ring(self, doorbells: Sequence[tuple[Doorbell, int]]) -> None:
        for doorbell, delay_s in doorbells:
            self.queued.append(Visible(after(self._clock, delay_s), doorbell))

    def defer(self, receipt: str, *, delay_s: int) -> None:
        self.deferred[receipt] = min(max(delay_s, 0), DEFER_MAX_S)

    def waiting(self) -> int:
        return len(self.queued)

    def take(self, most: int) -> list[Doorbell]:
        """Remove and return up to `most` of what can be received now, in order."""
        return take(self.queued, self._clock.now(), most)


class FakeTrialBells:
    """`queued` holds what was rung, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.queued: list[Visible[TrialBell]] = []

    def ring(self, bells: Sequence[tuple[TrialBell, int]]) -> None:
        for bell, delay_s in bells:
            self.queued.append(Visible(after(self._clock, delay_s), bell))


class FakeCommands:
    """`queued` holds what was sent, in order; `deferred` the delay by receipt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.queued: list[Visible[Command]] = []
        self.deferred: dict[str, int] = {}

    def send(self, commands: Sequence[Command], *, delay_s: int = 0) -> None:
        at = after(self._clock, delay_s)
        self.queued += [Visible(at, command) for command in commands]

    def defer(self, receipt: str, *, delay_s: int) -> None:
        self.deferred[receipt] = min(max(delay_s, 0), DEFER_MAX_S)

    def take(self, most: int) -> list[Command]:
        """Remove and return up to `most` of what can be received now, in order."""
        return take(self.queued, self._clock.now(), most)


def after(clock: Clock, delay_s: int) -> datetime:
    """When a record can be received that is held back so long."""
    return clock.now() + timedelta(seconds=min(max(delay_s, 0), DELAY_MAX_S))


def take(queued: list[Visible[T]], now: datetime, most: int) -> list[T]:
    """Remove and return up to `most` of what can be received now, in order."""
    ready = [each for each in queued if each.at <= now][:most]
    for each in ready:
        queued.remove(each)
    return [each.value for each in ready]
