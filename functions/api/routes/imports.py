"""Imports: files with clients."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from carillon.models.base import Model
from carillon.models.imports import Import
from carillon.ports import Caller
from carillon.usecases.imports import ImportDesk
from functions.api import import_views, parameters
from functions.api.answers import created, found
from functions.api.csv_pages import csv_page
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint
from functions.api.idempotency import creation_of
from functions.api.ids import known_shape

_TAG = "Clients"
_ALL = f"{API}/imports"
_ONE = f"{_ALL}/<import_id>"

ImportId = Annotated[str, Path(description="the import's `id`")]


@dataclass(frozen=True, slots=True)
class ImportRoutes:
    """Requests about imports."""

    imports: ImportDesk
    caller: Caller

    @endpoint(
        "POST",
        _ALL,
        operation_id="createImport",
        tag=_TAG,
        answer="The new import, and where its file is awaited",
        status=201,
        headers=("Location",),
        problems=(400, 409, 413, 415, 422),
    )
    def create(
        self, idempotency_key: parameters.IdempotencyKey = None
    ) -> Response[import_views.Import]:
        """Import clients from a CSV file.

        Send the file to `upload.url` within an hour, with exactly the headers of `upload` and no
        token; up to 512 MB. It is read as soon as it is there. The first upload counts: any other
        to the same URL is refused (412), before, while and after it is read.

        The first line names the columns, in any order and case: `phone` and `timezone`, and if
        wanted `operator_code` and `tags`. Columns `line` and `error` are ignored, any other fails
        the import. UTF-8 with or without BOM; cells are separated by comma, semicolon or tab,
        whichever the first line has; quotes as in RFC 4180; any line break; blank lines are passed
        over.

        Tags are separated by `;`. Where the file has `;` between cells, put several tags in quotes,
        or separate them by `|` or `,`. An apostrophe before `=`, `+`, `-` or `@` at the beginning
        of a cell is taken off: our own files have it, so that no spreadsheet runs the cell.

        A row whose phone is known changes that client: a column that is there replaces what it
        names (an empty `operator_code` is taken from the phone, empty `tags` take all away), one
        that is not there leaves it. A wrong row is refused with its line and the reason, and the
        rest goes on.
        """
        creation = creation_of(
            idempotency_key,
            operation="createImport",
            draft=Model(),
            caller=self.caller.subject(),
        )
        new = self.imports.create(creation)
        return created(self._view(new), None, location=f"{_ALL}/{new.id}")

    @endpoint(
        "GET",
        _ONE,
        operation_id="getImport",
        tag=_TAG,
        answer="The import",
        problems=(404, 422),
    )
    def read(self, import_id: ImportId) -> Response[import_views.Import]:
        """Look up an import.

        Remembered for 30 days. Without an upload it is `failed` after an hour.
        """
        return found(self._view(self.imports.get(known_shape(import_id))))

    @endpoint(
        "GET",
        f"{_ONE}/rejected",
        operation_id="listRejectedRows",
        tag=_TAG,
        answer="A page of a CSV file; the header line is on the first one only",
        headers=("Link",),
        problems=(400, 404, 422),
    )
    def rejected(
        self, import_id: ImportId, cursor: parameters.CursorParameter = None
    ) -> Response[str]:
        """Get the refused rows back as CSV.

        With their line and what is wrong, to be mended and imported again as they are. There is a
        `Link` to the next page while there are more. Kept for a day after the upload, then a 404.
        """
        known = known_shape(import_id)
        seal = Seal("rejected rows of import", (known,))
        page = self.imports.rejected(known, seal.open(cursor))
        sealed = seal.close(page.cursor)
        link = None if sealed is None else f"{_ALL}/{known}/rejected?cursor={sealed}"
        return csv_page("".join(page.items), next_link=link)

    def _view(self, model: Import) -> import_views.Import:
        return import_views.Import.of(model, self.imports.ticket(model))
