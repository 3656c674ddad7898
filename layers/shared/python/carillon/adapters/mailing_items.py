"""How mailings, slices, waves and recounts are laid out in their table and shown by its stream.

| `item`           | what is there                                          |
| ---------------- | ------------------------------------------------------ |
| `mailing`        | the mailing itself                                     |
| `slice#003`      | one segment of the audience's scan                     |
| `wave#<instant>` | an opening of local hours, a search for lost doorbells |
| `recount#001`    | a recount of its messages                              |
| `test#<id>`      | a trial: `trials_table`                                |

Two sparse indexes: `newest` lists the mailings that are not deleted, `due` holds whatever must be
looked at at some time. An item is in `due` exactly while it carries `due` and `due_at`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carillon.adapters.items import Item, as_model, from_item, to_item
from carillon.models.instant import format_instant
from carillon.models.mailing import DueItem, Mailing, Slice
from carillon.models.recount import Recount
from carillon.models.wave import Wave

MAILING = "mailing"


def mailing_from_item(item: Mapping[str, Any]) -> Mailing:
    """A mailing from a stored item or a stream record's image."""
    values = from_item(item)
    return as_model(Mailing, {"id": values.pop("mailing_id"), **values})


def slice_from_item(item: Mapping[str, Any]) -> Slice:
    """A slice from a stored item."""
    return as_model(Slice, from_item(item))


def recount_from_item(item: Mapping[str, Any]) -> Recount:
    """A recount from a stored item."""
    return as_model(Recount, from_item(item))


def wave_from_item(item: Mapping[str, Any]) -> Wave:
    """A wave from a stored item."""
    return as_model(Wave, from_item(item))


def due_from_item(item: Mapping[str, Any]) -> DueItem:
    """Whichever of the four the stored item is."""
    kind = item["item"]["S"].partition("#")[0]
    if kind == MAILING:
        return mailing_from_item(item)
    if kind == "slice":
        return slice_from_item(item)
    if kind == "recount":
        return recount_from_item(item)
    return wave_from_item(item)


def mailing_item(mailing: Mailing) -> Item:
    """What is stored; a deleted mailing is not listed."""
    values = mailing.model_dump(mode="json", exclude={"id"})
    if not mailing.deleted:
        values |= {"listed": MAILING, "listed_at": f"{values['created_at']}#{mailing.id}"}
    return _beside(mailing.id, MAILING, values)


def work_item(work: Slice | Wave | Recount) -> Item:
    """What is stored of a piece of work beside its mailing."""
    values = work.model_dump(mode="json")
    match work:
        case Slice(number=number):
            return _beside(work.mailing_id, slice_key(number), values)
        case Recount(number=number):
            return _beside(work.mailing_id, recount_key(number), values)
        case Wave(opens_at=opens_at, due_at=due_at):
            values["due_at"] = format_instant(due_at)
            return _beside(work.mailing_id, wave_key(opens_at), values)


def slice_key(number: int) -> str:
    """The sort key of a slice."""
    return f"slice#{number:03d}"


def recount_key(number: int) -> str:
    """The sort key of a recount."""
    return f"recount#{number:03d}"


def wave_key(opens_at: datetime) -> str:
    """The sort key of a wave."""
    return f"wave#{format_instant(opens_at)}"


def key_of(item: Item) -> Item:
    """The key among the attributes."""
    return {"mailing_id": item["mailing_id"], "item": item["item"]}


def _beside(mailing_id: str, sort_key: str, values: Mapping[str, object]) -> Item:
    """The item without what is None, and in the index `due` if it has a time for that."""
    present = {name: value for name, value in values.items() if value is not None}
    due = {"due": "due"} if "due_at" in present else {}
    return to_item({**present, **due, "mailing_id": mailing_id, "item": sort_key})
