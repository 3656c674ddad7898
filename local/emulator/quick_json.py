"""Requests, answers and what functions are invoked with are read and written by orjson.

The same names, words and numbers; only the blanks that `json` writes between them are missing. What
orjson refuses, such as half a Unicode character, goes to `json`, which takes it or says what is
wrong with it.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import orjson

# json refuses these, orjson would write them.
_REFUSED_BY_JSON = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)


def install(responses: Any, runtime: Any) -> None:
    """Quicken the JSON of answers and invocations.

    The services themselves write with `json`: some of it becomes part of a message to a person.
    """
    responses.json = with_functions(loads=loads, dumps=dumps)
    runtime.json = with_functions(loads=loads, dumps=line)


def with_functions(**functions: Any) -> SimpleNamespace:
    """The module `json`, but for these functions."""
    return SimpleNamespace(**{**vars(json), **functions})


def loads(text: str | bytes) -> Any:
    try:
        found = orjson.loads(text)
    except ValueError:
        return json.loads(text)
    if type(found) is dict and float in map(type, found.values()):
        return json.loads(text)  # an integer of more than 64 bits stays one
    return found


def dumps(content: Any, **options: Any) -> str:
    try:
        return orjson.dumps(content, None, _REFUSED_BY_JSON).decode()
    except TypeError:
        return json.dumps(content, **options)


def line(content: Any) -> str:
    """What goes through a pipe in the encoding of the machine, which all agree on for ASCII."""
    text = dumps(content)
    return text if text.isascii() else json.dumps(content)
