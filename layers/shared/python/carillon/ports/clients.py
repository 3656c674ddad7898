"""The clients: as the API sees them, and as fan-out and sender do."""

from collections.abc import Collection, Mapping
from typing import Protocol

from carillon.models.client import Client, Recipient
from carillon.models.mailing import Filter
from carillon.ports.creations import Creation
from carillon.ports.pages import Page


class Directory(Protocol):
    """The clients, as the API sees them."""

    def get(self, client_id: str) -> Client | None:
        """Consistent."""
        ...

    def get_by_phone(self, phone: str) -> Client | None:
        """Consistent."""
        ...

    def add(self, client: Client, creation: Creation | None) -> None:
        """One transaction: client, phone and key. `PhoneTaken`; `LostRace` when the key exists."""
        ...

    def replace(self, old: Client, new: Client) -> None:
        """If still at `old.version`, else `LostRace`. `PhoneTaken` when the number is another's."""
        ...

    def remove(self, client: Client) -> None:
        """If still at `client.version`, else `LostRace`; frees the phone in the same step."""
        ...

    def page(
        self, *, operator_code: str | None, tag: str | None, limit: int, cursor: str | None
    ) -> Page[Client]:
        """In no particular order; eventually consistent; reads at most `limit` items."""
        ...


class Audience(Protocol):
    """The clients, as fan-out and sender see them."""

    def scan(
        self, chosen: Filter, *, number: int, total: int, after: str | None, limit: int
    ) -> Page[Recipient]:
        """A page of segment `number` of `total`: those who match among `limit` clients read.

        Consistent, so that a client added just before the start is not missed.
        """
        ...

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Recipient]:
        """Those that exist, by id."""
        ...
