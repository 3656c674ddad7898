"""A fake of `StatisticsTable`."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from carillon.errors import LostRace
from carillon.models.statistics import (
    Counts,
    Increments,
    Minute,
    Statistics,
    Tally,
    errors_in,
    is_of_errors,
)

INCREMENTS_MAX = 99


class FakeStatistics:
    """`positions` by shard, `totals` by (mailing, recount), `everything` overall, `minutes` by
    (mailing, minute)."""

    def __init__(self) -> None:
        self.positions: dict[str, str] = {}
        self.totals: dict[tuple[str, int], Counter[str]] = {}
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
        for owner, moves in increments.counts.items():
            self.totals.setdefault(owner, Counter()).update(moves)
            self.everything.update(_of_all(moves))
        for key, moves in increments.minutes.items():
            self.minutes.setdefault(key, Counter()).update(moves)

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        return {each: self.counts_of(each) for each in mailing_ids}

    def counts_of(self, mailing_id: str) -> Counts:
        return _counts(self._total(mailing_id))

    def read(self, mailing_id: str) -> Statistics:
        total = self._total(mailing_id)
        timeline = (
            Minute(minute=minute, **moves)
            for (owner, minute), moves in sorted(self.minutes.items())
            if owner == mailing_id
        )
        return Statistics(
            counts=_counts(total),
            attempts=total["attempts"],
            timeline=tuple(timeline),
            errors=errors_in(total),
        )

    def tally(self, mailing_id: str, *, recount: int) -> tuple[Tally, Tally]:
        own = self.totals.get((mailing_id, recount), Counter())
        older = self._total(mailing_id)
        older.subtract(own)
        return _tally(own), _tally(older)

    def drop_before(self, mailing_id: str, *, recount: int) -> None:
        for key in [key for key in self.totals if key[0] == mailing_id and key[1] < recount]:
            self.everything.subtract(_of_all(self.totals.pop(key)))

    def overall(self) -> Counts:
        return _counts(self.everything)

    def overall_tally(self) -> Tally:
        return _tally(self.everything)

    def between(self, mailing_id: str, *, begin: datetime, end: datetime) -> Statistics:
        whole = self.read(mailing_id)
        timeline = tuple(each for each in whole.timeline if begin <= each.minute < end)
        return whole.model_copy(update={"timeline": timeline})

    def remove(self, mailing_id: str) -> None:
        self.totals = {key: moves for key, moves in self.totals.items() if key[0] != mailing_id}
        self.minutes = {key: moves for key, moves in self.minutes.items() if key[0] != mailing_id}

    def _total(self, mailing_id: str) -> Counter[str]:
        total: Counter[str] = Counter()
        for key, moves in self.totals.items():
            if key[0] == mailing_id:
                total.update(moves)
        return total


def _of_all(moves: Mapping[str, int]) -> dict[str, int]:
    return {name: by for name, by in moves.items() if not is_of_errors(name)}


def _tally(moves: Counter[str]) -> Tally:
    return Tally(**{name: moves[name] for name in Tally.model_fields})


def _counts(moves: Counter[str]) -> Counts:
    return Counts(**{name: moves[name] for name in Counts.model_fields})
