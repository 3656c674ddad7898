"""Files with clients: which column is which, and what a line says about a client.

The header line tells the separator and the order of the columns. What is wrong is said in words
that hold nothing of the file, because they are stored and shown apart from it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import ValidationError

from carillon.models.client import (
    TAG_LENGTH_MAX,
    TAGS_MAX,
    ClientDraft,
    ClientPatch,
    operator_code_of,
)
from carillon.models.imports import ImportFailure, Layout, Position
from carillon.policy.csv_records import CsvRecord, CsvScanner
from carillon.policy.csv_text import unescaped

HEAD_BYTES = 64 * 1024
"""Looked at before anything is imported: enough lines to tell a file in another encoding."""

CLIENT_COLUMNS: Final = ("phone", "operator_code", "tags", "timezone")
REFUSED_COLUMNS: Final = (*CLIENT_COLUMNS, "line", "error")
"""Refused lines are handed out with these, and taken back with them."""

_REQUIRED = ("phone", "timezone")
_SEPARATORS: Final[tuple[Literal[",", ";", "\t"], ...]] = (",", ";", "\t")

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SHORTENED = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")

_MISTAKES: Mapping[str, str] = {
    "phone": "the phone must be 7 and ten more digits, without spaces or signs",
    "operator_code": "the operator code must be three digits",
    "tags": f"there are more than {TAGS_MAX} tags",
    "timezone": "the time zone must be an IANA name such as Europe/Moscow",
}
_TAG_MISTAKE = f"a tag is longer than {TAG_LENGTH_MAX} characters or holds a control character"
_PHONE_MISSING = "the phone is missing"
_PHONE_SHORTENED = (
    "a spreadsheet has rounded the phone: make the column text, enter the numbers again and save"
)
_TOO_MANY_CELLS = (
    "there are more cells than columns: put tags in quotes, or separate them by | where ; separates"
    " cells"
)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why nothing of a file can be imported."""

    reason: ImportFailure
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says: a client if the phone is new, otherwise a change of who has it."""

    line: int
    draft: ClientDraft
    patch: ClientPatch


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line that cannot be taken, with its cells as `CLIENT_COLUMNS` has them."""

    line: int
    cells: tuple[str, ...]
    message: str


def read_head(head: bytes, *, is_whole: bool) -> tuple[Layout, Position] | Unusable:
    """The layout of the file that begins like this, and where its first row begins."""
    other_encoding = _foreign(head, is_whole=is_whole)
    if other_encoding:
        return other_encoding
    start = len(_BOM) if head.startswith(_BOM) else 0
    best: tuple[Layout, Position] | Unusable | None = None
    for separator in _SEPARATORS:
        scanner = CsvScanner(Position(offset=start), separator)
        scanner.feed(head[start:], is_last=is_whole)
        record = scanner.next()
        while record is not None and record.is_blank:
            record = scanner.next()
        if record is None:
            return _no_header("the file has no header line")
        names = [unescaped(cell.strip()).strip().lower() for cell in record.cells]
        if record.problem is None and not set(_REQUIRED).isdisjoint(names):
            layout = _layout(separator, names)
            if isinstance(layout, Layout):
                return layout, scanner.position
            best = best or layout
    return best or _no_header(
        "the first line must name the columns: phone, timezone, and if wanted operator_code, tags"
    )


def _layout(separator: Literal[",", ";", "\t"], names: list[str]) -> Layout | Unusable:
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in REFUSED_COLUMNS:
            known = ", ".join(CLIENT_COLUMNS)
            shown = f"“{name[:40]}” is no column" if name else "a column has no name"
            return _no_header(f"{shown}; known are {known}")
        if names.count(name) > 1:
            return _no_header(f"the column {name} is there twice")
    for name in _REQUIRED:
        if name not in names:
            return _no_header(f"the column {name} is missing")
    return Layout(separator=separator, columns=tuple(names))


def _no_header(detail: str) -> Unusable:
    return Unusable(ImportFailure.NO_HEADER, detail)


def _foreign(head: bytes, *, is_whole: bool) -> Unusable | None:
    """Whether the file is in another encoding than UTF-8, as far as its beginning says."""
    if head.startswith(_UTF16_BOMS) or b"\0" in head[:1024]:
        return Unusable(
            ImportFailure.NOT_UTF8,
            "the file is UTF-16, which spreadsheets call Unicode text: save it as “CSV UTF-8”",
        )
    lines = head.splitlines() if is_whole else head.splitlines()[:-1]
    beyond_ascii = [line for line in lines if not line.isascii()]
    broken = [line for line in beyond_ascii if not _is_utf8(line)]
    # One broken line is a broken line; most of them being broken is another encoding.
    if len(broken) > 1 and 2 * len(broken) > len(beyond_ascii):
        return Unusable(
            ImportFailure.NOT_UTF8,
            "the file is not UTF-8, perhaps Windows-1251: save it as “CSV UTF-8”",
        )
    return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def read_row(record: CsvRecord, layout: Layout) -> Row | RefusedRow:
    """What the record says about a client."""
    cells = _by_column(record, layout)
    shown = tuple(cells.get(name, "") for name in CLIENT_COLUMNS)
    if record.problem:
        return RefusedRow(record.line, shown, record.problem)
    if any(cell.strip() for cell in record.cells[len(layout.columns) :]):
        return RefusedRow(record.line, shown, _TOO_MANY_CELLS)
    given: dict[str, Any] = {name: unescaped(cell.strip()) for name, cell in cells.items()}
    given = {name: given[name] for name in CLIENT_COLUMNS if name in given}
    if "operator_code" in given:
        given["operator_code"] = given["operator_code"] or None
    if "tags" in given:
        given["tags"] = _tags(given["tags"], splits_at=_tag_separators(record, layout))
    try:
        draft = ClientDraft.model_validate(given)
    except ValidationError as error:
        return RefusedRow(record.line, shown, "; ".join(_in_words(error, given["phone"])))
    return Row(record.line, draft, _change(draft))


def _change(draft: ClientDraft) -> ClientPatch:
    """Of whoever has the phone already: the columns that are there, the code from the phone where
    its cell is empty."""
    fields = {name: getattr(draft, name) for name in draft.model_fields_set - {"phone"}}
    if "operator_code" in fields:
        fields["operator_code"] = fields["operator_code"] or operator_code_of(draft.phone)
    return ClientPatch(**fields)


def _by_column(record: CsvRecord, layout: Layout) -> dict[str, str]:
    """Cells by column; those that are missing are empty, and what is too much is shown in the last
    one."""
    columns, cells = layout.columns, list(record.cells)
    surplus = cells[len(columns) :]
    if any(cell.strip() for cell in surplus):
        cells = [*cells[: len(columns) - 1], layout.separator.join(cells[len(columns) - 1 :])]
    cells += [""] * (len(columns) - len(cells))
    return dict(zip(columns, cells, strict=False))


def _tag_separators(record: CsvRecord, layout: Layout) -> str:
    """`;` between tags; bare cells of a file that has it between cells take `|` or `,` instead."""
    is_bare = layout.columns.index("tags") not in record.quoted
    return "[|,]" if layout.separator == ";" and is_bare else ";"


def _tags(cell: str, *, splits_at: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, re.split(splits_at, cell))))


def _in_words(error: ValidationError, phone: str) -> Iterator[str]:
    """Each mistake once, in the order of the columns."""
    told: dict[str, None] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(each["loc"][0])
        if name == "phone" and not phone:
            told[_PHONE_MISSING] = None
        elif name == "phone" and _SHORTENED.fullmatch(phone):
            told[_PHONE_SHORTENED] = None
        else:
            told[_TAG_MISTAKE if len(each["loc"]) > 1 else _MISTAKES[name]] = None
    yield from told
