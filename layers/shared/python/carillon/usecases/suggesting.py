"""Suggest the tags and operator codes that there are, so that nobody has to know them by heart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carillon.models.mailing import Filter
from carillon.ports import CensusTaker, Clock

BUDGET_S = 3.0
"""They come up while somebody types; whatever was seen by then will do."""

LIFETIME = timedelta(minutes=1)
"""Each look costs a read of the directory, and new labels are rare."""

VALUES_MAX = 1_000
"""Of each kind: more than anybody scrolls through, and no more than 100 KB."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value and how many clients have it."""

    value: str
    clients: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Those most clients have come first; unless `exact`, there may be more values and clients."""

    tags: Sequence[Suggestion]
    operator_codes: Sequence[Suggestion]
    exact: bool


@dataclass(slots=True)
class Suggesting:
    """Remembers what it saw for a minute, as long as the process lives."""

    census: CensusTaker
    clock: Clock
    _seen: tuple[datetime, Suggestions] | None = field(default=None, init=False)

    def suggest(self) -> Suggestions:
        """At most `LIFETIME` old; an empty directory, which costs nothing, is not remembered."""
        now = self.clock.now()
        if self._seen is not None and timedelta(0) <= now - self._seen[0] < LIFETIME:
            return self._seen[1]
        found = self._look()
        self._seen = (now, found) if found.operator_codes else None
        return found

    def _look(self) -> Suggestions:
        census = self.census.count(Filter(), by=["tags", "operator_code"], budget_s=BUDGET_S)
        tags, codes = census.by["tags"], census.by["operator_code"]
        return Suggestions(
            tags=_most_frequent(tags),
            operator_codes=_most_frequent(codes),
            exact=census.exact and max(len(tags), len(codes)) <= VALUES_MAX,
        )


def _most_frequent(counts: Mapping[str, int]) -> list[Suggestion]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Suggestion(value, clients) for value, clients in ordered[:VALUES_MAX]]
