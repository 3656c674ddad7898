"""The queues, and what goes into one of them at a set time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from carillon.models.commands import Command, Doorbell


class Doorbells(Protocol):
    """The message queue."""

    def ring(self, doorbells: Sequence[tuple[Doorbell, int]]) -> None:
        """Ask the sender to look at each message after so many seconds, at most 15 minutes."""
        ...

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...

    def waiting(self) -> int:
        """Records in the queue, delayed and in flight ones included; about a minute behind."""
        ...


class Commands(Protocol):
    """The fan-out queue."""

    def send(self, commands: Sequence[Command], *, delay_s: int = 0) -> None:
        """Have these worked, at most 15 minutes from now."""
        ...

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...


class Schedules(Protocol):
    """EventBridge Scheduler."""

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        """Once; a name that exists is success."""
        ...

    def delete(self, name: str) -> None:
        """A name that does not exist is success."""
        ...
