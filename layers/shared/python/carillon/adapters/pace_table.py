"""The pace of the gateway in DynamoDB: the port `PaceTable`, one item in a table of its own.

The item is `{item: "pace", free_at, token}`, with `slowed_at` and `slowed_to` once the gateway has
asked for less. Instants are text in microseconds: at thousands of parts a second a slot is shorter
than the milliseconds that other tables keep.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.items import Item, from_item, to_item
from carillon.errors import LostRace
from carillon.models.pace import PaceState

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = {"item": "pace"}


class DynamoPace:
    """`table` holds what all senders share about the gateway."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self) -> PaceState | None:
        """Consistent; None before the first slot was given out."""
        item = dynamo.get(self._client, self._table, to_item(_KEY), consistent=True)
        return _state(from_item(item)) if item else None

    def replace(self, old: PaceState | None, new: PaceState) -> None:
        """If still at `old.token`, or still absent, else `LostRace`."""
        if_unchanged = dynamo.if_absent("item") if old is None else _if_at(old)
        if dynamo.put(self._client, self._table, _item(new), if_unchanged):
            return
        stored = self.read()
        if stored is None or stored.token != new.token:  # else our own lost answer
            raise LostRace("another sender took its slots at the same moment")


def _if_at(old: PaceState) -> dict[str, Any]:
    return dynamo.if_equal("token", old.token)


def _item(state: PaceState) -> Item:
    values = {**_KEY, "token": state.token, "free_at": state.free_at.isoformat()}
    if state.slowed_at is not None:
        values["slowed_at"] = state.slowed_at.isoformat()
        values["slowed_to"] = repr(state.slowed_to)
    return to_item(values)


def _state(values: dict[str, Any]) -> PaceState:
    slowed_at = values.get("slowed_at")
    return PaceState(
        free_at=datetime.fromisoformat(values["free_at"]),
        token=values["token"],
        slowed_at=None if slowed_at is None else datetime.fromisoformat(slowed_at),
        slowed_to=float(values.get("slowed_to", 1.0)),
    )
