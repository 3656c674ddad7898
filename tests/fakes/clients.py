"""A fake of `Directory` and `Audience`."""

import re
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping

from carillon.errors import LostRace, Malformed, PhoneTaken
from carillon.models.client import Client, Recipient
from carillon.models.mailing import Filter
from carillon.ports import Creation, Page
from tests.fakes.creations import FakeCreations
from tests.fakes.samples import recipient_of
from tests.fakes.storing import stored

OnChange = Callable[[Client | None, Client | None], None]
_CURSOR = re.compile(r"[0-9A-Za-z_]{1,64}")


def _nobody_looks(old: Client | None, new: Client | None) -> None:
    """The real table has no stream; a simulation looks all the same."""


class FakeClients:
    """`by_id` holds the clients, `on_change(old, new)` tells of changes. A scan's order is that of
    their ids."""

    def __init__(self, creations: FakeCreations, on_change: OnChange = _nobody_looks) -> None:
        self._creations = creations
        self._on_change = on_change
        self.by_id: dict[str, Client] = {}

    def get(self, client_id: str) -> Client | None:
        return self.by_id.get(client_id)

    def get_by_phone(self, phone: str) -> Client | None:
        return next((client for client in self.by_id.values() if client.phone == phone), None)

    def add(self, client: Client, creation: Creation | None) -> None:
        present = self.by_id.get(client.id)
        if present:
            if present.created_at == stored(client).created_at:
                return
            raise LostRace(client.id)
        self._creations.create(
            creation, object_id=client.id, at=client.created_at, write=lambda: self._put(client)
        )

    def replace(self, old: Client, new: Client) -> None:
        present = self.by_id.get(old.id)
        if present == stored(new):
            return
        if present is None or present.version != old.version:
            raise LostRace(old.id)
        self._put(new)

    def remove(self, client: Client) -> None:
        present = self.by_id.get(client.id)
        if present and present.version != client.version:
            raise LostRace(client.id)
        if self.by_id.pop(client.id, None):
            self._on_change(present, None)

    def page(
        self, *, operator_code: str | None, tag: str | None, limit: int, cursor: str | None
    ) -> Page[Client]:
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise Malformed("the cursor is not one of this list")

        def matches(client: Client) -> bool:
            return operator_code in (None, client.operator_code) and (
                tag is None or tag in client.tags
            )

        return _page(self.by_id.values(), matches, after=cursor, limit=limit)

    def scan(
        self, chosen: Filter, *, number: int, total: int, after: str | None, limit: int
    ) -> Page[Recipient]:
        segment = [c for c in self.by_id.values() if zlib.crc32(c.id.encode()) % total == number]
        page = _page(segment, chosen.matches, after=after, limit=limit)
        return Page([recipient_of(each) for each in page.items], page.cursor)

    def get_many(
        self,
        client_ids: Collection[str],
        *,
        consistent: bool = False,  # noqa: ARG002 - a fake is always consistent
    ) -> Mapping[str, Recipient]:
        found = {each: self.by_id[each] for each in client_ids if each in self.by_id}
        return {client_id: recipient_of(client) for client_id, client in found.items()}

    def _put(self, client: Client) -> None:
        owner = self.get_by_phone(client.phone)
        if owner and owner.id != client.id:
            raise PhoneTaken(client.id)
        old, new = self.by_id.get(client.id), stored(client)
        self.by_id[client.id] = new
        self._on_change(old, new)


def _page(
    clients: Iterable[Client],
    matches: Callable[[Client], bool],
    *,
    after: str | None,
    limit: int,
) -> Page[Client]:
    rest = sorted((c for c in clients if c.id > (after or "")), key=lambda c: c.id)
    read = rest[:limit]
    cursor = read[-1].id if len(read) == limit else None
    return Page([client for client in read if matches(client)], cursor)
