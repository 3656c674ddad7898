"""Ids as they come in a path or a query: any text at all, of which only some can be ours."""

import re
from urllib.parse import unquote

from carillon.errors import NotFound

_OURS = re.compile(r"[A-Za-z0-9]{1,64}(-[A-Za-z0-9]{1,64})?", re.ASCII)
"""Letters and digits, with one dash in a message's id. Whatever else arrives is unknown without
asking DynamoDB, which refuses a key that is empty or longer than 1,024 bytes with an error."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


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
