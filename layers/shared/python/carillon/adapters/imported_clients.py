"""Clients and their phones as an import writes them: the port `ImportedClients`.

An import's mark lies with the phone and not with the client: whoever changes the client writes its
item anew and knows nothing of marks, and a phone that changes hands loses the mark as it should.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.client_items import client_from_item, client_key, put_client, take_phone
from carillon.adapters.imports_table import import_key
from carillon.adapters.items import from_item, to_item
from carillon.errors import LostRace
from carillon.models.imports import Import
from carillon.ports import Addition, ClientChange, Known

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MARK = "imported"
_IMPORT = 0
"""Place of the look at the import in a transaction."""


class ImportedClientsTable:
    """`clients`, `phones` and `imports` are the names of the tables."""

    def __init__(
        self, client: "DynamoDBClient", *, clients: str, phones: str, imports: str
    ) -> None:
        self._client = client
        self._clients = clients
        self._phones = phones
        self._imports = imports

    def find(self, phones: Collection[str]) -> Mapping[str, Known]:
        """Those that exist, by phone; consistent. One whose phone just changes may be missing."""
        taken = {
            item["client_id"]: item
            for item in self._items(self._phones, [to_item({"phone": each}) for each in phones])
        }
        found = {}
        for item in dynamo.get_many(
            self._client, self._clients, [client_key(each) for each in taken], consistent=True
        ):
            client = client_from_item(item)
            phone = taken[client.id]
            if client.phone == phone["phone"]:
                found[client.phone] = Known(client, phone.get(_MARK))
        return found

    def write(self, at: Import, changes: Sequence[ClientChange]) -> bool:
        """All or nothing, and only while the import is still at `at.rev`, else `LostRace`."""
        actions = [self._still(at)]
        for change in changes:
            actions += self._actions(change)
        refused = dynamo.transact(self._client, actions)
        if _IMPORT in refused:
            raise LostRace(f"import {at.id} was gone on with at the same moment")
        return not refused

    def _still(self, at: Import) -> dict[str, Any]:
        unchanged = dynamo.if_equal("rev", at.rev)
        return {
            "ConditionCheck": {
                "TableName": self._imports,
                "Key": import_key(at.id),
                **unchanged,
            }
        }

    def _actions(self, change: ClientChange) -> list[dict[str, Any]]:
        if isinstance(change, Addition):
            return [
                put_client(self._clients, change.client, dynamo.if_absent("client_id")),
                take_phone(self._phones, change.client, **{_MARK: change.mark}),
            ]
        unchanged = dynamo.if_equal("version", change.old.version)
        return [put_client(self._clients, change.new, unchanged)]

    def _items(self, table: str, keys: Collection[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for item in dynamo.get_many(self._client, table, keys, consistent=True):
            yield from_item(item)
