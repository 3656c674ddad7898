"""Clients in DynamoDB as fan-out and sender see them: the port `Audience`."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.client_items import client_key, matching, scan_clients
from carillon.adapters.items import Item, as_model, from_item
from carillon.models.client import Recipient
from carillon.models.mailing import Filter
from carillon.ports import Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class AudienceTable:
    """`table` holds the clients."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def scan(
        self, chosen: Filter, *, number: int, total: int, after: str | None, limit: int
    ) -> Page[Recipient]:
        """A page of segment `number` of `total`: those who match among `limit` clients read.

        Consistent, so that a client added just before the start is not missed.
        """
        segment = {"Segment": number, "TotalSegments": total, "ConsistentRead": True}
        request = segment | _projected(matching(chosen.operator_codes, chosen.tags))
        return scan_clients(
            self._client, self._table, request, _recipient, after=after, limit=limit
        )

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Recipient]:
        """Those that exist, by id."""
        keys = [client_key(client_id) for client_id in dict.fromkeys(client_ids)]
        items = dynamo.get_many(
            self._client, self._table, keys, consistent=consistent, **_projected({})
        )
        return {each.id: each for each in map(_recipient, items)}


def _projected(request: dict[str, Any]) -> dict[str, Any]:
    """The same request for no more than a recipient has: what comes along must be read, too.

    It costs the units of whole items all the same. `timezone` is a reserved word.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
    """
    names = {**request.get("ExpressionAttributeNames", {}), "#timezone": "timezone"}
    return {
        **request,
        "ProjectionExpression": "client_id, phone, #timezone",
        "ExpressionAttributeNames": names,
    }


def _recipient(item: Item) -> Recipient:
    values = from_item(item)
    return as_model(Recipient, {"id": values.pop("client_id"), **values})
