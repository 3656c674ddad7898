"""The calls to DynamoDB that several tables need: conditions, transactions, batches, whole queries.

A refused condition is an answer here, not an exception: only the table knows what it means.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from carillon.adapters.aws import attempts, translated
from carillon.adapters.items import Item, to_attribute
from carillon.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TRANSACTION_MAX = 100
BATCH_WRITE_MAX = 25
BATCH_GET_MAX = 100
"""DynamoDB's limits on actions in one call."""

_PASSING_REASONS = frozenset(
    {
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
        "InternalServerError",
    }
)
"""Cancellation reasons that say nothing about the items; TransactWriteItems, API reference."""

T = TypeVar("T")


def if_absent(key: str) -> dict[str, Any]:
    """The condition that no item has this key yet."""
    return {
        "ConditionExpression": "attribute_not_exists(#key)",
        "ExpressionAttributeNames": {"#key": key},
    }


def if_equal(name: str, value: object) -> dict[str, Any]:
    """The condition that the item is there and this attribute is as it was read."""
    return {
        "ConditionExpression": "#seen = :seen",
        "ExpressionAttributeNames": {"#seen": name},
        "ExpressionAttributeValues": {":seen": to_attribute(value)},
    }


def put(client: "DynamoDBClient", table: str, item: Item, condition: Mapping[str, Any]) -> bool:
    """Write the item; False when the condition was refused."""
    for _ in attempts():
        try:
            with translated():
                client.put_item(TableName=table, Item=item, **condition)
        except client.exceptions.ConditionalCheckFailedException:
            return False
        except client.exceptions.TransactionConflictException:
            continue
        return True
    raise Unavailable("PutItem: a transaction on the same item did not end")


def transact(client: "DynamoDBClient", actions: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """All or nothing; the numbers of the actions whose conditions were refused, empty when done.

    While any action was cancelled for a passing reason the verdict on the others is not final, so
    the whole is tried again.
    """
    codes: list[str] = []
    for _ in attempts():
        try:
            with translated():
                client.transact_write_items(TransactItems=list(actions))  # type: ignore[arg-type]
            return frozenset()
        except client.exceptions.TransactionCanceledException as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = [reason.get("Code", "None") for reason in reasons]
            if _PASSING_REASONS.isdisjoint(codes):
                refused = [n for n, code in enumerate(codes) if code == "ConditionalCheckFailed"]
                if not refused or len(refused) + codes.count("None") < len(codes):
                    raise  # a mistake of ours, such as an item that is too large
                return frozenset(refused)
    raise Unavailable(f"TransactWriteItems: {', '.join(codes)}")


def get(client: "DynamoDBClient", table: str, key: Item, *, consistent: bool) -> Item | None:
    """One item by its key."""
    with translated():
        return client.get_item(TableName=table, Key=key, ConsistentRead=consistent).get("Item")


def get_many(
    client: "DynamoDBClient",
    table: str,
    keys: Collection[Item],
    *,
    consistent: bool,
    **options: object,
) -> Iterator[Item]:
    """Those that exist, in any order; no key may be named twice."""
    options = {"ConsistentRead": consistent, **options}
    for some in batched(keys, BATCH_GET_MAX):
        yield from _get_batch(client, {table: {"Keys": some, **options}})


def _get_batch(client: "DynamoDBClient", request: Mapping[str, Any]) -> Iterator[Item]:
    for _ in attempts():
        with translated():
            response = client.batch_get_item(RequestItems=request)
        for items in response["Responses"].values():
            yield from items
        request = response["UnprocessedKeys"]
        if not request:
            return
    raise Unavailable("BatchGetItem: keys left unprocessed")


def delete_many(client: "DynamoDBClient", table: str, keys: Iterable[Item]) -> None:
    """Delete items, whether they exist or not; no key may be named twice."""
    for some in batched(keys, BATCH_WRITE_MAX):
        _write_batch(client, {table: [{"DeleteRequest": {"Key": key}} for key in some]})


def _write_batch(client: "DynamoDBClient", request: Mapping[str, Any]) -> None:
    for _ in attempts():
        with translated():
            request = client.batch_write_item(RequestItems=request)["UnprocessedItems"]
        if not request:
            return
    raise Unavailable("BatchWriteItem: items left unprocessed")


def query(client: "DynamoDBClient", **request: Any) -> Iterator[Item]:
    """All items of a Query, page by page as they are asked for."""
    while True:
        with translated():
            response = client.query(**request)
        yield from response["Items"]
        if "LastEvaluatedKey" not in response:
            return
        request["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size`, in order; itertools has it from Python 3.12 on."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
