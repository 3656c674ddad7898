"""What a pass over messages tells in the log: a line for all that fared alike, with their clients.

A page has hundreds of messages, and who looks for one of them searches for its client's id. So a
page costs a line or two and not one for each message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from carillon.models.instant import format_instant
from carillon.models.message import Message, MessageStatus


def fates(messages: Iterable[Message], now: datetime) -> Iterator[dict[str, object]]:
    """The keys of a line for each group of messages with the same status, reason and waiting."""
    groups: defaultdict[tuple[object, ...], list[Message]] = defaultdict(list)
    for each in messages:
        groups[each.status, each.reason, _waits(each, now)].append(each)
    for (status, reason, waits), alike in groups.items():
        fate: dict[str, object] = {"message_status": status}
        if reason is not None:
            fate["reason"] = reason
        if waits:
            fate |= between(each.not_before for each in alike)
        yield {**fate, "client_ids": client_ids(alike)}


def client_ids(messages: Iterable[Message]) -> list[str]:
    """Whom these messages are for."""
    return [each.client_id for each in messages]


def between(times: Iterable[datetime]) -> dict[str, object]:
    """When the first of them is due, and the last if that is later."""
    known = sorted(times)
    first, last = known[0], known[-1]
    keys: dict[str, object] = {"next_at": format_instant(first)}
    return keys if first == last else {**keys, "next_by": format_instant(last)}


def _waits(message: Message, now: datetime) -> bool:
    return message.status is MessageStatus.PENDING and message.not_before > now
