"""Medians with their spread, and percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The median of several runs, with the least and the greatest of them."""

    median: float
    least: float
    greatest: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Of at least one value."""
        return cls(median=median(values), least=min(values), greatest=max(values), runs=len(values))

    def as_json(self) -> dict[str, float]:
        """For the report."""
        return asdict(self)


def percentile(values: Sequence[float], percent: float) -> float:
    """The least value that so many percent of all values do not exceed (nearest rank)."""
    ranked = sorted(values)
    rank = -(-len(ranked) * percent // 100)
    return ranked[max(0, int(rank) - 1)]
