"""Tables: what they can do at a moment, and how that grows under load.

A table is made of partitions of 1,000 write units each. A mailing's messages lie under 16 partition
keys, and where a key lies is a matter of its hash: some partitions get several of them, and the one
that gets the most is full first. So a table of 4,000 units does not give one mailing 4,000.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, factorial
from typing import Final

_TYPICAL: Final = 0.5
"""The median: half of all mailings find a more even spread, half a less even one."""

_AT_LIMIT: Final = 0.98
"""From this share of its limit on a partition counts as busy without a break."""


@lru_cache(maxsize=1_000)
def keys_on_hottest(keys: int, partitions: int) -> int:
    """How many of `keys` the fullest of so many partitions holds, typically.

    Each key lands anywhere with the same chance. The chance that none holds more than m is
    n! / p^n times the coefficient of x^n in (1 + x + ... + x^m/m!)^p.
    """
    for most in range(ceil(keys / partitions), keys + 1):
        if _chance_of_at_most(most, keys, partitions) >= _TYPICAL:
            return most
    return keys


def _chance_of_at_most(most: int, keys: int, partitions: int) -> float:
    power = [1.0 / factorial(k) / partitions**k if k <= most else 0.0 for k in range(keys + 1)]
    product = [1.0, *[0.0] * keys]
    left = partitions
    while left:
        if left % 2:
            product = _times(product, power)
        power = _times(power, power)
        left //= 2
    return product[keys] * factorial(keys)


def _times(one: list[float], other: list[float]) -> list[float]:
    """The product of two polynomials, up to the same power."""
    return [sum(one[k] * other[n - k] for k in range(n + 1)) for n in range(len(one))]


@dataclass(slots=True)
class Table:
    """One on-demand table during a mailing, which is all of its traffic.

    Args:
        units_per_s: what it can do at the start.
        most_per_s: the account's quota.
        partition_per_s: units of one partition.
        keys: under how many partition keys the traffic lies; None where it is spread evenly.
    """

    units_per_s: float
    most_per_s: float
    partition_per_s: float
    doubles_after_s: float
    splits_after_s: float
    keys: int | None = None
    _peak_per_s: float = 0.0
    _grown_at: float = 0.0
    _hot_for_s: float = 0.0
    _splits: int = 0

    @property
    def partitions(self) -> int:
        """Of which it is made by its size."""
        return max(1, ceil(self.units_per_s / self.partition_per_s))

    @property
    def hottest_share(self) -> float:
        """Of a mailing's traffic, what its fullest partition gets."""
        if self.keys is None:
            return 1 / self.partitions
        return keys_on_hottest(self.keys, self.partitions) / self.keys / 2.0**self._splits

    @property
    def mailing_per_s(self) -> float:
        """Units that one mailing gets before its fullest partition is full."""
        return self.partition_per_s / self.hottest_share

    def spend(self, units: float, *, at: float, seconds: float) -> None:
        """Take note of `units` that were used from `at` on for `seconds`."""
        per_s = units / seconds
        self._peak_per_s = max(self._peak_per_s, per_s)
        if per_s >= _AT_LIMIT * min(self.mailing_per_s, self.units_per_s):
            self._hot_for_s += seconds
        if self._hot_for_s >= self.splits_after_s:
            self._splits, self._hot_for_s = self._splits + 1, 0.0
        if at + seconds - self._grown_at >= self.doubles_after_s:
            self._grow(at + seconds)

    def _grow(self, at: float) -> None:
        before = self.hottest_share
        self.units_per_s = min(self.most_per_s, max(self.units_per_s, 2 * self._peak_per_s))
        self._grown_at, self._peak_per_s = at, 0.0
        # What was split stays split: a larger table is never worse spread than before.
        while self.hottest_share > before:
            self._splits += 1
