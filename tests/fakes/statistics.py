"""A fake of `StatisticsTable`."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from carillon.errors import LostRace
from carillon.models.statistics import Counts, Increments, Minute, Statistics

INCREMENTS_MAX = 99


class FakeStatistics:
    """`positions` by shard, `totals` by mailing and overall, `minutes` by (mailing, minute)."""

    def __init__(self) -> None:
        self.positions: dict[str, str] = {}
        self.totals: dict[str, Counter[str]] = {}
        self.everything: Counter[str] = Counter()
        self.minutes: dict[tuple[str, datetime], Counter[str]] = {}

    def position(self, shard: str) -> str | None:
        return self.positions.get(shard)

    def count(self, shard: str, *, before: str | None, after: str, increments: Increments) -> None:
        if increments.items() > INCREMENTS_MAX:
            raise ValueError("more increments than one transaction takes")
        if self.positions.get(shard) == after:
            return
        if self.positions.get(shard) != before:
            raise LostRace(shard)
        self.positions[shard] = after
        for mailing_id, moves in increments.counts.items():
            self.totals.setdefault(mailing_id, Counter()).update(moves)
            self.everything.update(moves)
        for key, moves in increments.minutes.items():
            self.minutes.setdefault(key, Counter()).update(moves)

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        return {each: _counts(self.totals.get(each, Counter())) for each in mailing_ids}

    def read(self, mailing_id: str) -> Statistics:
        total = self.totals.get(mailing_id, Counter())
        timeline = (
            Minute(minute=minute, **moves)
            for (owner, minute), moves in sorted(self.minutes.items())
            if owner == mailing_id
        )
        return Statistics(
            counts=_counts(total), attempts=total["attempts"], timeline=tuple(timeline)
        )

    def overall(self) -> Counts:
        return _counts(self.everything)

    def remove(self, mailing_id: str) -> None:
        self.totals.pop(mailing_id, None)
        self.minutes = {key: moves for key, moves in self.minutes.items() if key[0] != mailing_id}


def _counts(moves: Counter[str]) -> Counts:
    return Counts(**{name: moves[name] for name in Counts.model_fields})
