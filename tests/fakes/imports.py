"""Fakes of the ports of imports."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from carillon.errors import LostRace
from carillon.models.imports import Import, RunImport
from carillon.ports import Addition, ClientChange, Clock, Creation, Known, Upload, UploadTicket
from tests.fakes.clients import FakeClients
from tests.fakes.creations import FakeCreations
from tests.fakes.queues import DEFER_MAX_S, Visible, after, take
from tests.fakes.storing import stored


class FakeImports:
    """`by_id` holds the imports."""

    def __init__(self, creations: FakeCreations) -> None:
        self._creations = creations
        self.by_id: dict[str, Import] = {}

    def get(self, import_id: str) -> Import | None:
        return self.by_id.get(import_id)

    def add(self, new: Import, creation: Creation | None) -> None:
        if new.id in self.by_id:
            if self.by_id[new.id] == stored(new):
                return
            raise LostRace(new.id)
        self._creations.create(
            creation, object_id=new.id, at=new.created_at, write=lambda: self._put(new)
        )

    def replace(self, old: Import, new: Import) -> None:
        present = self.by_id.get(old.id)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.id)
        self._put(new)

    def _put(self, new: Import) -> None:
        self.by_id[new.id] = stored(new)


class FakeImportedClients:
    """The clients of a `FakeClients`; `marks` holds (client, mark) by phone, as the table does."""

    def __init__(self, clients: FakeClients, imports: FakeImports) -> None:
        self._clients = clients
        self._imports = imports
        self.marks: dict[str, tuple[str, str]] = {}

    def find(self, phones: Collection[str]) -> Mapping[str, Known]:
        assert len(set(phones)) == len(phones) <= 100, "no key may be named twice"
        by_phone = {client.phone: client for client in self._clients.by_id.values()}
        return {
            phone: Known(by_phone[phone], self._mark(phone, by_phone[phone].id))
            for phone in phones
            if phone in by_phone
        }

    def write(self, at: Import, changes: Sequence[ClientChange]) -> bool:
        assert sum(2 if isinstance(each, Addition) else 1 for each in changes) < 100
        present = self._imports.get(at.id)
        if present is None or present.rev != at.rev:
            raise LostRace(at.id)
        phones = {client.phone for client in self._clients.by_id.values()}
        for change in changes:
            if isinstance(change, Addition):
                if change.client.phone in phones or change.client.id in self._clients.by_id:
                    return False
                continue
            old = self._clients.by_id.get(change.old.id)
            if old is None or old.version != change.old.version:
                return False
        for change in changes:
            new = change.client if isinstance(change, Addition) else change.new
            self._clients.by_id[new.id] = stored(new)
            if isinstance(change, Addition):
                self.marks[new.phone] = (new.id, change.mark)
        return True

    def _mark(self, phone: str, client_id: str) -> str | None:
        whose, mark = self.marks.get(phone, (None, None))
        return mark if whose == client_id else None


class FakeUploads:
    """`files` holds what was uploaded, by import."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def ticket(self, import_id: str, *, expires_s: int) -> UploadTicket:
        url = f"https://uploads.example.com/imports/{import_id}.csv?X-Amz-Expires={expires_s}"
        return UploadTicket("PUT", url, {"Content-Type": "text/csv", "If-None-Match": "*"})

    def find(self, import_id: str) -> Upload | None:
        content = self.files.get(import_id)
        return None if content is None else Upload(len(content), _etag(content))

    def read(self, import_id: str, etag: str, *, offset: int, length: int) -> bytes | None:
        content = self.files.get(import_id)
        if content is None or _etag(content) != etag:
            return None
        assert 0 < length <= len(content) - offset, "S3 refuses a range that is not there"
        return content[offset : offset + length]


class FakeRefusedLines:
    """`pages` holds the texts by import and number."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, int], str] = {}

    def keep(self, import_id: str, page: int, text: str) -> None:
        self.pages[import_id, page] = text

    def read(self, import_id: str, page: int) -> str | None:
        return self.pages.get((import_id, page))


class FakeImportQueue:
    """`queued` holds what was sent, in order; `deferred` the delay by receipt."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.queued: list[Visible[RunImport]] = []
        self.deferred: dict[str, int] = {}

    def send(self, commands: Sequence[RunImport], *, delay_s: int = 0) -> None:
        at = after(self._clock, delay_s)
        self.queued += [Visible(at, command) for command in commands]

    def defer(self, receipt: str, *, delay_s: int) -> None:
        self.deferred[receipt] = min(max(delay_s, 0), DEFER_MAX_S)

    def take(self, most: int) -> list[RunImport]:
        """Remove and return up to `most` of what can be received now, in order."""
        return take(self.queued, self._clock.now(), most)


def _etag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'
