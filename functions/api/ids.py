"""Ids as they come in a path or a query: any text at all, of which only some can be ours."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from carillon.errors import NotFound
from carillon.models.message import split_message_id

_OURS = re.compile(r"[A-Za-z0-9]{1,64}(-[A-Za-z0-9]{1,64})?", re.ASCII)
"""Letters and digits, with one dash in a message's id. Whatever else arrives is unknown without
asking DynamoDB, which refuses a key that is empty or longer than 1,024 bytes with an error."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)

_GENERATED = re.compile(r"(?!.*[2-7]{10})[a-z2-7]{16}", re.ASCII)
"""As `Chance.new_id` makes them, without the one in three million that may hold a phone: by it are
ids told that may be logged, whatever else people put in their place."""

_LOGGED = ("mailing_id", "client_id", "message_id", "import_id", "test_id")


def known_shape(text: str) -> str:
    """The id, percent-decoded; `NotFound` when no id of ours can look like that."""
    decoded = unquote(text)
    if not _OURS.fullmatch(decoded):
        raise NotFound("there is nothing with this id")
    return decoded


def known_number(text: str) -> int:
    """The number of one of several things, from 1 on; `NotFound` for what is no such number."""
    if not _NUMBER.fullmatch(text):
        raise NotFound("there is nothing with this number")
    return int(text)


def logged_ids(asked: Mapping[str, str]) -> dict[str, str]:
    """The ids among what a request names, under their keys in the log, a message's with its parts.

    What cannot have been made by us is left out: a phone or a name in an id's place is no id.
    """
    whole = split_message_id(asked.get("message_id", ""))
    parts = zip(("mailing_id", "client_id"), whole, strict=True) if whole else ()
    return {
        name: text
        for name, text in {**asked, **dict(parts)}.items()
        if name in _LOGGED and all(map(_GENERATED.fullmatch, text.split("-")))
    }
