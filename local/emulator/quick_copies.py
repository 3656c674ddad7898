"""Items are copied as what they are: objects, lists and words of JSON.

MiniStack copies an item twice for each update, with `copy.deepcopy`, which asks of each part what
it is, and whether it was met before. In an item nothing is met twice.
"""

from __future__ import annotations

import copy
from typing import Any

_thorough = copy.deepcopy


class Copies:
    """Takes the place of the module `copy` where items are copied."""

    copy = staticmethod(copy.copy)

    @staticmethod
    def deepcopy(value: Any) -> Any:
        if copy.deepcopy is not _thorough:  # a snapshot is written, and that copies nothing
            return copy.deepcopy(value)
        return copied(value)


def install(dynamodb: Any) -> None:
    """Quicken the copies that the tables' service makes."""
    dynamodb.copy = Copies


def copied(value: Any) -> Any:
    """A copy that shares nothing with the value that could change."""
    kind = type(value)
    if kind is str:
        return value
    if kind is dict:
        return {name: each if type(each) is str else copied(each) for name, each in value.items()}
    if kind is list:
        return [copied(each) for each in value]
    return _thorough(value)
