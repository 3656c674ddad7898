"""What calls of the gateway were like in DynamoDB: the port `GatewayJournal`.

Beside the pace in the table `gateway` lies an item a minute, `minute#<instant>`, for a day. All
senders add to it: twenty of them, with some batches a second each, are some 60 writes a second, of
the 1,000 that an item takes.

ADD knows sums but no maximum. It does unite sets, so each batch adds how long its slowest call
took, rounded up to two digits: the maximum is the largest member, of 300 at most.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from carillon.adapters import dynamo
from carillon.adapters.aws import translated
from carillon.adapters.items import Item, from_item, to_item
from carillon.models.conduct import BreakerNote, Conduct, Trouble
from carillon.models.instant import format_instant, parse_instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_FOR = timedelta(days=1)

_MINUTE = "minute#"
_TOOK = "took_"
_COUNTERS = ("accepted", "refused", "retried")
_SLOWEST_WIDTH = 6
"""Digits of a time in milliseconds as text, so that the order of texts is that of numbers."""


class DynamoJournal:
    """`table` holds what all senders share about the gateway."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def note(self, minute: datetime, conduct: Conduct) -> None:
        """Add to the minute. An answer that is lost may be added twice: it is a gauge."""
        added = _added(conduct)
        told = {"expires_at": int((minute + KEPT_FOR).timestamp()), **_told(conduct)}
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=_key(minute),
                UpdateExpression="ADD "
                + ", ".join(f"#{name} :{name}" for name in added)
                + " SET "
                + ", ".join(f"#{name} = :{name}" for name in told),
                ExpressionAttributeNames={f"#{name}": name for name in (*added, *told)},
                ExpressionAttributeValues=to_item(
                    {f":{name}": value for name, value in {**added, **told}.items()}
                ),
            )

    def read(self, minutes: Collection[datetime]) -> Mapping[datetime, Conduct]:
        """What is known of each of these minutes; eventually consistent."""
        keys = [_key(minute) for minute in minutes]
        items = dynamo.get_many(self._client, self._table, keys, consistent=False)
        return dict(_minute(from_item(item)) for item in items)


def _key(minute: datetime) -> Item:
    return to_item({"item": f"{_MINUTE}{format_instant(minute)}"})


def _added(conduct: Conduct) -> dict[str, object]:
    """What all batches of a minute add up."""
    took = {f"{_TOOK}{bucket}": calls for bucket, calls in conduct.took.items()}
    slowest = {f"{conduct.slowest_ms:0{_SLOWEST_WIDTH}d}"}
    return {**{name: getattr(conduct, name) for name in _COUNTERS}, **took, "slowest": slowest}


def _told(conduct: Conduct) -> dict[str, object]:
    """What the last one tells."""
    told: dict[str, object] = {}
    if conduct.trouble is not None:
        told["last_error"] = conduct.trouble.error
        told["last_error_at"] = format_instant(conduct.trouble.at)
    if conduct.breaker is not None:
        until = conduct.breaker.until
        told["breaker_until"] = None if until is None else format_instant(until)
    return told


def _minute(values: Mapping[str, Any]) -> tuple[datetime, Conduct]:
    trouble, breaker = None, None
    if "last_error" in values:
        trouble = Trouble(values["last_error"], parse_instant(values["last_error_at"]))
    if "breaker_until" in values:
        until = values["breaker_until"]
        breaker = BreakerNote(None if until is None else parse_instant(until))
    conduct = Conduct(
        **{name: values[name] for name in _COUNTERS},
        took={
            int(name.removeprefix(_TOOK)): calls
            for name, calls in values.items()
            if name.startswith(_TOOK)
        },
        slowest_ms=int(max(values["slowest"])),
        trouble=trouble,
        breaker=breaker,
    )
    return parse_instant(values["item"].removeprefix(_MINUTE)), conduct
