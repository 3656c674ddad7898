"""Tables to take away: clients and messages as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from carillon.usecases.exporting import Exporting
from functions.api import parameters
from functions.api.csv_pages import csv_page
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint
from functions.api.ids import known_shape

_CLIENTS = f"{API}/clients/export"
_MESSAGES = f"{API}/mailings/<mailing_id>/messages/export"
_HEADERS = ("Link", "Content-Disposition")


@dataclass(frozen=True, slots=True)
class ExportRoutes:
    """Requests for CSV."""

    exports: Exporting

    @endpoint(
        "GET",
        _CLIENTS,
        operation_id="exportClients",
        tag="Clients",
        answer="Part of the directory as CSV",
        headers=_HEADERS,
        problems=(400, 422),
    )
    def clients(
        self,
        operator_code: parameters.OperatorCodeFilter = None,
        tag: parameters.TagFilter = None,
        cursor: parameters.CsvCursor = None,
    ) -> Response[str]:
        """Export clients.

        In no particular order; a client must meet every filter that is given. The columns are those
        that an import reads: `phone,operator_code,tags,timezone`, the tags separated by `;`. The
        first page begins with the header line. While there is more, the header `Link` names the
        next page; a page may have no rows. What a spreadsheet would take for a formula, because it
        begins with `=`, `+`, `-`, `@`, a tab or a carriage return, has an apostrophe before it; an
        import takes that off again.
        """
        filters = {"operator_code": operator_code, "tag": tag}
        seal = Seal("clients as CSV", tuple(filters.values()))
        part = self.exports.clients(operator_code=operator_code, tag=tag, cursor=seal.open(cursor))
        link = _link(_CLIENTS, filters, seal.close(part.cursor))
        return csv_page(part.text, next_link=link, file_name="clients.csv")

    @endpoint(
        "GET",
        _MESSAGES,
        operation_id="exportMessagesOfMailing",
        tag="Mailings",
        answer="Part of the mailing's messages as CSV",
        headers=_HEADERS,
        problems=(400, 404, 422),
    )
    def messages(
        self,
        mailing_id: parameters.MailingId,
        status: parameters.MessageStatusFilter = None,
        cursor: parameters.CsvCursor = None,
    ) -> Response[str]:
        """Export a mailing's messages.

        In no particular order. The columns are a message's fields, and the phone number as it is
        now, which is empty for a client who was deleted. Pages follow each other as those of
        clients do.
        """
        mailing = known_shape(mailing_id)
        seal = Seal("messages as CSV", (mailing, status))
        part = self.exports.messages_of(mailing, status=status, cursor=seal.open(cursor))
        path = _MESSAGES.replace("<mailing_id>", mailing)
        link = _link(path, {"status": status}, seal.close(part.cursor))
        return csv_page(part.text, next_link=link, file_name=f"messages-{mailing}.csv")


def _link(path: str, filters: Mapping[str, str | None], cursor: str | None) -> str | None:
    """Where it goes on, with the same filters, if it does."""
    if cursor is None:
        return None
    given = {name: value for name, value in filters.items() if value is not None}
    return f"{path}?{urlencode({**given, 'cursor': cursor})}"
