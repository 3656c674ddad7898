"""Clients in DynamoDB as the API sees them: the port `Directory`.

A second table holds one item per phone number in use, written in the same transactions, because
DynamoDB can keep nothing unique but a key.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.client_items import (
    client_from_item,
    client_item,
    client_key,
    matching,
    put_client,
    scan_clients,
    take_phone,
)
from carillon.adapters.creation_log import record_creation
from carillon.adapters.items import to_item
from carillon.errors import LostRace, Malformed, PhoneTaken
from carillon.models.client import Client
from carillon.ports import Creation, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CURSOR = re.compile(r"[0-9A-Za-z_]{1,64}")
"""A cursor is the id of the last client that was read."""

_CLIENT, _PHONE, _KEY = 0, 1, 2
"""Places in the transaction that adds a client."""


class ClientsTable:
    """`clients`, `phones` and `keys` are the names of the tables."""

    def __init__(self, client: "DynamoDBClient", *, clients: str, phones: str, keys: str) -> None:
        self._client = client
        self._clients = clients
        self._phones = phones
        self._keys = keys

    def get(self, client_id: str) -> Client | None:
        """Consistent."""
        item = dynamo.get(self._client, self._clients, client_key(client_id), consistent=True)
        return client_from_item(item) if item else None

    def get_by_phone(self, phone: str) -> Client | None:
        """Consistent; two reads, so a client whose number changes in between is not found."""
        item = dynamo.get(self._client, self._phones, to_item({"phone": phone}), consistent=True)
        if item is None:
            return None
        client = self.get(item["client_id"]["S"])
        return client if client and client.phone == phone else None

    def add(self, client: Client, creation: Creation | None) -> None:
        """One transaction: client, phone and key. `PhoneTaken`; `LostRace` when the key exists."""
        actions: list[Mapping[str, Any]] = [
            put_client(self._clients, client, dynamo.if_absent("client_id")),
            take_phone(self._phones, client),
            *record_creation(self._keys, creation, object_id=client.id, at=client.created_at),
        ]
        refused = dynamo.transact(self._client, actions)
        if not refused or (_CLIENT in refused and self._was_added(client)):
            return
        # Two requests with one key collide on the phone as well: the key tells them apart.
        if _PHONE in refused and _KEY not in refused:
            raise PhoneTaken(f"another client has the phone number of {client.id}")
        raise LostRace("the same creation was going on at the same moment")

    def replace(self, old: Client, new: Client) -> None:
        """If still at `old.version`, else `LostRace`. `PhoneTaken` when the number is another's."""
        unchanged = dynamo.if_equal("version", old.version)
        if new.phone == old.phone:
            refused = not dynamo.put(self._client, self._clients, client_item(new), unchanged)
        else:
            places = dynamo.transact(
                self._client,
                [
                    put_client(self._clients, new, unchanged),
                    take_phone(self._phones, new),
                    self._free_phone(old),
                ],
            )
            if places == {_PHONE}:
                raise PhoneTaken(f"another client has the new phone number of {new.id}")
            refused = bool(places)
        if refused and self.get(new.id) != client_from_item(client_item(new)):
            raise LostRace(f"client {new.id} changed at the same moment")

    def remove(self, client: Client) -> None:
        """If still at `client.version`, else `LostRace`; one that is gone already is success."""
        refused = dynamo.transact(
            self._client,
            [
                {
                    "Delete": {
                        "TableName": self._clients,
                        "Key": client_key(client.id),
                        **dynamo.if_equal("version", client.version),
                    }
                },
                self._free_phone(client),
            ],
        )
        if refused and self.get(client.id) is not None:
            raise LostRace(f"client {client.id} changed at the same moment")

    def page(
        self, *, operator_code: str | None, tag: str | None, limit: int, cursor: str | None
    ) -> Page[Client]:
        """In no particular order; eventually consistent; reads at most `limit` items."""
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise Malformed("the cursor is not one of this list")
        codes = [] if operator_code is None else [operator_code]
        tags = [] if tag is None else [tag]
        request = matching(codes, tags)
        return scan_clients(
            self._client, self._clients, request, client_from_item, after=cursor, limit=limit
        )

    def _was_added(self, client: Client) -> bool:
        """Ids are drawn afresh for each creation: the same id and time is our own write."""
        stored = self.get(client.id)
        return stored is not None and stored.created_at == client.created_at

    def _free_phone(self, client: Client) -> dict[str, Any]:
        return {
            "Delete": {
                "TableName": self._phones,
                "Key": to_item({"phone": client.phone}),
                **dynamo.if_equal("client_id", client.id),
            }
        }
