"""Pages of a parallel scan without reading the whole table for each.

MiniStack sorts, hashes and copies every item of the table for each page of a segment: two seconds
of its one process with 200,000 items, in which nobody else is served. A page needs the next few
keys of its segment. These are found here, and MiniStack is shown a table of nothing but them, so
that what it answers stays its own.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from itertools import islice
from typing import Any


def install(dynamodb: Any) -> None:
    """Quicken the scans whose pages are cut by a limit; all others go as before."""
    scan = dynamodb._scan

    @functools.wraps(scan)
    def quick(request: dict[str, Any]) -> Any:
        name = dynamodb._normalize_table_name(request.get("TableName"))
        table = dynamodb._tables.get(name)
        if table is None or not _is_quickened(request, table):
            return scan(request)
        start = dynamodb._extract_key_val(
            request.get("ExclusiveStartKey", {}).get(table["pk_name"], {})
        )
        keys = next_keys(
            table["items"],
            after=start,
            segment=int(request["Segment"]),
            total=int(request["TotalSegments"]),
            limit=int(request["Limit"]),
        )
        items = table["items"]
        dynamodb._tables[name] = {**table, "items": {key: items[key] for key in keys}}
        try:
            return scan(request)
        finally:
            dynamodb._tables[name] = table

    dynamodb._scan = quick


def _is_quickened(request: dict[str, Any], table: dict[str, Any]) -> bool:
    """A segment, by pages, of a table with a hash key alone; MiniStack refuses what is wrong."""
    numbers = [request.get(name) for name in ("Segment", "TotalSegments", "Limit")]
    if "IndexName" in request or table["sk_name"]:
        return False
    match numbers:
        case [int(segment), int(total), int(limit)]:
            return 0 <= segment < total and limit > 0
    return False


def next_keys(
    keys: Iterable[str], *, after: str, segment: int, total: int, limit: int
) -> list[str]:
    """The first keys of the segment behind `after`, one more than a page holds."""
    behind = sorted(key for key in keys if key > after)
    ours = (key for key in behind if segment_of(key, total) == segment)
    return list(islice(ours, limit + 1))


def segment_of(key: str, total: int) -> int:
    """The segment that MiniStack puts a key into."""
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") % total
