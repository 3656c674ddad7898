"""A fake of `Schedules`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.commands import Command
from carillon.ports import Clock

SOONEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A command and when it is to be sent."""

    at: datetime
    command: Command


class FakeSchedules:
    """`by_name` holds what has not fired yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_name: dict[str, Scheduled] = {}

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        at = max(at, self._clock.now() + SOONEST).replace(microsecond=0)
        self.by_name.setdefault(name, Scheduled(at, command))

    def delete(self, name: str) -> None:
        self.by_name.pop(name, None)

    def fire(self) -> list[Command]:
        """Remove and return what is due, earliest first, as Scheduler does after completion."""
        due = [(each.at, name) for name, each in self.by_name.items()]
        return [
            self.by_name.pop(name).command for at, name in sorted(due) if at <= self._clock.now()
        ]
