"""How an import looks to a caller."""

from typing import Any, Final, Literal, Self

from pydantic import Field

from carillon.models import imports
from carillon.models.imports import ImportFailure, ImportStatus
from carillon.models.instant import Instant
from carillon.ports import UploadTicket
from functions.api.views import View


class ImportUpload(View):
    """Where to send the file, with exactly these headers and without a token."""

    method: Literal["PUT"]
    url: str
    headers: dict[str, str]


class RefusedLine(View):
    """A line that was not taken, and why."""

    line: int = Field(description="as an editor counts: the header is line 1", examples=[3])
    message: str = Field(examples=["the phone is missing"])


class Import(View):
    """An import: where it is, and what became of the rows so far."""

    id: str
    status: ImportStatus
    created_at: Instant
    updated_at: Instant
    finished_at: Instant | None
    upload: ImportUpload | None = Field(description="only while the file is awaited")
    upload_until: Instant = Field(description="the upload must begin before")
    bytes: int | None = Field(description="of the file; null until it was looked at")
    bytes_done: int
    rows: int = Field(description="`created`, `updated` and `rejected` together")
    created: int = Field(description="rows that made a client")
    updated: int = Field(description="rows whose phone was known, also if nothing changed")
    rejected: int = Field(description="rows that were not taken")
    errors: list[RefusedLine] = Field(description="the first 100 rows that were not taken")
    reason: ImportFailure | None = Field(description="why it failed")
    reason_detail: str | None = Field(description="the same as a sentence")

    @classmethod
    def of(cls, model: imports.Import, ticket: UploadTicket | None) -> Self:
        """The view of an import, and of the way to upload its file while there is one."""
        upload = None
        if ticket is not None:
            upload = ImportUpload(method="PUT", url=ticket.url, headers=dict(ticket.headers))
        return cls(
            id=model.id,
            status=model.status,
            created_at=model.created_at,
            updated_at=model.updated_at,
            finished_at=model.finished_at,
            upload=upload,
            upload_until=model.upload_until,
            bytes=model.size,
            bytes_done=model.position.offset,
            rows=model.rows,
            created=model.created,
            updated=model.updated,
            rejected=model.rejected,
            errors=[RefusedLine(line=each.line, message=each.message) for each in model.errors],
            reason=model.reason,
            reason_detail=model.reason_detail,
        )


EXAMPLE: Final[dict[str, Any]] = {
    "id": "q5zt3m7kwb2xdh6c",
    "status": "running",
    "created_at": "2030-11-21T08:00:00.000Z",
    "updated_at": "2030-11-21T08:00:09.000Z",
    "finished_at": None,
    "upload": None,
    "upload_until": "2030-11-21T09:00:00.000Z",
    "bytes": 90123,
    "bytes_done": 45000,
    "rows": 1000,
    "created": 900,
    "updated": 99,
    "rejected": 1,
    "errors": [{"line": 3, "message": "the phone is missing"}],
    "reason": None,
    "reason_detail": None,
}
"""Of an import."""
