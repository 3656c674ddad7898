"""CSV in pieces: whatever a file is cut into, and wherever reading goes on, it reads the same."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carillon.models.imports import Position
from carillon.policy.csv_records import (
    AFTER_QUOTE,
    HAS_NUL,
    NO_UTF8,
    NOT_CLOSED,
    RECORD_BYTES_MAX,
    TOO_LONG,
    CsvRecord,
    CsvScanner,
)
from carillon.policy.csv_text import csv_line, unescaped

CELLS = st.text(st.sampled_from("aя\"'\n\r,;\t =+-@1😀"), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6)
ROUGH = st.lists(
    st.sampled_from([b'"', b",", b"\r", b"\n", b"\r\n", b"a", b"\xff", b"\0", "я".encode()]),
    max_size=30,
).map(b"".join)


def scan(content: bytes, *, separator: str = ",", piece: int = 10**9) -> list[CsvRecord]:
    """All records of a file that arrives in pieces of so many bytes."""
    scanner, found, read_to = CsvScanner(Position(), separator), [], 0
    while True:
        record = scanner.next()
        if record is not None:
            found.append(record)
        elif read_to >= len(content):
            return found
        else:
            some = content[read_to : read_to + piece]
            read_to += len(some)
            scanner.feed(some, is_last=read_to >= len(content))


def cells(content: bytes, **how: object) -> list[tuple[str, ...]]:
    return [each.cells for each in scan(content, **how)]  # type: ignore[arg-type]


@given(TABLES, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 9))
def test_what_the_standard_library_writes_is_read(
    table: list[list[str]], separator: str, line_break: str, piece: int
) -> None:
    file = io.StringIO(newline="")
    csv.writer(
        file, delimiter=separator, lineterminator=line_break, quoting=csv.QUOTE_ALL
    ).writerows(table)
    content = file.getvalue().encode()

    assert cells(content, separator=separator, piece=piece) == [tuple(row) for row in table]


@given(TABLES, st.integers(1, 9))
@example([["'=1"]], 1)
@example([["''=1"]], 1)
@example([["=cmd|' /C calc'!A0", "+7", "-1", "@a", "\tb", "\rc"]], 3)
def test_what_we_write_is_read_back(table: list[list[str]], piece: int) -> None:
    written = "".join(map(csv_line, table))

    read = [tuple(unescaped(cell) for cell in row) for row in cells(written.encode(), piece=piece)]
    assert read == [tuple(row) for row in table]


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_no_cell_begins_a_formula(row: list[str]) -> None:
    [line] = csv.reader(io.StringIO(csv_line(row), newline=""))

    assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert csv_line(row).endswith("\r\n")


@given(ROUGH, st.integers(1, 5))
@example(b'"a\r', 1)
@example(b'a,"b\r\nc,d\r\n', 2)
@example(b'"a""', 1)
def test_pieces_make_no_difference(content: bytes, piece: int) -> None:
    assert scan(content, piece=piece) == scan(content)


@given(ROUGH, st.integers(1, 4))
def test_another_scanner_goes_on_behind_any_record(content: bytes, piece: int) -> None:
    whole = scan(content)
    scanner = CsvScanner(Position(), ",")
    scanner.feed(content, is_last=True)
    for number in range(len(whole)):
        rest = CsvScanner(position := scanner.position, ",")
        rest.feed(content[position.offset :], is_last=True)
        assert [rest.next() for _ in whole[number:]] == whole[number:]
        assert scanner.next() == whole[number]
    assert scanner.next() is None
    assert scanner.position.offset == len(content)


@given(ROUGH)
def test_lines_are_counted_as_an_editor_does(content: bytes) -> None:
    for record in scan(content):
        before = content.splitlines(keepends=True)[: record.line - 1]
        assert 1 <= record.line <= len(content.splitlines())
        assert len(before) == record.line - 1
    assert [each.line for each in scan(content)] == sorted({each.line for each in scan(content)})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"a,\xff,c", NO_UTF8),
        (b"a,\0,c", HAS_NUL),
        (b'a,"b" b,c', AFTER_QUOTE),
        (b'a,"b\xff",c', NO_UTF8),
        (b"a," + b"b" * RECORD_BYTES_MAX, TOO_LONG),
        (b'"a",' + b"b" * RECORD_BYTES_MAX, TOO_LONG),
    ],
)
@pytest.mark.parametrize("piece", [333, 10**9])
def test_a_broken_line_is_refused_alone(line: bytes, problem: str, piece: int) -> None:
    before, broken, after = scan(b"1,2,3\r\n" + line + b"\r\n4,5,6\r\n", piece=piece)

    assert (before.cells, before.problem) == (("1", "2", "3"), None)
    assert (broken.line, broken.problem) == (2, problem)
    assert (after.line, after.cells, after.problem) == (3, ("4", "5", "6"), None)


@pytest.mark.parametrize("rest", [b"4,5,6\n", b"4,5,6\n" * RECORD_BYTES_MAX])
def test_a_quote_that_is_never_closed_takes_no_other_line_along(rest: bytes) -> None:
    broken, *others = scan(b'1,"2,3\n' + rest, piece=100_000)

    assert (broken.problem, broken.cells) == (NOT_CLOSED, ("1", '"2', "3"))
    assert len(others) == rest.count(b"\n")
    assert {each.cells for each in others} == {("4", "5", "6")}


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("piece", [1000, 20_001, 10**9])
def test_a_line_of_any_length_is_passed_over_without_being_held(ending: bytes, piece: int) -> None:
    content = b"x" * (3 * RECORD_BYTES_MAX) + ending
    content += b"1,2\n" if ending else b""

    first, *others = scan(content, piece=piece)

    assert (first.line, first.problem) == (1, TOO_LONG)
    assert [(each.line, each.cells) for each in others] == ([(2, ("1", "2"))] if ending else [])


def test_the_longest_line_is_read() -> None:
    for ending in (b"", b"\n", b"\r\n", b"\r"):
        [record] = scan(b"x" * RECORD_BYTES_MAX + ending, piece=1000)
        assert record.problem is None


@pytest.mark.parametrize("line", [b"", b"  ", b",,", b'"",', b"\t"])
def test_a_row_of_nothing_is_blank(line: bytes) -> None:
    assert [each.is_blank for each in scan(b"\n" + line + b"\nx\n")] == [True, True, False]
