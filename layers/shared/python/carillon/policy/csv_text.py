"""CSV as spreadsheets and programs read it: RFC 4180, in which no cell is taken for a formula.

A spreadsheet computes a cell that begins with one of a few characters, and what we write out was
typed by strangers. Such a cell gets a leading apostrophe, which spreadsheets take for "this is
text". Some of them separate cells by `;`, so each part of a cell between those is guarded alike.
What is read back loses just that apostrophe, so that nothing changes on the way there and back.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from collections.abc import Sequence

_FORMULA = re.compile(r"(^|;)('*[=+\-@\t\r])")
"""Also behind apostrophes, or a cell of somebody's own with one would come back without it."""

_GUARDED = re.compile(r"(^|;)'('*[=+\-@\t\r])")

_TO_BE_QUOTED = re.compile(r'[",\r\n]')


def csv_line(cells: Sequence[str]) -> str:
    """One record, ended by CRLF; a cell is quoted where it must be."""
    return ",".join(map(_written, cells)) + "\r\n"


def unescaped(cell: str) -> str:
    """A cell without the apostrophes that `csv_line` put there."""
    return _GUARDED.sub(r"\1\2", cell)


def _written(cell: str) -> str:
    guarded = _FORMULA.sub(r"\1'\2", cell)
    if not _TO_BE_QUOTED.search(guarded):
        return guarded
    doubled = guarded.replace('"', '""')
    return f'"{doubled}"'
