"""A CSV file cut into records, from any place on and in pieces of any size.

Works on bytes, because separators, quotes and line breaks look the same in UTF-8 and in what is
broken of it: a line that is no UTF-8 is refused alone. Nothing is ever held but the piece at hand.
"""

import re
from dataclasses import dataclass

from carillon.models.imports import Position

RECORD_BYTES_MAX = 32 * 1024
"""Of one record: 50 tags of 64 characters have 13 KB at most, and twice that in the worst quotes.
Bounds what a quote that is never closed can swallow."""

_BREAK = re.compile(rb"\r\n|\n|\r")
_LF, _NUL = 10, 0

TOO_LONG = f"the line is longer than {RECORD_BYTES_MAX // 1024} KB"
NOT_CLOSED = "a quote is opened and never closed"
AFTER_QUOTE = "there is text behind a closing quote"
NO_UTF8 = "the line is not UTF-8: save the file as “CSV UTF-8”"
HAS_NUL = "the line holds a zero byte"


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One record. `quoted` are the places of cells in quotes; with a `problem` the cells are what
    can be made of the line, to be mended by a person."""

    line: int
    cells: tuple[str, ...]
    quoted: frozenset[int] = frozenset()
    problem: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it: spreadsheets write empty rows as bare separators."""
        return self.problem is None and not any(map(str.strip, self.cells))


class _More(Exception):
    """The record goes on beyond the piece at hand."""


class CsvScanner:
    """Reads on from `position`; `feed` it pieces, and ask for the `next` record."""

    def __init__(self, position: Position, separator: str) -> None:
        self._separator = separator.encode()
        self._cell_end = re.compile(b"[" + re.escape(self._separator) + rb"\r\n]")
        self._data = b""
        self._at = 0
        self._line = position.line
        self._skipping = position.skipping
        self._base = position.offset
        self._is_last = False

    @property
    def position(self) -> Position:
        """Behind the last record: another scanner goes on there."""
        return Position(offset=self._base + self._at, line=self._line, skipping=self._skipping)

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """What follows in the file."""
        self._base += self._at
        self._data = self._data[self._at :] + piece
        self._at = 0
        self._is_last = is_last

    def next(self) -> CsvRecord | None:
        """The next record, blank ones too; None when it takes another piece, or at the end."""
        if self._skipping and not self._skip():
            return None
        start = self._at
        if start == len(self._data):
            return None
        try:
            end, after = self._line_end(start)
            if end - start > RECORD_BYTES_MAX:
                self._skipping = True
                return CsvRecord(self._line, (), problem=TOO_LONG)
            if self._data.find(b'"', start, end) >= 0:
                return self._quoted(start, end, after)
        except _More:
            return None
        return self._plain(start, end, after)

    def _plain(self, start: int, end: int, after: int, problem: str | None = None) -> CsvRecord:
        """The line by its separators alone."""
        text, broken = _decoded(self._data[start:end])
        record = CsvRecord(
            self._line, tuple(text.split(self._separator.decode())), problem=problem or broken
        )
        self._go_to(after, breaks=1)
        return record

    def _quoted(self, start: int, end: int, after: int) -> CsvRecord:
        """The record with quotes that begins here. `end` and `after` are its first line's, which is
        refused alone when the quotes make no sense: most likely the next line is a good one."""
        cells: list[bytes] = []
        quoted: set[int] = set()
        at, breaks = start, 1
        while True:
            if self._data[at : at + 1] == b'"':
                closing = self._closing_quote(at + 1, start)
                if closing is None:
                    return self._plain(start, end, after, NOT_CLOSED)
                inside = self._data[at + 1 : closing]
                breaks += len(_BREAK.findall(inside))
                quoted.add(len(cells))
                cells.append(inside.replace(b'""', b'"'))
                at = closing + 1
                if at < len(self._data) and not self._cell_end.match(self._data, at):
                    return self._plain(start, end, after, AFTER_QUOTE)
            else:
                until = self._cell_until(at, start)
                if until is None:
                    return self._plain(start, end, after, TOO_LONG)
                cells.append(self._data[at:until])
                at = until
            if self._data[at : at + 1] != self._separator:
                break
            at += 1
        _, after = self._line_end(at)
        decoded = [_decoded(each) for each in cells]
        problem = next((broken for _, broken in decoded if broken), None)
        texts = tuple(text for text, _ in decoded)
        record = CsvRecord(self._line, texts, frozenset(quoted), problem)
        self._go_to(after, breaks=breaks)
        return record

    def _cell_until(self, at: int, start: int) -> int | None:
        """Where the bare cell at `at` ends; None when the record is too long by then."""
        found = self._cell_end.search(self._data, at, start + RECORD_BYTES_MAX + 1)
        if found:
            return found.start()
        if len(self._data) - start > RECORD_BYTES_MAX:
            return None
        if not self._is_last:
            raise _More
        return len(self._data)

    def _closing_quote(self, at: int, start: int) -> int | None:
        """Where the quote that was opened before `at` is closed; None when it is not."""
        limit = start + RECORD_BYTES_MAX
        while True:
            found = self._data.find(b'"', at, limit)
            if found < 0:
                if not self._is_last and len(self._data) < limit:
                    raise _More
                return None
            if found + 1 == len(self._data) and not self._is_last:
                raise _More
            if self._data[found + 1 : found + 2] != b'"':
                return found
            at = found + 2

    def _line_end(self, start: int) -> tuple[int, int]:
        """(where the line ends, where the next begins); the same place for a line without end."""
        found = _BREAK.search(self._data, start, start + RECORD_BYTES_MAX + 1)
        if found is None:
            if not self._is_last and len(self._data) - start <= RECORD_BYTES_MAX + 1:
                raise _More
            return len(self._data), len(self._data)
        return found.start(), self._behind(found.start())

    def _behind(self, end: int) -> int:
        """Where the line begins that follows the break at `end`."""
        if self._data[end] == _LF:
            return end + 1
        if end + 1 == len(self._data) and not self._is_last:
            raise _More  # CR LF, perhaps
        return end + 2 if self._data[end + 1 : end + 2] == b"\n" else end + 1

    def _skip(self) -> bool:
        """Pass over the rest of a line that is too long; whether its end was reached."""
        found = _BREAK.search(self._data, self._at)
        if found is None:
            self._at = len(self._data)
            return False
        try:
            after = self._behind(found.start())
        except _More:
            self._at = found.start()
            return False
        self._go_to(after, breaks=1)
        self._skipping = False
        return True

    def _go_to(self, after: int, *, breaks: int) -> None:
        self._at = after
        self._line += breaks


def _decoded(raw: bytes) -> tuple[str, str | None]:
    """The text, and what is wrong with it."""
    try:
        return raw.decode(), HAS_NUL if _NUL in raw else None
    except UnicodeDecodeError:
        return raw.decode(errors="replace"), NO_UTF8
