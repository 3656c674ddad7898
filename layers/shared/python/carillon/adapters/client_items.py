"""How a client is laid out in its table, and how a filter is asked for.

Tags are a string set, absent when there are none: DynamoDB has no empty set.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from carillon.adapters.aws import translated
from carillon.adapters.dynamo import if_absent
from carillon.adapters.items import Item, as_model, from_item, to_attribute, to_item
from carillon.models.client import Client
from carillon.ports import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")


def client_key(client_id: str) -> Item:
    """The key of its item."""
    return to_item({"client_id": client_id})


def client_item(client: Client) -> Item:
    """What is stored."""
    values = client.model_dump(mode="json", exclude={"id", "tags"})
    tags = {"tags": set(client.tags)} if client.tags else {}
    return to_item({"client_id": client.id, **values, **tags})


def client_from_item(item: Mapping[str, Any]) -> Client:
    """A client from a stored item."""
    values = from_item(item)
    return as_model(Client, {"id": values.pop("client_id"), **values})


def put_client(table: str, client: Client, condition: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a transaction that writes a client."""
    return {"Put": {"TableName": table, "Item": client_item(client), **condition}}


def take_phone(table: str, client: Client, **marks: str) -> dict[str, Any]:
    """The part of a transaction that makes the phone this client's; refused when it is another's.

    `marks` stay with the phone for as long as it is this client's.
    """
    item = to_item({"phone": client.phone, "client_id": client.id, **marks})
    return {"Put": {"TableName": table, "Item": item, **if_absent("phone")}}


def matching(operator_codes: Sequence[str], tags: Sequence[str]) -> dict[str, Any]:
    """`operator_code IN (...) AND (contains(tags, ...) OR ...)`, each part only where wanted."""
    codes = {f":code{n}": to_attribute(code) for n, code in enumerate(operator_codes)}
    labels = {f":tag{n}": to_attribute(tag) for n, tag in enumerate(tags)}
    parts, names = [], {}
    if codes:
        parts.append(f"#operator_code IN ({', '.join(codes)})")
        names["#operator_code"] = "operator_code"
    if labels:
        parts.append(f"({' OR '.join(f'contains(#tags, {label})' for label in labels)})")
        names["#tags"] = "tags"
    if not parts:
        return {}
    return {
        "FilterExpression": " AND ".join(parts),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": codes | labels,
    }


def scan_clients(
    client: "DynamoDBClient",
    table: str,
    request: dict[str, Any],
    read: Callable[[Item], T],
    *,
    after: str | None,
    limit: int,
) -> Page[T]:
    """One Scan call that reads `limit` items after the client id `after`."""
    if after is not None:
        request = request | {"ExclusiveStartKey": client_key(after)}
    with translated():
        response = client.scan(TableName=table, Limit=limit, **request)
    last = response.get("LastEvaluatedKey")
    return Page(
        items=[read(item) for item in response["Items"]],
        cursor=last["client_id"]["S"] if last else None,
    )
