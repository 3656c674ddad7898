"""Mailings in DynamoDB, with their slices and waves beside them: the port `Mailings`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.aws import translated
from carillon.adapters.creation_log import record_creation
from carillon.adapters.items import Item, to_attribute, to_item
from carillon.adapters.mailing_items import (
    MAILING,
    due_from_item,
    key_of,
    mailing_from_item,
    mailing_item,
    recount_from_item,
    recount_key,
    slice_from_item,
    slice_key,
    wave_from_item,
    wave_key,
    work_item,
)
from carillon.errors import LostRace, Malformed
from carillon.models.instant import format_instant, parse_instant
from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.ports import Creation, Page, W

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CURSOR = re.compile(r"[0-9TZ:.-]{24}#([0-9A-Za-z_]{1,64})")
"""A cursor is the `listed_at` of the last mailing that was read: its time and its id."""

_TICK = timedelta(milliseconds=1)
"""The least by which two stored instants differ."""

_ADDITION, _KEY = 0, 1
"""Places in the transaction that adds a mailing."""


class MailingsTable:
    """`table` holds the mailings, `keys` the Idempotency-Keys: only who adds mailings has those."""

    def __init__(self, client: "DynamoDBClient", table: str, *, keys: str | None = None) -> None:
        self._client = client
        self._table = table
        self._keys = keys

    def get(self, mailing_id: str, *, consistent: bool = True) -> Mailing | None:
        """None when it never was or is purged; a deleted one is still there."""
        item = self._get(mailing_id, MAILING, consistent=consistent)
        return mailing_from_item(item) if item else None

    def add(self, mailing: Mailing, creation: Creation | None) -> None:
        """One transaction with the key; `LostRace` when either exists."""
        actions = [
            self._put(mailing_item(mailing), dynamo.if_absent("mailing_id")),
            *record_creation(self._keys, creation, object_id=mailing.id, at=mailing.created_at),
        ]
        refused = dynamo.transact(self._client, actions)
        if refused and not (_ADDITION in refused and self._was_added(mailing)):
            raise LostRace("the same creation was going on at the same moment")

    def replace(self, old: Mailing, new: Mailing) -> None:
        """If still at `old.rev`, else `LostRace`."""
        item, unchanged = mailing_item(new), dynamo.if_equal("rev", old.rev)
        if not dynamo.put(self._client, self._table, item, unchanged):
            self._expect_own_write(item)

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        """Newest first; deleted ones are left out."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "newest",
            "KeyConditionExpression": "listed = :listed",
            "ExpressionAttributeValues": {":listed": to_attribute(MAILING)},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if status is not None:
            request["FilterExpression"] = "#status = :status"
            request["ExpressionAttributeNames"] = {"#status": "status"}
            request["ExpressionAttributeValues"][":status"] = to_attribute(status)
        if cursor is not None:
            request["ExclusiveStartKey"] = _start_key(cursor)
        with translated():
            response = self._client.query(**request)
        last = response.get("LastEvaluatedKey")
        return Page(
            items=[mailing_from_item(item) for item in response["Items"]],
            cursor=last["listed_at"]["S"] if last else None,
        )

    def begin(self, old: Mailing, new: Mailing, work: Sequence[Slice | Recount]) -> None:
        """One transaction: `new` if still at `old.rev`, and the work that it begins. `LostRace`."""
        item = mailing_item(new)
        actions = [self._put(item, dynamo.if_equal("rev", old.rev))]
        actions += [self._put(work_item(each), {}) for each in work]
        if dynamo.transact(self._client, actions):
            self._expect_own_write(item)

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        """Consistent."""
        item = self._get(mailing_id, slice_key(number), consistent=True)
        return slice_from_item(item) if item else None

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        """All of a mailing; consistent."""
        items = dynamo.query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="mailing_id = :mailing AND begins_with(#item, :slices)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":mailing": mailing_id, ":slices": "slice#"}),
            ConsistentRead=True,
        )
        return [slice_from_item(item) for item in items]

    def recount(self, mailing_id: str, number: int) -> Recount | None:
        """Consistent."""
        item = self._get(mailing_id, recount_key(number), consistent=True)
        return recount_from_item(item) if item else None

    def checkpoint(self, old: W, new: W) -> None:
        """How far a piece of work has come, if still at `old.rev`, else `LostRace`."""
        item, unchanged = work_item(new), dynamo.if_equal("rev", old.rev)
        if not dynamo.put(self._client, self._table, item, unchanged):
            self._expect_own_write(item)

    def wave(self, mailing_id: str, opens_at: datetime) -> Wave | None:
        """Consistent."""
        item = self._get(mailing_id, wave_key(opens_at), consistent=True)
        return wave_from_item(item) if item else None

    def add_wave(self, wave: Wave) -> None:
        """Note it; one that is there stays, with whatever was done of it."""
        dynamo.put(self._client, self._table, work_item(wave), dynamo.if_absent("mailing_id"))

    def remove_wave(self, wave: Wave) -> None:
        """It was rung for."""
        with translated():
            self._client.delete_item(TableName=self._table, Key=key_of(work_item(wave)))

    def openings(
        self,
        mailing_id: str,
        *,
        after: datetime,
        before: datetime,
        limit: int,
        cursor: str | None,
    ) -> Page[datetime]:
        """Between the two, earliest first; consistent; reads at most `limit` waves.

        Searches for lost doorbells are waves that open nothing.
        """
        begin = after if cursor is None else max(after, _opening_in(cursor))
        if before - begin <= _TICK:  # DynamoDB refuses to look between what is no range
            return Page(items=[], cursor=None)
        first, last = wave_key(begin + _TICK), wave_key(before - _TICK)
        values = {":mailing": mailing_id, ":first": first, ":last": last, ":no": False}
        with translated():
            response = self._client.query(
                TableName=self._table,
                KeyConditionExpression="mailing_id = :mailing AND #item BETWEEN :first AND :last",
                FilterExpression="#search = :no",
                ExpressionAttributeNames={"#item": "item", "#search": "search"},
                ExpressionAttributeValues=to_item(values),
                ConsistentRead=True,
                Limit=limit,
            )
        last_read = response.get("LastEvaluatedKey")
        return Page(
            items=[wave_from_item(item).opens_at for item in response["Items"]],
            cursor=last_read["item"]["S"].partition("#")[2] if last_read else None,
        )

    def due(self, until: datetime) -> Iterable[DueItem]:
        """What is due at or before `until`, earliest first; eventually consistent."""
        items = dynamo.query(
            self._client,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="due = :due AND due_at <= :until",
            ExpressionAttributeValues=to_item({":due": "due", ":until": format_instant(until)}),
        )
        return map(due_from_item, items)

    def remove(self, mailing: Mailing) -> None:
        """All that lies beside it and last the mailing, so that an interrupted removal goes on."""
        items = dynamo.query(
            self._client,
            TableName=self._table,
            KeyConditionExpression="mailing_id = :mailing",
            ExpressionAttributeValues=to_item({":mailing": mailing.id}),
            ProjectionExpression="mailing_id, #item",
            ExpressionAttributeNames={"#item": "item"},
            ConsistentRead=True,
        )
        last = to_item({"mailing_id": mailing.id, "item": MAILING})
        dynamo.delete_many(self._client, self._table, (key for key in items if key != last))
        with translated():
            self._client.delete_item(TableName=self._table, Key=last)

    def _get(self, mailing_id: str, item: str, *, consistent: bool) -> Item | None:
        key = to_item({"mailing_id": mailing_id, "item": item})
        return dynamo.get(self._client, self._table, key, consistent=consistent)

    def _put(self, item: Item, condition: Mapping[str, Any]) -> dict[str, Any]:
        return {"Put": {"TableName": self._table, "Item": item, **condition}}

    def _was_added(self, mailing: Mailing) -> bool:
        """Ids are drawn afresh for each creation: the same id and time is our own write."""
        stored = self.get(mailing.id)
        return stored is not None and stored.created_at == mailing.created_at

    def _expect_own_write(self, item: Item) -> None:
        """After a refused condition: what we wanted is there if only the answer was lost."""
        if dynamo.get(self._client, self._table, key_of(item), consistent=True) != item:
            name = f"{item['item']['S']} of mailing {item['mailing_id']['S']}"
            raise LostRace(f"{name} changed at the same moment")


def _opening_in(cursor: str) -> datetime:
    """Where a list of openings goes on; `Malformed` for a cursor of another list."""
    try:
        return parse_instant(cursor)
    except ValueError as error:
        raise Malformed("the cursor is not one of this list") from error


def _start_key(cursor: str) -> Item:
    """Where the index `newest` goes on; `Malformed` for a cursor of another list."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Malformed("the cursor is not one of this list")
    return to_item(
        {"mailing_id": match[1], "item": MAILING, "listed": MAILING, "listed_at": cursor}
    )
