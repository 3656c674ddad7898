"""An import: a file with clients, how far it has been read, and what came of its lines."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self
from urllib.parse import unquote_plus

from pydantic import TypeAdapter

from carillon.models.base import Id, Model
from carillon.models.instant import Instant

UPLOAD_TIME = timedelta(hours=1)
"""How long an upload may begin; API contract."""

LIFETIME = timedelta(days=30)
"""How long an import is remembered: long enough to look up what came of last month's files. It
holds counts and line numbers, and no phone."""

ERRORS_MAX = 100
"""Refused lines that an import tells of itself; API contract. All of them are in its CSV."""

KEY_PREFIX = "imports/"
_KEY_SUFFIX = ".csv"


class ImportStatus(StrEnum):
    """Where an import is."""

    AWAITING_UPLOAD = "awaiting_upload"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ImportFailure(StrEnum):
    """Why a whole file came to nothing, or stopped on the way."""

    NOT_UPLOADED = "not_uploaded"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NO_HEADER = "no_header"
    UPLOAD_LOST = "upload_lost"


class Refusal(Model):
    """A line that was not taken, and why, in words that hold none of it."""

    line: int
    message: str


class Layout(Model):
    """How a file is laid out, by its header."""

    separator: Literal[",", ";", "\t"]
    columns: tuple[str, ...]


class Position(Model):
    """A place in a file; `line` is the number of the physical line that begins there.

    `skipping`: it is inside of a line that was refused for its length, whose rest is passed over.
    """

    offset: int = 0
    line: int = 1
    skipping: bool = False


class Import(Model):
    """An import as stored; each write makes the next `rev`."""

    id: Id
    status: ImportStatus = ImportStatus.AWAITING_UPLOAD
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None = None
    size: int | None = None
    """Bytes of the file."""
    etag: str | None = None
    """Of the very upload that is read."""
    layout: Layout | None = None
    position: Position = Position()
    created: int = 0
    updated: int = 0
    rejected: int = 0
    errors: tuple[Refusal, ...] = ()
    rejected_pages: int = 0
    """Pages of refused lines that were kept, numbered from 0."""
    reason: ImportFailure | None = None
    reason_detail: str | None = None
    rev: int = 0

    @classmethod
    def new(cls, import_id: str, at: datetime) -> Self:
        """One whose file is still to come."""
        return cls(id=import_id, created_at=at, updated_at=at)

    @property
    def upload_until(self) -> datetime:
        """An upload may begin until then."""
        return self.created_at + UPLOAD_TIME

    @property
    def expires_at(self) -> datetime:
        """Forgotten some time after that."""
        return self.created_at + LIFETIME

    @property
    def rows(self) -> int:
        """Rows so far, whatever became of them."""
        return self.created + self.updated + self.rejected

    def begun(self, *, size: int, etag: str, layout: Layout, position: Position) -> Self:
        """The file is there and its header was understood."""
        return self.model_copy(
            update={
                "status": ImportStatus.RUNNING,
                "size": size,
                "etag": etag,
                "layout": layout,
                "position": position,
            }
        )

    def failed(self, reason: ImportFailure, detail: str, at: datetime) -> Self:
        """It ends here; what was imported stays."""
        return self.model_copy(
            update={
                "status": ImportStatus.FAILED,
                "reason": reason,
                "reason_detail": detail,
                "finished_at": at,
            }
        )

    def next(self, at: datetime) -> Self:
        """As it is written over the one before."""
        return self.model_copy(update={"rev": self.rev + 1, "updated_at": at})

    def seen(self, now: datetime) -> Self:
        """As it is shown: without a file an hour later, it failed.

        That is not written down, because a slow upload that began in time still runs.
        """
        if self.status is not ImportStatus.AWAITING_UPLOAD or now < self.upload_until:
            return self
        detail = "no file was uploaded within the hour; begin another import"
        return self.failed(ImportFailure.NOT_UPLOADED, detail, self.upload_until)


class RunImport(Model):
    """What the import queue carries of ours: go on with an import from its checkpoint."""

    kind: Literal["import"] = "import"
    import_id: Id


class ToImport(Model):
    """A record of the import queue, read: imports to begin or to go on with; may be none."""

    import_ids: tuple[Id, ...]


_IDS: TypeAdapter[tuple[Id, ...]] = TypeAdapter(tuple[Id, ...])


def upload_key(import_id: str) -> str:
    """Where the file of an import lies in the bucket."""
    return f"{KEY_PREFIX}{import_id}{_KEY_SUFFIX}"


def parse_import_record(body: str) -> ToImport:
    """Read a queue body; `pydantic.ValidationError` (a ValueError) when it is none of ours.

    It is a `RunImport`, or S3's own: an event for each new object, whose key is percent-encoded,
    or the test that S3 sends when it is told of the queue.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, Mapping):
        if value.get("Event") == "s3:TestEvent":
            return ToImport(import_ids=())
        if "Records" in value:
            return ToImport(import_ids=_IDS.validate_python(_ids_of(value), strict=False))
    return ToImport(import_ids=(RunImport.model_validate_json(body).import_id,))


def _ids_of(event: Mapping[str, Any]) -> list[str | None]:
    """The import of each object; None for what lies elsewhere."""
    records = event["Records"]
    return [_id_of(each) for each in records] if isinstance(records, list) else [None]


def _id_of(record: Any) -> str | None:
    try:
        key = unquote_plus(record["s3"]["object"]["key"])
    except (TypeError, KeyError, IndexError, AttributeError):
        return None
    import_id = key.removeprefix(KEY_PREFIX).removesuffix(_KEY_SUFFIX)
    return import_id if key == upload_key(import_id) else None
