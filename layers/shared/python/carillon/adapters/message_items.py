"""How a message is laid out in its table: what the table's adapter writes and the stream shows.

A mailing's messages are spread over partitions `mailing_id#00` to `#15`, with the client's id as
sort key. Every field is always present, NULL when it has no value, so that one UPDATE text serves
all changes.
"""

from collections.abc import Mapping
from typing import Any

from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.models.message import Message, partition_number


def message_from_item(item: Mapping[str, Any]) -> Message:
    """A message from a stored item or a stream record's image."""
    values = from_item(item)
    mailing_id = values.pop("part").rpartition("#")[0]
    return as_model(Message, {"mailing_id": mailing_id, **values})


def message_item(message: Message) -> Item:
    """What is stored."""
    values = message.model_dump(mode="json", exclude={"mailing_id", "client_id"})
    return to_item(values) | message_key(message.mailing_id, message.client_id)


def message_key(mailing_id: str, client_id: str) -> Item:
    """Where the message of a mailing to a client is; computable without a look."""
    part = f"{mailing_id}#{partition_number(client_id):02d}"
    return to_item({"part": part, "client_id": client_id})
