"""The size of an item, which every write is checked for and every page of a read adds up.

MiniStack encodes each text to count its bytes and takes each number apart by a dozen operations on
text: a tenth of what it does for mailings. A text of ASCII has as many bytes as letters, and
most numbers were seen before.
"""

from __future__ import annotations

import functools
from typing import Any

NUMBERS_KEPT = 65_536


def install(dynamodb: Any) -> None:
    """Count what is common quickly, and leave all else to MiniStack."""
    size_of_others = dynamodb._attribute_value_size
    number_size = functools.lru_cache(NUMBERS_KEPT)(dynamodb._number_size_bytes)

    def size(value: Any) -> int:
        if type(value) is dict and len(value) == 1:
            [(kind, content)] = value.items()
            if kind == "S" and type(content) is str:
                return len(content) if content.isascii() else len(content.encode())
            if kind == "N" and type(content) is str:
                return int(number_size(content))
            if kind == "L" and type(content) is list:
                return 3 + sum(1 + size(each) for each in content if isinstance(each, dict))
        return int(size_of_others(value))

    dynamodb._attribute_value_size = size
