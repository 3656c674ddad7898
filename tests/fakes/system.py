"""Fakes of the clock, of chance and of an invocation's time."""

import random
import string
from datetime import UTC, datetime, timedelta

from carillon.models.instant import to_milliseconds

SOME_MOMENT = datetime(2026, 11, 21, 10, tzinfo=UTC)
SOMEBODY = "7l1q8ub3vd9k2m4n"
"""The `sub` of a token."""
SOME_REQUEST = "JKJaXmPLvHcESHA="
"""The id by which a fake caller's requests are known."""
_LETTERS = string.ascii_lowercase + "234567"


class FakeClock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = SOME_MOMENT) -> None:
        self._now = to_milliseconds(now)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = to_milliseconds(now)

    def advance(self, seconds: float) -> None:
        self.set(self._now + timedelta(seconds=seconds))


class SeededChance:
    """The same seed gives the same ids and fractions."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def new_id(self) -> str:
        return "".join(self._random.choices(_LETTERS, k=16))

    def fraction(self) -> float:
        return self._random.random()


class FakeCaller:
    """Always the same person."""

    def __init__(self, subject: str = SOMEBODY, *, request_id: str = SOME_REQUEST) -> None:
        self._subject = subject
        self._request_id = request_id

    def subject(self) -> str:
        return self._subject

    def request_id(self) -> str:
        return self._request_id


class FakeBudget:
    """Time that runs by the fake clock until `ends_at`."""

    def __init__(self, clock: FakeClock, *, seconds: float = 900.0) -> None:
        self._clock = clock
        self.ends_at = clock.now() + timedelta(seconds=seconds)

    def left_s(self) -> float:
        return (self.ends_at - self._clock.now()).total_seconds()
