"""Counters in DynamoDB: the port `StatisticsTable`.

| `mailing_id`   | `item`                 | what is there                                |
| -------------- | ---------------------- | -------------------------------------------- |
| mailing id     | `counts#NN`            | messages by status, attempts, by last error  |
| mailing id     | `minute#<instant>#NN`  | moves within one minute                      |
| `overall`      | `counts#NN`            | messages of all mailings by status           |
| `shard#<id>`   | `position`             | the last sequence number that was counted    |

NN comes from the stream's shard, so that batches of different shards, which are counted at the same
time, do not meet in one item; reading adds the parts up. The counters of a mailing's third recount
are the attributes `sent~3` and the like, beside those of the ones before: what a mailing counts is
the sum of all.
"""

import time
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from carillon.adapters import counter_items, dynamo
from carillon.adapters.items import Item, to_attribute, to_item
from carillon.errors import LostRace
from carillon.models.instant import parse_instant
from carillon.models.statistics import (
    Counts,
    Increments,
    Minute,
    Statistics,
    Tally,
    errors_in,
)

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
        for item in self._count_items(sums):
            sums[item["mailing_id"]["S"]].update(counter_items.by_name(counter_items.numbers(item)))
        return {mailing_id: counter_items.counts(moves) for mailing_id, moves in sums.items()}

    def counts_of(self, mailing_id: str) -> Counts:
        """Consistent. The parts lie side by side, so a Query reads them all for one unit.

        A batch as in `counts` is charged a unit for each of 16 parts, whether it is there or not.
        """
        items = dynamo.query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="mailing_id = :mailing AND begins_with(#item, :counts)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":mailing": mailing_id, ":counts": "counts#"}),
            ConsistentRead=True,
        )
        moves: Counter[str] = Counter()
        for item in items:
            moves.update(counter_items.by_name(counter_items.numbers(item)))
        return counter_items.counts(moves)

    def read(self, mailing_id: str) -> Statistics:
        """Counts and the timeline of one mailing."""
        return _statistics(self._items(mailing_id))

    def between(self, mailing_id: str, *, begin: datetime, end: datetime) -> Statistics:
        """What a mailing counts now, with the minutes from `begin` until before `end` alone."""
        values = {
            ":mailing": mailing_id,
            ":begin": counter_items.minute_start(begin),
            ":end": counter_items.minute_start(end),  # its parts come after it
        }
        minutes = dynamo.query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="mailing_id = :mailing AND #item BETWEEN :begin AND :end",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item(values),
        )
        return _statistics(chain(self._count_items([mailing_id]), minutes))

    def tally(self, mailing_id: str, *, recount: int) -> tuple[Tally, Tally]:
        """(what the counters of that recount hold, what all earlier ones hold); consistent."""
        own: Counter[str] = Counter()
        older: Counter[str] = Counter()
        for item in self._count_items([mailing_id]):
            for attribute, number in counter_items.numbers(item).items():
                name, of = counter_items.split(attribute)
                (own if of == recount else older)[name] += number
        return counter_items.tally(own), counter_items.tally(older)

    def drop_before(self, mailing_id: str, *, recount: int) -> None:
        """Forget what the counters of earlier recounts hold, here and in the overall counts.

        One transaction, under the condition that they hold what was read.
        """
        actions: list[dict[str, Any]] = []
        dropped: Counter[str] = Counter()
        for item in self._count_items([mailing_id]):
            numbers = counter_items.numbers(item)
            old = {
                each: number
                for each, number in numbers.items()
                if counter_items.split(each)[1] < recount
            }
            for attribute, number in old.items():
                dropped[counter_items.split(attribute)[0]] -= number
            if old:
                actions.append(self._drop(item, old))
        actions += self._add(_OVERALL, "counts#00", counter_items.of_all(dropped))
        if actions and dynamo.transact(self._client, actions):
            raise LostRace(f"counters of mailing {mailing_id} changed at the same moment")

    def overall(self) -> Counts:
        """Of all mailings ever."""
        return self.counts([_OVERALL])[_OVERALL]

    def overall_tally(self) -> Tally:
        """Of all mailings ever, with the calls of the gateway that were begun for them."""
        own, older = self.tally(_OVERALL, recount=0)
        return own.plus(older.model_dump())

    def remove(self, mailing_id: str) -> None:
        """Forget a purged mailing; the overall counts stay."""
        keys = (
            {"mailing_id": item["mailing_id"], "item": item["item"]}
            for item in self._items(mailing_id)
        )
        dynamo.delete_many(self._client, self._table, keys)

    def _count_items(self, mailing_ids: Iterable[str]) -> Iterator[Item]:
        keys = [
            to_item({"mailing_id": mailing_id, "item": f"counts#{part:02d}"})
            for mailing_id in mailing_ids
            for part in range(PARTS)
        ]
        return dynamo.get_many(self._client, self._table, keys, consistent=True)

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
        by_mailing: dict[str, dict[str, int]] = {}
        for (mailing_id, recount), moves in increments.counts.items():
            overall.update(counter_items.of_all(moves))
            own = by_mailing.setdefault(mailing_id, {})
            own |= {counter_items.joined(name, recount): by for name, by in moves.items()}
        for mailing_id, moves in by_mailing.items():
            yield from self._add(mailing_id, f"counts#{part}", moves)
        yield from self._add(_OVERALL, f"counts#{part}", overall)
        for (mailing_id, minute), moves in increments.minutes.items():
            yield from self._add(mailing_id, counter_items.minute_key(minute, part), moves)

    def _add(
        self, mailing_id: str, item: str, moves: Mapping[str, int]
    ) -> Iterator[dict[str, Any]]:
        """One update, or none when nothing changes."""
        moves = {name: by for name, by in moves.items() if by}
        if not moves:
            return
        yield self._update(
            to_item({"mailing_id": mailing_id, "item": item}),
            moves,
            UpdateExpression="ADD " + ", ".join(f"#{n} :{n}" for n in range(len(moves))),
        )

    def _drop(self, item: Item, numbers: Mapping[str, int]) -> dict[str, Any]:
        places = range(len(numbers))
        return self._update(
            {"mailing_id": item["mailing_id"], "item": item["item"]},
            numbers,
            UpdateExpression="REMOVE " + ", ".join(f"#{n}" for n in places),
            ConditionExpression=" AND ".join(f"#{n} = :{n}" for n in places),
        )

    def _update(self, key: Item, numbers: Mapping[str, int], **expressions: str) -> dict[str, Any]:
        """An update whose expressions name the n-th attribute `#n` and its number `:n`."""
        return {
            "Update": {
                "TableName": self._table,
                "Key": key,
                **expressions,
                "ExpressionAttributeNames": {f"#{n}": name for n, name in enumerate(numbers)},
                "ExpressionAttributeValues": {
                    f":{n}": to_attribute(number) for n, number in enumerate(numbers.values())
                },
            }
        }


def _statistics(items: Iterable[Item]) -> Statistics:
    total: Counter[str] = Counter()
    minutes: dict[str, Counter[str]] = {}
    for item in items:
        kind, *minute, _ = item["item"]["S"].split("#")
        counter = total if kind == "counts" else minutes.setdefault(minute[0], Counter())
        counter.update(counter_items.by_name(counter_items.numbers(item)))
    timeline = (
        Minute(minute=parse_instant(minute), **counts) for minute, counts in sorted(minutes.items())
    )
    return Statistics(
        counts=counter_items.counts(total),
        attempts=total["attempts"],
        timeline=tuple(timeline),
        errors=errors_in(total),
    )


def _position_key(shard: str) -> Item:
    return to_item({"mailing_id": f"shard#{shard}", "item": "position"})
