"""How the gateway conducted itself in some calls: their ends, and how long they took."""

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

EDGES_MS = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
"""A call is counted under the first of these that it did not take longer than, or under none:
no call may take longer than 30 s."""

SLOWEST_DIGITS = 2
"""Of the slowest call so many digits are kept, rounded up: it is never said to be quicker, and in a
minute there are few different ones."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call was not accepted, and when that was."""

    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BreakerNote:
    """A sender's breaker opened, or stays open, `until` its next probe; None when it closed."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Conduct:
    """Some calls, by how they ended, and `took[n]` of them by the bucket of their time.

    `retried` are those that are not known to be accepted and not refused for good.
    """

    accepted: int = 0
    refused: int = 0
    retried: int = 0
    took: Mapping[int, int] = field(default_factory=dict)
    slowest_ms: int = 0
    trouble: Trouble | None = None
    breaker: BreakerNote | None = None

    @property
    def calls(self) -> int:
        """All of them."""
        return self.accepted + self.refused + self.retried

    def plus(self, other: Self) -> Self:
        """Both together; what can only be one is the other's, if it has it."""
        buckets = {*self.took, *other.took}
        return type(self)(
            accepted=self.accepted + other.accepted,
            refused=self.refused + other.refused,
            retried=self.retried + other.retried,
            took={each: self.took.get(each, 0) + other.took.get(each, 0) for each in buckets},
            slowest_ms=max(self.slowest_ms, other.slowest_ms),
            trouble=other.trouble or self.trouble,
            breaker=other.breaker or self.breaker,
        )


def bucket_of(duration_s: float) -> int:
    """The bucket of a call: the place in `EDGES_MS`, or the one behind the last."""
    return bisect_left(EDGES_MS, duration_s * 1000)


def rounded_up_ms(duration_s: float) -> int:
    """Whole milliseconds with two digits that count, never less than it took."""
    whole_ms = math.ceil(duration_s * 1000)
    unit = int(10 ** max(0, len(str(whole_ms)) - SLOWEST_DIGITS))
    return -(-whole_ms // unit) * unit
