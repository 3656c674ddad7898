"""What an import needs of the world beside the ports of all: its state, its files, the clients.

As for those, every method may raise `errors.Unavailable`, and doing it again is harmless.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from carillon.models.client import Client
from carillon.models.imports import Import, RunImport
from carillon.ports.creations import Creation


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """How to upload one file: anybody who has it may, until it is over."""

    method: str
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is there; `etag` tells it from another under the same key."""

    size: int
    etag: str


@dataclass(frozen=True, slots=True)
class Known:
    """A client found by phone, and the mark that an import left with the phone."""

    client: Client
    mark: str | None


@dataclass(frozen=True, slots=True)
class Addition:
    """A new client; the mark stays with the phone."""

    client: Client
    mark: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A change of a client that keeps its phone."""

    old: Client
    new: Client


ClientChange: TypeAlias = Addition | Replacement


class Imports(Protocol):
    """The imports."""

    def get(self, import_id: str) -> Import | None:
        """Consistent."""
        ...

    def add(self, new: Import, creation: Creation | None) -> None:
        """One transaction with the key; `LostRace` when either exists."""
        ...

    def replace(self, old: Import, new: Import) -> None:
        """If still at `old.rev`, else `LostRace`."""
        ...


class ImportedClients(Protocol):
    """The clients, as an import sees them."""

    def find(self, phones: Collection[str]) -> Mapping[str, Known]:
        """Those that exist, by phone; consistent. One whose phone just changes may be missing."""
        ...

    def write(self, at: Import, changes: Sequence[ClientChange]) -> bool:
        """All or nothing, and only while the import is still at `at.rev`, else `LostRace`.

        At most `CHANGES_ACTIONS_MAX` actions: two for an addition, one for a replacement. False
        when some client or phone is no longer as it was read.
        """
        ...


class Uploads(Protocol):
    """The uploaded files."""

    def ticket(self, import_id: str, *, expires_s: int) -> UploadTicket:
        """To upload the file of an import within so many seconds; asks nobody."""
        ...

    def find(self, import_id: str) -> Upload | None:
        """None when it is not there, or no longer."""
        ...

    def read(self, import_id: str, etag: str, *, offset: int, length: int) -> bytes | None:
        """These bytes of this very upload; None when it is gone or another took its place."""
        ...


class RefusedLines(Protocol):
    """Pages of refused lines, as CSV without a header, kept as long as the upload itself."""

    def keep(self, import_id: str, page: int, text: str) -> None:
        """Write the page, or write it again."""
        ...

    def read(self, import_id: str, page: int) -> str | None:
        """None when it is no longer kept."""
        ...


class ImportQueue(Protocol):
    """The import queue."""

    def send(self, commands: Sequence[RunImport], *, delay_s: int = 0) -> None:
        """Have these imports gone on with, at most 15 minutes from now."""
        ...

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...


CHANGES_ACTIONS_MAX = 99
"""What is left of a transaction's 100 actions beside the look at the import's `rev`."""
