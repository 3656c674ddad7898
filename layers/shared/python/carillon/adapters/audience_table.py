"""Clients in DynamoDB as fan-out and sender see them: the port `Audience`."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from carillon.adapters import dynamo
from carillon.adapters.client_items import client_from_item, client_key, matching, scan_clients
from carillon.models.client import Client
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
    ) -> Page[Client]:
        """A page of segment `number` of `total`: those who match among `limit` clients read.

        Consistent, so that a client added just before the start is not missed.
        """
        segment = {"Segment": number, "TotalSegments": total, "ConsistentRead": True}
        request = segment | matching(chosen.operator_codes, chosen.tags)
        return scan_clients(self._client, self._table, request, after=after, limit=limit)

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Client]:
        """Those that exist, by id."""
        keys = [client_key(client_id) for client_id in dict.fromkeys(client_ids)]
        items = dynamo.get_many(self._client, self._table, keys, consistent=consistent)
        return {client.id: client for client in map(client_from_item, items)}
