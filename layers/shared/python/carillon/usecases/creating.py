"""Create something once, however often the same request arrives.

The key of a request and what it created are written in one transaction. The log holds no answer,
only the object's id and time: the first answer is made again from the same body.
"""

from collections.abc import Callable
from typing import TypeVar

from carillon.errors import Conflict, Invalid
from carillon.ports import Created, Creation, CreationLog

T = TypeVar("T")


def create_once(
    log: CreationLog,
    creation: Creation | None,
    *,
    create: Callable[[], T],
    repeat: Callable[[Created], T],
) -> T:
    """What `create` makes, or what `repeat` makes of the first time this key was used.

    `Invalid` when the key came with another body before.
    """
    if creation is None:
        return create()
    first = _first(log, creation)
    if first is not None:
        return repeat(first)
    try:
        return create()
    except Conflict:
        # Its twin may have been faster by a moment, and then it is the twin that stands in the way.
        first = _first(log, creation)
        if first is None:
            raise
        return repeat(first)


def _first(log: CreationLog, creation: Creation) -> Created | None:
    first = log.find(creation.key)
    if first is not None and first.digest != creation.digest:
        raise Invalid("Idempotency-Key", "was used with another body; choose a new key")
    return first
