"""Cursors as callers see them: a list's position, sealed with the list that it belongs to.

A table's own cursor is only meaningful for the list and the filters that it came from, so both
are part of the seal and a cursor used elsewhere is told apart from a good one. This is no secret:
who forges a seal can only ask for another page of what they may read anyway.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from hashlib import sha256

from carillon.errors import Malformed

CURSOR_LENGTH_MAX = 2048
"""Ours have a few hundred characters: a few keys of a table."""

_SEAL_BYTES = 8


@dataclass(frozen=True, slots=True)
class Seal:
    """One list with its filters, such as ("mailings", ("paused",))."""

    name: str
    filters: tuple[str | None, ...] = ()

    def close(self, cursor: str | None) -> str | None:
        """A table's cursor as a caller gets it."""
        if cursor is None:
            return None
        return base64.urlsafe_b64encode(self._digest() + cursor.encode()).decode().rstrip("=")

    def open(self, sealed: str | None) -> str | None:
        """The table's cursor again; `Malformed` when it is not one of this list."""
        if sealed is None:
            return None
        if len(sealed) > CURSOR_LENGTH_MAX:
            raise _not_ours()
        try:
            decoded = base64.b64decode(sealed + "=" * (-len(sealed) % 4), b"-_", validate=True)
            cursor = decoded[_SEAL_BYTES:].decode()
        except (binascii.Error, ValueError) as error:
            raise _not_ours() from error
        if decoded[:_SEAL_BYTES] != self._digest():
            raise _not_ours()
        return cursor

    def _digest(self) -> bytes:
        return sha256(json.dumps([self.name, *self.filters]).encode()).digest()[:_SEAL_BYTES]


def _not_ours() -> Malformed:
    return Malformed("this cursor does not belong to this list; take `next_cursor` as it came")
