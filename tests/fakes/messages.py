"""A fake of `Messages`, with its stream."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from carillon.errors import Malformed
from carillon.models.message import Message, MessageStatus, partition_number
from carillon.ports import Page
from tests.fakes.storing import stored

OnChange = Callable[[Message | None, Message | None], None]
Key = tuple[str, str]
_CURSOR = re.compile(r"(0[0-9]|1[0-5])#([0-9A-Za-z_]{0,64})")


def _nobody_looks(old: Message | None, new: Message | None) -> None:
    """The stream that no function reads."""


class FakeMessages:
    """`by_key` holds them by (mailing_id, client_id); `on_change(old, new)` is the stream."""

    def __init__(self, on_change: OnChange = _nobody_looks) -> None:
        self._on_change = on_change
        self.by_key: dict[Key, Message] = {}

    def insert(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if _key(message) not in self.by_key:
                self._put(message)

    def swap(self, changes: Sequence[tuple[Message, Message]]) -> Sequence[bool]:
        return [self._swap(before, after) for before, after in changes]

    def get(self, mailing_id: str, client_id: str) -> Message | None:
        return self.by_key.get((mailing_id, client_id))

    def get_many(self, keys: Collection[Key]) -> Mapping[Key, Message]:
        return {key: self.by_key[key] for key in keys if key in self.by_key}

    def page(
        self,
        mailing_id: str,
        *,
        status: MessageStatus | None,
        limit: int,
        cursor: str | None,
        consistent: bool = False,  # noqa: ARG002 - a fake is always consistent
    ) -> Page[Message]:
        start = _parse_cursor(cursor)
        places = {_place(key[1]): each for key, each in self.by_key.items() if key[0] == mailing_id}
        read = sorted(place for place in places if start is None or place > start)[:limit]
        found = [places[each] for each in read if status in (None, places[each].status)]
        return Page(found, f"{read[-1][0]:02d}#{read[-1][1]}" if len(read) == limit else None)

    def remove(self, messages: Sequence[Message]) -> None:
        for message in messages:
            old = self.by_key.pop(_key(message), None)
            if old:
                self._on_change(old, None)

    def _swap(self, before: Message, after: Message) -> bool:
        present = self.by_key.get(_key(before))
        if present is None:
            return False
        if present.token == before.token:
            # What the writer believed and left alone stays as it is.
            names = [name for name in Message.model_fields if _differs(name, before, after)]
            self._put(present.model_copy(update={name: getattr(after, name) for name in names}))
            return True
        return present.token == after.token

    def _put(self, message: Message) -> None:
        old, new = self.by_key.get(_key(message)), stored(message)
        self.by_key[_key(message)] = new
        self._on_change(old, new)


def _key(message: Message) -> Key:
    return message.mailing_id, message.client_id


def _differs(name: str, before: Message, after: Message) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def _place(client_id: str) -> tuple[int, str]:
    return partition_number(client_id), client_id


def _parse_cursor(cursor: str | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise Malformed("the cursor is not one of this list")
    return int(match[1]), match[2]
