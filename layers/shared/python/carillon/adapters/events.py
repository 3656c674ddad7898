"""What Lambda hands to our functions, read into our models: queue records and stream records.

A record that cannot be read is logged with its ids and set aside; its neighbours are not disturbed.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from pydantic import ValidationError

from carillon.adapters.mailing_items import mailing_from_item
from carillon.adapters.message_items import message_from_item
from carillon.adapters.trials_table import bell_of
from carillon.models.commands import TrialBell
from carillon.models.records import MailingChange, MessageChange, Record

logger = logging.getLogger(__name__)

Event: TypeAlias = dict[str, Any]
"""As Lambda passes it: untyped JSON, read here and nowhere else."""

T = TypeVar("T")


def read_queue(
    event: Event, parse: Callable[[str], T]
) -> tuple[list[Record[T]], list[Record[str]]]:
    """The batch's records, and those that are none of ours: on to the dead letters."""
    read: list[Record[T]] = []
    unreadable: list[Record[str]] = []
    for each in event["Records"]:
        record = Record(
            id=each["messageId"],
            receipt=each["receiptHandle"],
            receives=int(each["attributes"]["ApproximateReceiveCount"]),
            body=each["body"],
        )
        try:
            read.append(replace(record, body=parse(record.body)))
        except ValidationError:
            logger.error("queue record is not ours", extra={"record_id": record.id})
            unreadable.append(record)
    return read, unreadable


def batch_item_failures(record_ids: Iterable[str]) -> Event:
    """Lambda's answer that says which records of a queue must come again."""
    return {"batchItemFailures": [{"itemIdentifier": each} for each in record_ids]}


def mailing_changes(event: Event) -> Iterator[MailingChange]:
    """Each mailing that the stream says was written, in order."""
    for each in event.get("Records", []):
        images = each["dynamodb"]
        if images["Keys"]["item"]["S"] != "mailing":
            continue  # other things lie beside their mailing
        with_images = _read(each, mailing_from_item)
        if with_images is not None:
            yield MailingChange(str(each.get("eventID")), *with_images)


def new_trials(event: Event) -> list[TrialBell]:
    """The bell of each trial that the stream says was added; how it goes on is no news."""
    bells = []
    for each in event.get("Records", []):
        try:
            bell = bell_of(each["dynamodb"]["Keys"])
        except ValidationError:
            _not_ours(each)
            continue
        if bell is not None and each.get("eventName") == "INSERT":
            bells.append(bell)
    return bells


def message_changes(event: Event) -> list[MessageChange]:
    """Each message that the stream says was written, in order."""
    changes = []
    for each in event.get("Records", []):
        images = _read(each, message_from_item)
        if images is not None:
            sequence = each["dynamodb"]["SequenceNumber"]
            changes.append(MessageChange(sequence=sequence, old=images[0], new=images[1]))
    return changes


def _read(record: Event, model: Callable[[Event], T]) -> tuple[T | None, T | None] | None:
    """(old, new) of one stream record; None, and an error in the log, when it cannot be read."""
    images = record["dynamodb"]
    old, new = images.get("OldImage"), images.get("NewImage")
    try:
        return (model(old) if old else None), (model(new) if new else None)
    except (ValueError, TypeError, KeyError, AttributeError):  # whatever an item may be made of
        _not_ours(record)
        return None


def _not_ours(record: Event) -> None:
    extra = {"record_id": record.get("eventID"), "keys": record["dynamodb"].get("Keys")}
    logger.error("stream record is not ours", extra=extra)
