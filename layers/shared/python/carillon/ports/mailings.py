"""The mailings, and the work that lies beside them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.ports.creations import Creation
from carillon.ports.pages import Page

W = TypeVar("W", Slice, Wave, Recount)


class Mailings(Protocol):
    """Mailings with their slices and waves."""

    def get(self, mailing_id: str, *, consistent: bool = True) -> Mailing | None:
        """None when it never was or is purged; a deleted one is still there."""
        ...

    def add(self, mailing: Mailing, creation: Creation | None) -> None:
        """One transaction with the key; `LostRace` when either exists."""
        ...

    def replace(self, old: Mailing, new: Mailing) -> None:
        """If still at `old.rev`, else `LostRace`."""
        ...

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        """Newest first; deleted ones are left out."""
        ...

    def begin(self, old: Mailing, new: Mailing, work: Sequence[Slice | Recount]) -> None:
        """One transaction: `new` if still at `old.rev`, and the work that it begins. `LostRace`."""
        ...

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        """Consistent."""
        ...

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        """All of a mailing; consistent."""
        ...

    def recount(self, mailing_id: str, number: int) -> Recount | None:
        """Consistent."""
        ...

    def checkpoint(self, old: W, new: W) -> None:
        """How far a piece of work has come, if still at `old.rev`, else `LostRace`."""
        ...

    def wave(self, mailing_id: str, opens_at: datetime) -> Wave | None:
        """Consistent."""
        ...

    def add_wave(self, wave: Wave) -> None:
        """Note it; one that is there stays, with whatever was done of it."""
        ...

    def remove_wave(self, wave: Wave) -> None:
        """It was rung for."""
        ...

    def due(self, until: datetime) -> Iterable[DueItem]:
        """What is due at or before `until`, earliest first; eventually consistent."""
        ...

    def remove(self, mailing: Mailing) -> None:
        """Slices, waves, recounts and last the mailing itself."""
        ...


class Openings(Protocol):
    """When local hours open for messages that wait."""

    def openings(
        self,
        mailing_id: str,
        *,
        after: datetime,
        before: datetime,
        limit: int,
        cursor: str | None,
    ) -> Page[datetime]:
        """Between the two, earliest first; consistent; reads at most `limit` waves."""
        ...
