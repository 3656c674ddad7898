"""The tables inside MiniStack, as the meter asks for them, in the emulator's own process."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.units import Index, Item

_NO_SORT_KEY = "__no_sort__"
_HIDES = ("FilterExpression", "ProjectionExpression")
_PLACE = re.compile(r"[:#]\w+")


class EmulatedTables:
    """`dynamodb` is MiniStack's module of that name.

    What it stores under a key it replaces and never changes, so that an item can be handed out.
    """

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def keys(self, table: str) -> Sequence[str]:
        """Partition key and, if there is one, sort key."""
        found = self._table(table)
        return [name for name in (found["pk_name"], found["sk_name"]) if name]

    def indexes(self, table: str) -> Sequence[Index]:
        """All of a table; ours hold all attributes."""
        return [
            Index(each["IndexName"], tuple(key["AttributeName"] for key in each["KeySchema"]))
            for each in self._table(table)["GlobalSecondaryIndexes"]
        ]

    def item(self, table: str, key: Item) -> Item | None:
        """One item as it is now."""
        found = self._table(table)
        partition, *sort = (self._dynamodb._extract_key_val(key[name]) for name in self.keys(table))
        items: Mapping[str, Item] = found["items"].get(partition, {})
        return items.get(sort[0] if sort else _NO_SORT_KEY)

    def looked_at(self, operation: str, request: Mapping[str, Any]) -> Sequence[Item]:
        """The same read without what hides items, or parts of them, from its answer."""
        whole = {name: value for name, value in request.items() if name not in _HIDES}
        used = set(_PLACE.findall(whole.get("KeyConditionExpression", "")))
        for places in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            left = {name: value for name, value in whole.pop(places, {}).items() if name in used}
            if left:
                whole[places] = left
        read = self._dynamodb._query if operation == "Query" else self._dynamodb._scan
        _, _, body = read(whole)
        items: list[Item] = json.loads(body)["Items"]
        return items

    def _table(self, name: str) -> dict[str, Any]:
        table: dict[str, Any] = self._dynamodb._tables[name]
        return table
