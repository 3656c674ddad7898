"""Messages in DynamoDB: the port `Messages`, written to in batches of 25.

PartiQL is what lets 25 conditional writes share a call; BatchWriteItem has no conditions.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from carillon.adapters import dynamo
from carillon.adapters.aws import attempts, translated
from carillon.adapters.items import Item, to_attribute, to_item
from carillon.adapters.message_items import (
    changed_fields,
    message_from_item,
    message_item,
    message_key,
)
from carillon.errors import Malformed, Unavailable
from carillon.models.message import PARTITIONS, Message, MessageStatus
from carillon.ports import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import BatchStatementRequestTypeDef as Statement

STATEMENTS_MAX = 25
"""Statements in one BatchExecuteStatement; DynamoDB's limit."""

_CURSOR = re.compile(r"(0[0-9]|1[0-5])#([0-9A-Za-z_]{0,64})")
"""A cursor is a partition's number and the last client id read in it, empty at its start."""

_REFUSED = frozenset({"ConditionalCheckFailed", "DuplicateItem"})
_PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
    }
)
"""Codes of a single statement: BatchStatementError, API reference."""

T = TypeVar("T")


class MessagesTable:
    """`table` holds the messages of all mailings."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def insert(self, messages: Sequence[Message]) -> None:
        """Insert those that are not there yet; one that exists stays as it is."""
        for some in _distinct_batches(messages, lambda message: message.id):
            self._execute([self._insert(message_item(each)) for each in some])

    def swap(self, changes: Sequence[tuple[Message, Message]]) -> Sequence[bool]:
        """For each (before, after): write what differs if the token is still `before.token`.

        True also when the stored token is already `after.token`: an answer was lost on the way.
        """
        written: list[bool] = []
        for some in _distinct_batches(changes, lambda change: change[0].id):
            done = self._execute([self._update(*change) for change in some])
            refused = [after for (_, after), ok in zip(some, done, strict=True) if not ok]
            stored = self.get_many([(each.mailing_id, each.client_id) for each in refused])
            tokens = {message.id: message.token for message in stored.values()}
            written += [
                ok or tokens.get(after.id) == after.token
                for (_, after), ok in zip(some, done, strict=True)
            ]
        return written

    def get(self, mailing_id: str, client_id: str) -> Message | None:
        """Consistent."""
        key = message_key(mailing_id, client_id)
        item = dynamo.get(self._client, self._table, key, consistent=True)
        return message_from_item(item) if item else None

    def get_many(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Message]:
        """Those that exist, by (mailing_id, client_id); consistent."""
        wanted = [message_key(*key) for key in dict.fromkeys(keys)]
        items = dynamo.get_many(self._client, self._table, wanted, consistent=True)
        return {(each.mailing_id, each.client_id): each for each in map(message_from_item, items)}

    def page(
        self,
        mailing_id: str,
        *,
        status: MessageStatus | None,
        limit: int,
        cursor: str | None,
        consistent: bool = False,
    ) -> Page[Message]:
        """Reads about `limit` messages of a mailing and returns those with the status.

        The partitions are walked one after the other, so that a cursor is a place in a fixed order.
        """
        number, after = _parse_cursor(cursor)
        found: list[Message] = []
        left = limit
        while left > 0 and number < PARTITIONS:
            part = f"{mailing_id}#{number:02d}"
            request = _page_request(part, status=status, after=after)
            with translated():
                response = self._client.query(
                    TableName=self._table, Limit=left, ConsistentRead=consistent, **request
                )
            found += map(message_from_item, response["Items"])
            left -= response["ScannedCount"]
            last = response.get("LastEvaluatedKey")
            number, after = (number, last["client_id"]["S"]) if last else (number + 1, "")
        return Page(found, f"{number:02d}#{after}" if number < PARTITIONS else None)

    def remove(self, messages: Sequence[Message]) -> None:
        """Delete for good."""
        keys = dict.fromkeys((message.mailing_id, message.client_id) for message in messages)
        dynamo.delete_many(self._client, self._table, (message_key(*key) for key in keys))

    def _insert(self, item: Item) -> "Statement":
        names = ", ".join(f"'{name}': ?" for name in item)
        return {
            "Statement": f'INSERT INTO "{self._table}" VALUE {{{names}}}',
            "Parameters": list(item.values()),
        }

    def _update(self, before: Message, after: Message) -> "Statement":
        changes = changed_fields(before, after)
        key = message_key(*before.key)
        where = {**key, "token": to_attribute(before.token)}
        return {
            "Statement": f'UPDATE "{self._table}" '
            + " ".join(f'SET "{name}"=?' for name in changes)
            + " WHERE "
            + " AND ".join(f'"{name}"=?' for name in where),
            "Parameters": [*changes.values(), *where.values()],
        }

    def _execute(self, statements: Sequence["Statement"]) -> list[bool]:
        """Run up to 25; False where one was refused."""
        outcome: dict[int, bool] = {}
        for _ in attempts():
            todo = [n for n in range(len(statements)) if n not in outcome]
            with translated():
                responses = self._client.batch_execute_statement(
                    Statements=[statements[n] for n in todo]
                )["Responses"]
            for n, response in zip(todo, responses, strict=True):
                error = response.get("Error", {})
                code = error.get("Code")
                if code is None or code in _REFUSED:
                    outcome[n] = code is None
                elif code not in _PASSING:  # a mistake of ours
                    raise RuntimeError(f"{code}: {error.get('Message')}")
            if len(outcome) == len(statements):
                return [outcome[n] for n in range(len(statements))]
        raise Unavailable("BatchExecuteStatement: statements left undone")


def _distinct_batches(values: Iterable[T], key: Callable[[T], Hashable]) -> Iterator[list[T]]:
    """In order, up to 25 at once, and never the same item twice in one: DynamoDB refuses that."""
    batch: dict[Hashable, T] = {}
    for value in values:
        if len(batch) == STATEMENTS_MAX or key(value) in batch:
            yield list(batch.values())
            batch = {}
        batch[key(value)] = value
    if batch:
        yield list(batch.values())


def _parse_cursor(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return 0, ""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Malformed("the cursor is not one of this list")
    return int(match[1]), match[2]


def _page_request(part: str, *, status: MessageStatus | None, after: str) -> dict[str, Any]:
    values: dict[str, object] = {":part": part}
    request: dict[str, Any] = {"KeyConditionExpression": "part = :part"}
    if status is not None:
        request["FilterExpression"] = "#status = :status"
        request["ExpressionAttributeNames"] = {"#status": "status"}
        values[":status"] = status
    if after:
        request["ExclusiveStartKey"] = to_item({"part": part, "client_id": after})
    return request | {"ExpressionAttributeValues": to_item(values)}
