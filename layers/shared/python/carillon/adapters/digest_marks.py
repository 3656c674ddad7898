"""Marks of sent digests in DynamoDB: the port `DigestMarks`.

They lie in the table of what was done already, `idempotency`, under `digest#<day>`. The other keys
there are digests in the other sense, of 64 hexadecimal digits, so that they never meet.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from carillon.adapters import dynamo
from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.errors import LostRace
from carillon.models.digest import DigestMark

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX = "digest#"
"""Of all keys; the function's role may touch no others."""

KEPT_FOR = timedelta(days=30)
"""Longer than anything asks again: Lambda gives an event up after hours, and a dead letter, which
a person may send once more, is kept for 14 days."""


class DigestMarkTable:
    """`table` holds the marks beside Idempotency-Keys."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, day: str) -> DigestMark | None:
        """Consistent."""
        item = dynamo.get(self._client, self._table, _key(day), consistent=True)
        if item is None:
            return None
        return as_model(DigestMark, from_item(item))

    def replace(self, old: DigestMark | None, new: DigestMark) -> None:
        """If still at `old.rev`, or still absent, else `LostRace`."""
        unchanged = dynamo.if_absent("key") if old is None else dynamo.if_equal("rev", old.rev)
        if dynamo.put(self._client, self._table, _item(new), unchanged):
            return
        if self.get(new.day) != new:  # else our own write, whose answer was lost
            raise LostRace(f"the mark of {new.day} changed at the same moment")


def _key(day: str) -> Item:
    return to_item({"key": f"{PREFIX}{day}"})


def _item(mark: DigestMark) -> Item:
    values = mark.model_dump(mode="json", exclude_none=True)
    expires_at = int((mark.until + KEPT_FOR).timestamp())
    return to_item({**values, "expires_at": expires_at}) | _key(mark.day)
