"""What was created under which Idempotency-Key: a table whose items live for a day.

The item is written in the transaction that creates the object, so a key never stands for something
that was not made. It holds no personal data: the first answer is rebuilt from the same request.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.items import from_item, to_attribute, to_item
from carillon.adapters.system import SystemClock
from carillon.models.instant import format_instant, parse_instant
from carillon.ports import Created, Creation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFETIME = timedelta(days=1)
"""How long a key repeats the first answer; API contract."""


class CreationTable:
    """The port `CreationLog` on DynamoDB.

    Time to live takes up to days to remove an item, so one past its time counts as absent here.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._clock = SystemClock()

    def find(self, key: str) -> Created | None:
        """Consistent; None when the key is new or its day is over."""
        item = dynamo.get(self._client, self._table, to_item({"key": key}), consistent=True)
        if item is None:
            return None
        stored = from_item(item)
        if stored["expires_at"] <= self._clock.now().timestamp():
            return None
        return Created(
            digest=stored["digest"], object_id=stored["object_id"], at=parse_instant(stored["at"])
        )


def record_creation(
    table: str | None, creation: Creation | None, *, object_id: str, at: datetime
) -> list[dict[str, Any]]:
    """The part of a creating transaction that takes the key; refused while the key is in use.

    Nothing without a key. A key and no `table` to keep it in is a mistake of ours: ValueError.
    """
    if creation is None:
        return []
    if table is None:
        raise ValueError("an Idempotency-Key, and no table to keep it in")
    values = {
        "key": creation.key,
        "digest": creation.digest,
        "object_id": object_id,
        "at": format_instant(at),
        "expires_at": int((at + LIFETIME).timestamp()),
    }
    put = {
        "TableName": table,
        "Item": to_item(values),
        "ConditionExpression": "attribute_not_exists(#key) OR #expires_at <= :now",
        "ExpressionAttributeNames": {"#key": "key", "#expires_at": "expires_at"},
        "ExpressionAttributeValues": {":now": to_attribute(int(at.timestamp()))},
    }
    return [{"Put": put}]
