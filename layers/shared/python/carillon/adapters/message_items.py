"""How a message is laid out in its table: what the table's adapter writes and the stream shows.

A mailing's messages are spread over partitions `mailing_id#00` to `#15`, with the client's id as
sort key. A field that a new message has as any other has it, such as no attempts, is left out: an
item is written, streamed and read three times on its way, and half of its fields stay so.
"""

from collections.abc import Mapping
from typing import Any

from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.models.message import UNTOUCHED, Message, MessageStatus, partition_number

_IN_KEY = {"mailing_id", "client_id"}
_CHANGING = Message.model_fields.keys() - _IN_KEY - {"created_at"}
_ALWAYS = {"status": MessageStatus.PENDING, "token": UNTOUCHED}
"""What requests name: a page by its status, and each change by the token it is made to."""


def message_from_item(item: Mapping[str, Any]) -> Message:
    """A message from a stored item or a stream record's image."""
    values = from_item(item)
    mailing_id = values.pop("part").rpartition("#")[0]
    return as_model(Message, {"mailing_id": mailing_id, **values})


def message_item(message: Message) -> Item:
    """What is stored."""
    values = message.model_dump(mode="json", exclude=_IN_KEY, exclude_defaults=True)
    return to_item({**_ALWAYS, **values}) | message_key(message.mailing_id, message.client_id)


def changed_fields(before: Message, after: Message) -> Item:
    """What is stored otherwise of `after`; NULL for what has no value any more."""
    names = {name for name in _CHANGING if getattr(before, name) != getattr(after, name)}
    return to_item(after.model_dump(mode="json", include=names))


def message_key(mailing_id: str, client_id: str) -> Item:
    """Where the message of a mailing to a client is; computable without a look."""
    part = f"{mailing_id}#{partition_number(client_id):02d}"
    return to_item({"part": part, "client_id": client_id})
