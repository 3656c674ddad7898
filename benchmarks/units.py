"""What DynamoDB charges for a request: read and write units, from the sizes of items alone.

Pure: it is told what was asked and what is stored, and knows no client and no emulator. The rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Item: TypeAlias = Mapping[str, Any]
"""Attributes by name, each as `{"S": "text"}` and the like."""

WRITE_BYTES: Final = 1024
READ_BYTES: Final = 4096
"""Of one unit; what is left over counts as a whole one."""

TRANSACTION: Final = 2
"""A transaction costs double: it prepares and commits."""

EVENTUAL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Index:
    """A global secondary index with all attributes of its table: those that its keys name."""

    name: str
    keys: tuple[str, ...]

    def entry(self, item: Item | None) -> Item | None:
        """What it holds of an item; nothing of one that lacks a key."""
        return item if item is not None and all(key in item for key in self.keys) else None


def item_bytes(item: Item) -> int:
    """Names and values; the 100 bytes beside are for storage and are not charged by requests."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Item) -> int:
    """One attribute's value.

    A number takes a byte for two of its significant digits, one more for its sign if it is below
    zero, and one. A list or map takes 3 bytes, and one for each element.
    """
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(str(content).encode())
        case "N":
            digits = content.lstrip("-").replace(".", "").strip("0")
            return math.ceil(len(digits) / 2) + (2 if content.startswith("-") else 1)
        case "BOOL" | "NULL":
            return 1
        case "SS":
            return sum(len(each.encode()) for each in content)
        case "L":
            return 3 + sum(1 + value_bytes(each) for each in content)
        case "M":
            return 3 + len(content) + item_bytes(content)
    raise ValueError(f"attributes of type {kind} are none of ours")


def write_units(before: Item | None, after: Item | None) -> int:
    """Of the table, for one item: of the larger one, before or after, and never none.

    A condition that fails is charged for the larger of what is there and what was to be there.
    """
    size = max(item_bytes(each) if each is not None else 0 for each in (before, after))
    return max(1, math.ceil(size / WRITE_BYTES))


def index_units(index: Index, before: Item | None, after: Item | None) -> int:
    """Of one index, for a change of one item.

    An entry that comes, goes or changes is a write; one whose keys change is taken away and put
    elsewhere, which is two; one that stays as it is costs nothing.
    """
    old, new = index.entry(before), index.entry(after)
    if old == new:
        return 0
    if old is not None and new is not None and _moved(index, old, new):
        return write_units(old, None) + write_units(None, new)
    return write_units(old, new)


def _moved(index: Index, old: Item, new: Item) -> bool:
    return any(old[key] != new[key] for key in index.keys)


def change_units(
    indexes: Sequence[Index], before: Item | None, after: Item | None, *, transaction: bool = False
) -> int:
    """Of a table and its indexes, for a change of one item.

    AWS does not say whether the share of an index doubles in a transaction; we count that it does.
    """
    units = write_units(before, after)
    units += sum(index_units(index, before, after) for index in indexes)
    return units * (TRANSACTION if transaction else 1)


def read_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Of items read one by one, as GetItem and BatchGetItem do: each is rounded up by itself.

    One that is not there has the size 0, and costs as much as the smallest.
    """
    units = sum(max(1, math.ceil(size / READ_BYTES)) for size in sizes)
    return units if consistent else units * EVENTUAL


def range_units(sizes: Iterable[int], *, consistent: bool) -> float:
    """Of a Query or Scan: the sizes of all items that it looked at, rounded up together."""
    return read_units([sum(sizes)], consistent=consistent)
