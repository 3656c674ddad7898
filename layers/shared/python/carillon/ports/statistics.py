"""The counters."""

from collections.abc import Collection, Mapping
from typing import Protocol

from carillon.models.statistics import Counts, Increments, Statistics, Tally


class StatisticsTable(Protocol):
    """Counters of messages by mailing."""

    def position(self, shard: str) -> str | None:
        """The last sequence number counted of this stream shard; consistent."""
        ...

    def count(self, shard: str, *, before: str | None, after: str, increments: Increments) -> None:
        """One transaction: move the shard's position and add. `LostRace` if it moved meanwhile."""
        ...

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        """Zeros for a mailing that has none; consistent, or its last message would be missed."""
        ...

    def counts_of(self, mailing_id: str) -> Counts:
        """Of one mailing; consistent too, and the cheapest read that there is of them."""
        ...

    def read(self, mailing_id: str) -> Statistics:
        """Counts and the timeline of one mailing."""
        ...

    def tally(self, mailing_id: str, *, recount: int) -> tuple[Tally, Tally]:
        """(what the counters of that recount hold, what all earlier ones hold); consistent."""
        ...

    def drop_before(self, mailing_id: str, *, recount: int) -> None:
        """Forget what the counters of earlier recounts hold, here and in the overall counts."""
        ...

    def overall(self) -> Counts:
        """Of all mailings ever."""
        ...

    def overall_tally(self) -> Tally:
        """Of all mailings ever, with the calls of the gateway that were begun for them."""
        ...

    def remove(self, mailing_id: str) -> None:
        """Forget a purged mailing; the overall counts stay."""
        ...
