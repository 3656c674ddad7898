"""What an operator does with imports: begin one, look at it, get its refused lines back."""

import logging
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import learned
from carillon.errors import Malformed, NotFound
from carillon.models.imports import Import, ImportStatus
from carillon.models.instant import to_milliseconds
from carillon.policy.client_csv import REFUSED_COLUMNS
from carillon.policy.csv_text import csv_line
from carillon.ports import (
    Caller,
    Chance,
    Clock,
    Created,
    Creation,
    CreationLog,
    Imports,
    Page,
    RefusedLines,
    Uploads,
    UploadTicket,
)
from carillon.usecases.creating import create_once

REFUSED_BYTES = 1024 * 1024
REFUSED_PAGES = 25
"""An answer ends with the page that reaches so many characters, or after so many pages of some
20 ms each; with the largest page there is it stays below Lambda's 6 MB."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """Begins imports and tells of them."""

    imports: Imports
    uploads: Uploads
    refused: RefusedLines
    log: CreationLog
    clock: Clock
    chance: Chance
    caller: Caller

    def create(self, creation: Creation | None) -> Import:
        """An import that awaits its file."""

        def create() -> Import:
            new = Import.new(self.chance.new_id(), self._now())
            self.imports.add(new, creation)
            learned(import_id=new.id)
            told = {"import_id": new.id, "caller": self.caller.subject()}
            _log.info("import created", extra=told)
            return new

        def repeat(first: Created) -> Import:
            learned(import_id=first.object_id)
            _log.info("creation repeated", extra={"import_id": first.object_id})
            return Import.new(first.object_id, first.at).seen(self._now())

        return create_once(self.log, creation, create=create, repeat=repeat)

    def get(self, import_id: str) -> Import:
        """As it is now; `NotFound`."""
        present = self.imports.get(import_id)
        if present is None:
            raise NotFound("there is no import with this id")
        return present.seen(self._now())

    def ticket(self, present: Import) -> UploadTicket | None:
        """How to upload its file; None when that is over."""
        if present.status is not ImportStatus.AWAITING_UPLOAD:
            return None
        left_s = int((present.upload_until - self._now()).total_seconds())
        return self.uploads.ticket(present.id, expires_s=max(1, left_s))

    def rejected(self, import_id: str, cursor: str | None) -> Page[str]:
        """Refused lines so far, as CSV: pieces of text, the header's before the first.

        `NotFound` also when they are no longer kept.
        """
        present = self.get(import_id)
        first = _page_number(cursor, present)
        texts = [csv_line(REFUSED_COLUMNS)] if cursor is None else []
        number, size = first, 0
        until = min(present.rejected_pages, first + REFUSED_PAGES)
        while number < until and size < REFUSED_BYTES:
            text = self.refused.read(import_id, number)
            if text is None:
                raise NotFound("the refused lines are kept for a day, which is over")
            texts.append(text)
            size += len(text)
            number += 1
        return Page(texts, str(number) if number < present.rejected_pages else None)

    def _now(self) -> datetime:
        return to_milliseconds(self.clock.now())


def _page_number(cursor: str | None, present: Import) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) >= present.rejected_pages:
        raise Malformed("the cursor is not one of this list")
    return int(cursor)
