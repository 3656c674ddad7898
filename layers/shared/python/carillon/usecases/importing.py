"""Work an import: read its file page by page, upsert the clients, keep what is refused.

Each page ends with a checkpoint, written only if nobody else wrote one meanwhile. Before it, in
this order: the clients, then the refused lines. A crash anywhere repeats the page from its
beginning: clients that are as the file wants them are not written again, what this import created
is told by its mark, and refused lines are written over themselves. So the account is exact.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from carillon.errors import LostRace
from carillon.models.imports import (
    ERRORS_MAX,
    Import,
    ImportFailure,
    ImportStatus,
    Layout,
    Position,
    Refusal,
    RunImport,
)
from carillon.policy.client_csv import HEAD_BYTES, RefusedRow, Row, Unusable, read_head, read_row
from carillon.policy.csv_records import CsvRecord, CsvScanner
from carillon.policy.csv_text import csv_line
from carillon.ports import Budget, Clock, ImportQueue, Imports, RefusedLines, Upload, Uploads
from carillon.usecases.passes import TimeLeft
from carillon.usecases.upserting import Upserting

FILE_BYTES_MAX = 512 * 1024 * 1024
"""Of an upload; API contract. Some ten million clients: more than any directory that is scanned."""

PAGE_ROWS = 500
PAGE_BYTES = 1024 * 1024
"""A page has so many rows or so many bytes, whichever is reached first. It is what is done again
after a crash, takes about a second, and must fit into an invocation even where AWS is ten times
slower; with its refused lines it fits into one answer of a Lambda function, 6 MB."""

PIECE_BYTES = 256 * 1024
"""Read from the file at a time; together with a record's longest it is all that is held of it."""

_TOO_LARGE = f"the file is larger than {FILE_BYTES_MAX // 1024**2} MB; cut it in two"
_EMPTY = Unusable(ImportFailure.NO_HEADER, "the file is empty")
_LOST = Unusable(
    ImportFailure.UPLOAD_LOST,
    "the file was replaced, or its day was over before it was read; begin another import",
)

_log = logging.getLogger(__name__)


class _UploadLost(Exception):
    """The file is no longer the one that the import began with."""


@dataclass(frozen=True, slots=True)
class Importing:
    """Works imports from their checkpoints; any number of times, by any number of workers."""

    imports: Imports
    uploads: Uploads
    refused: RefusedLines
    upserting: Upserting
    queue: ImportQueue
    clock: Clock
    page_rows: int = PAGE_ROWS

    def run(self, import_id: str, budget: Budget) -> None:
        """Go on until the file is done or the time is. Who is overtaken by another stops."""
        present = self.imports.get(import_id)
        if present is None:
            _log.warning("unknown import", extra={"import_id": import_id})
            return
        try:
            self._run(present, TimeLeft(budget))
        except LostRace:
            _log.info("another worker is ahead", extra={"import_id": import_id})

    def _run(self, present: Import, time: TimeLeft) -> None:
        if present.status is ImportStatus.AWAITING_UPLOAD:
            upload = self.uploads.find(present.id)
            if upload is None:
                return  # deleted after its event: its URL still holds, or its hour is over
            present = self._begin(present, upload)
        if present.status is not ImportStatus.RUNNING:
            return
        reader = _Reader(self.uploads, present, self.page_rows)
        while present.status is ImportStatus.RUNNING:
            present = self._page(present, reader)
            if present.status is ImportStatus.RUNNING and time.is_short():
                self.queue.send([RunImport(import_id=present.id)])
                _log.info("import goes on later", extra={"import_id": present.id})
                return

    def _begin(self, present: Import, upload: Upload) -> Import:
        present = present.model_copy(update={"size": upload.size, "etag": upload.etag})
        read = self._read_head(present.id, upload)
        if isinstance(read, Unusable):
            return self._fail(present, read)
        layout, position = read
        _log.info("import begins", extra={"import_id": present.id, "bytes": upload.size})
        return self._write(
            present,
            present.begun(size=upload.size, etag=upload.etag, layout=layout, position=position),
        )

    def _read_head(self, import_id: str, upload: Upload) -> tuple[Layout, Position] | Unusable:
        if upload.size > FILE_BYTES_MAX:
            return Unusable(ImportFailure.TOO_LARGE, _TOO_LARGE)
        if upload.size == 0:
            return _EMPTY
        length = min(HEAD_BYTES, upload.size)
        head = self.uploads.read(import_id, upload.etag, offset=0, length=length)
        if head is None:
            return _LOST
        return read_head(head, is_whole=length == upload.size)

    def _page(self, present: Import, reader: "_Reader") -> Import:
        try:
            records, is_last = reader.page()
        except _UploadLost:
            return self._fail(present, _LOST)
        read = [read_row(each, reader.layout) for each in records]
        rows = [each for each in read if isinstance(each, Row)]
        refused = [each for each in read if isinstance(each, RefusedRow)]
        created = self.upserting.upsert(present, rows)
        if refused:
            self.refused.keep(present.id, present.rejected_pages, _as_csv(refused))
        after = present.model_copy(
            update={
                "position": reader.position,
                "created": present.created + created,
                "updated": present.updated + len(rows) - created,
                "rejected": present.rejected + len(refused),
                "rejected_pages": present.rejected_pages + bool(refused),
                "errors": _with_more(present.errors, refused),
            }
        )
        _log.info("page imported", extra=_counts(after))
        if not is_last:
            return self._write(present, after)
        now = self.clock.now()
        done = after.model_copy(update={"status": ImportStatus.FINISHED, "finished_at": now})
        _log.info("import finished", extra=_counts(done))
        return self._write(present, done)

    def _fail(self, present: Import, why: Unusable) -> Import:
        _log.info("import failed", extra={"import_id": present.id, "reason": why.reason})
        return self._write(present, present.failed(why.reason, why.detail, self.clock.now()))

    def _write(self, present: Import, after: Import) -> Import:
        after = after.next(self.clock.now())
        self.imports.replace(present, after)
        return after


class _Reader:
    """The records of a running import's file, from its checkpoint on."""

    def __init__(self, uploads: Uploads, running: Import, page_rows: int) -> None:
        if running.layout is None or running.etag is None or running.size is None:
            raise ValueError(f"import {running.id} is running without a file")
        self.layout = running.layout
        self._uploads = uploads
        self._page_rows = page_rows
        self._id, self._etag, self._size = running.id, running.etag, running.size
        self._read_to = running.position.offset
        self._scanner = CsvScanner(running.position, running.layout.separator)

    @property
    def position(self) -> Position:
        """Behind what was handed out."""
        return self._scanner.position

    def page(self) -> tuple[list[CsvRecord], bool]:
        """The next records without the blank ones, and whether these were the last."""
        records: list[CsvRecord] = []
        until = self.position.offset + PAGE_BYTES
        while len(records) < self._page_rows and self.position.offset < until:
            record = self._scanner.next()
            if record is None:
                if self._read_to == self._size:
                    return records, True
                self._read_on()
            elif not record.is_blank:
                records.append(record)
        return records, False

    def _read_on(self) -> None:
        length = min(PIECE_BYTES, self._size - self._read_to)
        piece = self._uploads.read(self._id, self._etag, offset=self._read_to, length=length)
        if piece is None:
            raise _UploadLost
        self._read_to += length
        self._scanner.feed(piece, is_last=self._read_to == self._size)


def _counts(so_far: Import) -> dict[str, object]:
    return {
        "import_id": so_far.id,
        "clients_created": so_far.created,
        "clients_updated": so_far.updated,
        "rows_rejected": so_far.rejected,
    }


def _as_csv(refused: Sequence[RefusedRow]) -> str:
    return "".join(csv_line([*each.cells, str(each.line), each.message]) for each in refused)


def _with_more(told: tuple[Refusal, ...], refused: Sequence[RefusedRow]) -> tuple[Refusal, ...]:
    room = refused[: ERRORS_MAX - len(told)]
    return (*told, *(Refusal(line=each.line, message=each.message) for each in room))
