"""What surrounds every use case: the time, chance, who asks, how long there is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The wall clock of this machine."""

    def now(self) -> datetime:
        """Aware UTC, in whole milliseconds like every stored instant."""
        ...


class Chance(Protocol):
    """The only source of randomness."""

    def new_id(self) -> str:
        """A fresh id: 80 random bits, 16 lower-case letters and digits, no dash."""
        ...

    def fraction(self) -> float:
        """Uniform in [0, 1)."""
        ...


class Caller(Protocol):
    """Who asks for what is being done."""

    def subject(self) -> str:
        """The `sub` of the caller's verified token: a person's id, or a program's."""
        ...

    def request_id(self) -> str:
        """The id of the request by which they ask."""
        ...


class Budget(Protocol):
    """How long this invocation may still work."""

    def left_s(self) -> float:
        """Seconds until the invocation is killed."""
        ...
