"""Imports in DynamoDB: the port `Imports`. One item each, a field an attribute."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.creation_log import record_creation
from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.errors import LostRace
from carillon.models.imports import Import
from carillon.ports import Creation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class ImportsTable:
    """`table` and `keys` are the names of the tables."""

    def __init__(self, client: "DynamoDBClient", *, table: str, keys: str | None = None) -> None:
        self._client = client
        self._table = table
        self._keys = keys

    def get(self, import_id: str) -> Import | None:
        """Consistent."""
        item = dynamo.get(self._client, self._table, import_key(import_id), consistent=True)
        return _from_item(item) if item else None

    def add(self, new: Import, creation: Creation | None) -> None:
        """One transaction with the key; `LostRace` when either exists."""
        absent = dynamo.if_absent("import_id")
        actions: list[Mapping[str, Any]] = [
            {"Put": {"TableName": self._table, "Item": _item(new), **absent}},
            *record_creation(self._keys, creation, object_id=new.id, at=new.created_at),
        ]
        if dynamo.transact(self._client, actions) and self.get(new.id) != new:
            raise LostRace("the same creation was going on at the same moment")

    def replace(self, old: Import, new: Import) -> None:
        """If still at `old.rev`, else `LostRace`."""
        unchanged = dynamo.if_equal("rev", old.rev)
        if dynamo.put(self._client, self._table, _item(new), unchanged):
            return
        if self.get(new.id) != new:  # it may be our own write, whose answer was lost
            raise LostRace(f"import {new.id} was gone on with at the same moment")


def import_key(import_id: str) -> Item:
    """The key of its item."""
    return to_item({"import_id": import_id})


def _item(model: Import) -> Item:
    values = model.model_dump(mode="json", exclude={"id"})
    expires_at = int(model.expires_at.timestamp())
    return to_item({"import_id": model.id, **values, "expires_at": expires_at})


def _from_item(item: Mapping[str, Any]) -> Import:
    values = from_item(item)
    return as_model(Import, {"id": values.pop("import_id"), **values})
