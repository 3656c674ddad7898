"""The directory as a whole: how many clients have what."""

from collections.abc import Collection
from typing import Protocol

from carillon.models.census import Census, Trait
from carillon.models.mailing import Filter


class CensusTaker(Protocol):
    """Counts clients without telling who they are."""

    def count(self, chosen: Filter, *, by: Collection[Trait], budget_s: float) -> Census:
        """Those who match; eventually consistent, about `budget_s` at most.

        Time that is up makes the census inexact, and so does trouble on the way. Something is
        looked at in any case, or it is `Unavailable`.
        """
        ...
