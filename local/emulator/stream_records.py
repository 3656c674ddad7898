"""Stream records, as long as some event source mapping has yet to read them.

AWS keeps them for 24 hours. So does MiniStack, in memory, three to each message of a mailing: after
a few mailings they are most of what it holds, and most of what a snapshot copies. It also drops
them at a stop but keeps the mappings' positions, so that after a start as many new records again
would be skipped.

Here a record goes when every mapping of its stream has read it, and what is left outlives a stop. A
mapping that is added later begins with what is left.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping
from typing import Any

Kept = dict[str, Any]
"""Of one table: `records` that somebody has yet to read, and the `position` of the first."""


class StreamRecords:
    """Those of all tables, by MiniStack's own modules of that name."""

    def __init__(self, dynamodb: Any, lambda_service: Any) -> None:
        self._dynamodb = dynamodb
        self._lambda = lambda_service
        self._changing_positions = threading.Lock()

    def install(self) -> None:
        """A mapping finds its place among the records before or after some are forgotten."""
        read = self._dynamodb.stream_records_since

        @functools.wraps(read)
        def read_in_place(*where: Any, **scope: Any) -> Any:
            with self._changing_positions:
                return read(*where, **scope)

        self._dynamodb.stream_records_since = read_in_place

    def forget_read(self) -> None:
        """Drop what every mapping has read."""
        trimmed = self._dynamodb._stream_trimmed
        streams = list(self._dynamodb._stream_records._data.items())
        for (account, region, table), records in streams:
            start = trimmed.get_scoped(account, region, table, 0)
            read = self._read_by_all(account, region, table, start) - start
            if read > 0:
                with self._changing_positions:
                    del records[:read]
                    trimmed.set_scoped(account, region, table, start + read)

    def _read_by_all(self, account: str, region: str, table: str, start: int) -> int:
        """Up to which position; `start` when nobody reads at all."""
        stream = f"{region}:{account}:table/{table}/stream/"
        positions = self._lambda._dynamodb_stream_positions
        return min(
            (
                positions.get_scoped(*where, mapping["UUID"], start)
                for *where, mapping in self._lambda._iter_all_esms()
                if stream in mapping["EventSourceArn"]
            ),
            default=start,
        )

    def kept(self) -> Mapping[str, Kept]:
        """What is there, as JSON has it."""
        return {
            "\n".join(scope): {
                "position": self._dynamodb._stream_trimmed.get_scoped(*scope, 0),
                "records": records,
            }
            for scope, records in list(self._dynamodb._stream_records._data.items())
        }

    def restore(self, kept: Mapping[str, Kept]) -> None:
        """Go on with what `kept` told."""
        for key, stream in kept.items():
            scope = key.split("\n")
            self._dynamodb._stream_records.set_scoped(*scope, stream["records"])
            self._dynamodb._stream_trimmed.set_scoped(*scope, stream["position"])
