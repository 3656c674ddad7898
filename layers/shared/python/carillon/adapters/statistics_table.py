"""Counters in DynamoDB: the port `StatisticsTable`.

| `mailing_id`   | `item`                 | what is there                                |
| -------------- | ---------------------- | -------------------------------------------- |
| mailing id     | `counts#NN`            | messages by status, attempts                 |
| mailing id     | `minute#<instant>#NN`  | moves within one minute                      |
| `overall`      | `counts#NN`            | messages of all mailings by status           |
| `shard#<id>`   | `position`             | the last sequence number that was counted    |

NN comes from the stream's shard, so that batches of different shards, which are counted at the same
time, do not meet in one item; reading adds the parts up.
"""

import time
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.items import Item, from_item, to_attribute, to_item
from carillon.errors import LostRace
from carillon.models.instant import format_instant, parse_instant
from carillon.models.statistics import Counts, Increments, Minute, Statistics

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTS = 16
POSITION_LIFETIME_S = 7 * 24 * 3600
"""A stream keeps its records for a day; a shard that old is closed and never read again."""

_OVERALL = "overall"


class DynamoStatistics:
    """`table` holds the counters of all mailings."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def position(self, shard: str) -> str | None:
        """The last sequence number counted of this stream shard; consistent."""
        item = dynamo.get(self._client, self._table, _position_key(shard), consistent=True)
        return item["sequence"]["S"] if item else None

    def count(self, shard: str, *, before: str | None, after: str, increments: Increments) -> None:
        """One transaction: move the shard's position and add. `LostRace` if it moved meanwhile.

        ValueError for more than 99 items: the caller counts a part of the batch at a time.
        """
        if increments.items() >= dynamo.TRANSACTION_MAX:
            raise ValueError("more increments than one transaction takes")
        part = f"{zlib.crc32(shard.encode()) % PARTS:02d}"
        actions = [self._move_position(shard, before, after), *self._additions(increments, part)]
        if dynamo.transact(self._client, actions) and self.position(shard) != after:
            raise LostRace(f"shard {shard} was counted on at the same moment")

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        """Zeros for a mailing that has none; consistent, so that its last message is seen to be."""
        sums: dict[str, Counter[str]] = {mailing_id: Counter() for mailing_id in mailing_ids}
        keys = [
            to_item({"mailing_id": mailing_id, "item": f"counts#{part:02d}"})
            for mailing_id in sums
            for part in range(PARTS)
        ]
        for item in dynamo.get_many(self._client, self._table, keys, consistent=True):
            sums[item["mailing_id"]["S"]].update(_numbers(item))
        return {mailing_id: _counts(moves) for mailing_id, moves in sums.items()}

    def read(self, mailing_id: str) -> Statistics:
        """Counts and the timeline of one mailing."""
        total: Counter[str] = Counter()
        minutes: dict[str, Counter[str]] = {}
        for item in self._items(mailing_id):
            kind, *minute, _ = item["item"]["S"].split("#")
            counter = total if kind == "counts" else minutes.setdefault(minute[0], Counter())
            counter.update(_numbers(item))
        timeline = (
            Minute(minute=parse_instant(minute), **counts)
            for minute, counts in sorted(minutes.items())
        )
        return Statistics(
            counts=_counts(total), attempts=total["attempts"], timeline=tuple(timeline)
        )

    def overall(self) -> Counts:
        """Of all mailings ever."""
        return self.counts([_OVERALL])[_OVERALL]

    def remove(self, mailing_id: str) -> None:
        """Forget a purged mailing; the overall counts stay."""
        keys = (
            {"mailing_id": item["mailing_id"], "item": item["item"]}
            for item in self._items(mailing_id)
        )
        dynamo.delete_many(self._client, self._table, keys)

    def _items(self, mailing_id: str) -> Iterator[Item]:
        return dynamo.query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="mailing_id = :mailing",
            ExpressionAttributeValues=to_item({":mailing": mailing_id}),
        )

    def _move_position(self, shard: str, before: str | None, after: str) -> dict[str, Any]:
        values = {"sequence": after, "expires_at": int(time.time()) + POSITION_LIFETIME_S}
        condition = (
            dynamo.if_absent("item") if before is None else dynamo.if_equal("sequence", before)
        )
        item = _position_key(shard) | to_item(values)
        return {"Put": {"TableName": self._table, "Item": item, **condition}}

    def _additions(self, increments: Increments, part: str) -> Iterator[dict[str, Any]]:
        overall: Counter[str] = Counter()
        for mailing_id, moves in increments.counts.items():
            overall.update(moves)
            yield from self._add(mailing_id, f"counts#{part}", moves)
        yield from self._add(_OVERALL, f"counts#{part}", overall)
        for (mailing_id, minute), moves in increments.minutes.items():
            yield from self._add(mailing_id, _minute_key(minute, part), moves)

    def _add(
        self, mailing_id: str, item: str, moves: Mapping[str, int]
    ) -> Iterator[dict[str, Any]]:
        """One update, or none when nothing changes."""
        moves = {name: by for name, by in moves.items() if by}
        if not moves:
            return
        terms = ", ".join(f"#{name} :{name}" for name in moves)
        yield {
            "Update": {
                "TableName": self._table,
                "Key": to_item({"mailing_id": mailing_id, "item": item}),
                "UpdateExpression": f"ADD {terms}",
                "ExpressionAttributeNames": {f"#{name}": name for name in moves},
                "ExpressionAttributeValues": {
                    f":{name}": to_attribute(by) for name, by in moves.items()
                },
            }
        }


def _position_key(shard: str) -> Item:
    return to_item({"mailing_id": f"shard#{shard}", "item": "position"})


def _minute_key(minute: datetime, part: str) -> str:
    return f"minute#{format_instant(minute)}#{part}"


def _numbers(item: Mapping[str, Any]) -> dict[str, int]:
    return {name: value for name, value in from_item(item).items() if isinstance(value, int)}


def _counts(moves: Mapping[str, int]) -> Counts:
    return Counts(**{name: moves[name] for name in Counts.model_fields if name in moves})
