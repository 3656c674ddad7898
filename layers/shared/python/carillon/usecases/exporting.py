"""Write out clients and messages as CSV, in parts that each fit into one answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from carillon.models.client import Client, Recipient
from carillon.models.instant import format_instant
from carillon.models.message import Message, MessageStatus, gateway_id
from carillon.policy.csv_text import csv_line
from carillon.ports import Audience, Clock, Directory, Mailings, Messages, Page
from carillon.usecases.mailings import shown_mailing

CLIENT_COLUMNS = ("phone", "operator_code", "tags", "timezone")
"""Just what an import reads, so that what went out can come in again."""

MESSAGE_COLUMNS = (
    *("message_id", "phone", "client_id", "status", "attempts", "created_at", "sent_at"),
    *("not_before", "last_error", "reason", "gateway_id"),
)

ROWS_MAX = 4_000
"""In one part: 200,000 clients take 50 calls, and each is answered within a second or two."""

READ_MAX = 1_000
"""Looked at in one step; DynamoDB ends a step by itself after 1 MB."""

BYTES_MAX = 512 * 1024
"""No further step is taken beyond this. Usual rows have 50 to 250 bytes; with the longest of tags a
step brings up to 1 MB more, and even as escapes in Lambda's JSON that stays below its 6 MB.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

BUDGET = timedelta(seconds=5)
"""A filter that few match is looked for in many steps: then a part may have no rows at all."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CsvPart:
    """Some lines, with the header where they are the first; `cursor` continues them."""

    text: str
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Exporting:
    """Writes out what an operator may read anyway."""

    directory: Directory
    audience: Audience
    mailings: Mailings
    messages: Messages
    clock: Clock

    def clients(self, *, operator_code: str | None, tag: str | None, cursor: str | None) -> CsvPart:
        """Those who meet every filter that is given, in no particular order."""

        def read(limit: int, after: str | None) -> Page[Client]:
            return self.directory.page(
                operator_code=operator_code, tag=tag, limit=limit, cursor=after
            )

        def rows(clients: Sequence[Client]) -> Iterable[Sequence[str]]:
            return map(_client_row, clients)

        return self._part(CLIENT_COLUMNS, read, rows, cursor)

    def messages_of(
        self, mailing_id: str, *, status: MessageStatus | None, cursor: str | None
    ) -> CsvPart:
        """A mailing's messages, in no particular order; `NotFound` without the mailing."""
        shown_mailing(self.mailings, mailing_id)

        def read(limit: int, after: str | None) -> Page[Message]:
            return self.messages.page(mailing_id, status=status, limit=limit, cursor=after)

        def rows(messages: Sequence[Message]) -> Iterable[Sequence[str]]:
            known = self.audience.get_many([each.client_id for each in messages])
            return (_message_row(each, known) for each in messages)

        return self._part(MESSAGE_COLUMNS, read, rows, cursor)

    def _part(
        self,
        columns: Sequence[str],
        read: Callable[[int, str | None], Page[T]],
        rows: Callable[[Sequence[T]], Iterable[Sequence[str]]],
        cursor: str | None,
    ) -> CsvPart:
        """Step after step, one in any case, until the part is long enough or time is up."""
        until = self.clock.now() + BUDGET
        lines = [csv_line(columns)] if cursor is None else []
        left, size = ROWS_MAX, 0
        while True:
            page = read(min(left, READ_MAX), cursor)
            found = [csv_line(row) for row in rows(page.items)]
            lines += found
            left -= len(found)
            size += sum(len(line.encode()) for line in found)
            cursor = page.cursor
            if cursor is None or left <= 0 or size >= BYTES_MAX or self.clock.now() >= until:
                return CsvPart(text="".join(lines), cursor=cursor)


def _client_row(client: Client) -> Sequence[str]:
    return (client.phone, client.operator_code, ";".join(client.tags), client.timezone)


def _message_row(message: Message, recipients: Mapping[str, Recipient]) -> Sequence[str]:
    """Without a phone where the client was deleted."""
    recipient = recipients.get(message.client_id)
    return (
        message.id,
        recipient.phone if recipient else "",
        message.client_id,
        message.status,
        str(message.attempts),
        _text(message.created_at),
        _text(message.sent_at),
        _text(message.not_before),
        message.last_error or "",
        message.reason or "",
        str(gateway_id(message.id)),
    )


def _text(instant: datetime | None) -> str:
    return "" if instant is None else format_instant(instant)
