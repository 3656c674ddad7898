"""The clock, randomness and time limits of the machine that we run on."""

import base64
import random
import secrets
from datetime import UTC, datetime
from typing import Protocol

from carillon.models.instant import to_milliseconds

_ID_BYTES = 10
"""80 bits: among a billion ids two are alike with a chance of 1 in two million."""


class SystemClock:
    """The port `Clock`."""

    def now(self) -> datetime:
        """Aware UTC, whole milliseconds like every stored instant."""
        return to_milliseconds(datetime.now(UTC))


class SystemChance:
    """The port `Chance`."""

    def new_id(self) -> str:
        """16 lower-case letters and digits 2 to 7, from the operating system's generator.

        A Lambda may be started from a snapshot; a generator seeded in our own memory would then
        give two functions the same ids.
        """
        return base64.b32encode(secrets.token_bytes(_ID_BYTES)).decode("ascii").lower()

    def fraction(self) -> float:
        """Uniform in [0, 1); for delays, which nobody wants to guess and which may be alike."""
        return random.random()  # noqa: S311


class InvocationContext(Protocol):
    """What we use of the context object that Lambda passes to a handler."""

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda ends the invocation."""
        ...


class LambdaBudget:
    """The port `Budget` of one invocation."""

    def __init__(self, context: InvocationContext) -> None:
        self._context = context

    def left_s(self) -> float:
        """Seconds until Lambda ends the invocation."""
        return self._context.get_remaining_time_in_millis() / 1000
