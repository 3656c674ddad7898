"""The size of an item, which every write is checked for and every page of a read adds up.

MiniStack encodes each text to count its bytes and takes each number apart by a dozen operations on
text: a seventh of what it does for a mailing. A text of ASCII has as many bytes as letters, and
most numbers were seen before.
"""

from __future__ import annotations

import functools
from typing import Any

NUMBERS_KEPT = 65_536


def install(dynamodb: Any) -> None:
    """Count what is common quickly, and leave all else to MiniStack."""
    value_size = dynamodb._attribute_value_size

    def item_size(item: Any) -> int:
        if not isinstance(item, dict):
            return 0
        total = 0
        for name, value in item.items():
            text = value.get("S") if type(value) is dict and len(value) == 1 else None
            total += _bytes(name)
            total += _bytes(text) if isinstance(text, str) else value_size(value)
        return total

    dynamodb._item_size_bytes = item_size
    dynamodb._number_size_bytes = functools.lru_cache(NUMBERS_KEPT, typed=True)(
        dynamodb._number_size_bytes
    )


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
