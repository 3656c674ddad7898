"""Pages of a scan without reading the whole table for each.

MiniStack sorts, hashes and copies every item of the table for each page: two seconds of its one
process with 200,000 items, in which nobody else is served. A page needs the next few keys of its
segment, or of the table. These are found here, in an order that is remembered as long as the table
has the same keys, and MiniStack is asked for a page of a table of nothing but them, so that what it
answers stays its own.
"""

from __future__ import annotations

import functools
import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

SEGMENTS_MAX = 1_000_000
"""AWS and MiniStack refuse more."""
_SEGMENTS = ("Segment", "TotalSegments")


def install(dynamodb: Any) -> None:
    """Quicken the scans whose pages are cut by a limit; all others go as before."""
    scan = dynamodb._scan
    orders: dict[str, Order] = {}

    @functools.wraps(scan)
    def quick(request: dict[str, Any]) -> Any:
        name = dynamodb._normalize_table_name(request.get("TableName"))
        table = dynamodb._tables.get(name)
        part = None if table is None else _part(request, table)
        if part is None:
            return scan(request)
        items = table["items"]
        if name not in orders or orders[name].keys != items.keys():
            orders[name] = Order(items)
        start = dynamodb._extract_key_val(
            request.get("ExclusiveStartKey", {}).get(table["pk_name"], {})
        )
        keys = orders[name].next_keys(*part, after=start, limit=int(request["Limit"]))
        dynamodb._tables[name] = {**table, "items": {key: items[key] for key in keys}}
        try:
            return scan({name: value for name, value in request.items() if name not in _SEGMENTS})
        finally:
            dynamodb._tables[name] = table

    dynamodb._scan = quick


def _part(request: dict[str, Any], table: dict[str, Any]) -> tuple[int, int] | None:
    """Which segment of how many, by pages, of a table with a hash key alone.

    None for any other scan, and for what is wrong: MiniStack refuses that.
    """
    if "IndexName" in request or table["sk_name"]:
        return None
    match [request.get(name) for name in (*_SEGMENTS, "Limit")]:
        case [None, None, int(limit)] if limit > 0:
            return 0, 1
        case [int(segment), int(total), int(limit)] if limit > 0:
            return (segment, total) if 0 <= segment < total <= SEGMENTS_MAX else None
    return None


class Order:
    """The keys of a table, in the order in which each segment of a scan comes to them."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        self._segments: dict[int, list[list[str]]] = {}

    def next_keys(self, segment: int, total: int, *, after: str, limit: int) -> list[str]:
        """The first keys of the segment behind `after`, one more than a page holds."""
        if total not in self._segments:
            self._segments[total] = self._divided(total)
        ours = self._segments[total][segment]
        begin = bisect_right(ours, after)
        return ours[begin : begin + limit + 1]

    def _divided(self, total: int) -> list[list[str]]:
        segments: list[list[str]] = [[] for _ in range(total)]
        for key in sorted(self.keys):
            segments[segment_of(key, total) if total > 1 else 0].append(key)
        return segments


def segment_of(key: str, total: int) -> int:
    """The segment that MiniStack puts a key into."""
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") % total
