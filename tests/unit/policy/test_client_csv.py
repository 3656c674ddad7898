"""What a file of clients says: its header, its rows, and what is wrong in words."""

import pytest

from carillon.models.client import ClientDraft
from carillon.models.imports import ImportFailure, Layout, Position
from carillon.policy.client_csv import RefusedRow, Row, Unusable, read_head, read_row
from carillon.policy.csv_records import CsvRecord, CsvScanner
from carillon.policy.csv_text import csv_line

ALL = ("phone", "operator_code", "tags", "timezone")
ZONE = "Europe/Moscow"


def head(text: str | bytes, *, is_whole: bool = True) -> tuple[Layout, Position] | Unusable:
    return read_head(text.encode() if isinstance(text, str) else text, is_whole=is_whole)


def row(line: str, *, separator: str = ",", columns: tuple[str, ...] = ALL) -> Row | RefusedRow:
    scanner = CsvScanner(Position(offset=0, line=7), separator)
    scanner.feed(line.encode(), is_last=True)
    record = scanner.next()
    assert record is not None
    layout = Layout.model_validate({"separator": separator, "columns": columns})
    return read_row(record, layout)


def good(line: str, **how: object) -> Row:
    read = row(line, **how)  # type: ignore[arg-type]
    assert isinstance(read, Row), read
    return read


def refused(line: str, **how: object) -> str:
    read = row(line, **how)  # type: ignore[arg-type]
    assert isinstance(read, RefusedRow), read
    return read.message


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ""])
def test_a_header_tells_separator_and_columns(bom: str, separator: str, ending: str) -> None:
    line = separator.join([" Phone", '"TIMEZONE"', "tags ", "Line", "error"]) + ending
    found = head(bom + line + ("79000000001" if ending else ""))
    names = ("phone", "timezone", "tags", "line", "error")

    if found == head(line):
        assert not bom
    assert isinstance(found, tuple)
    layout, position = found
    assert layout == Layout.model_validate({"separator": separator, "columns": names})
    assert (position.offset, position.line) == (len((bom + line).encode()), 2)


def test_blank_lines_before_the_header_and_bare_separators_behind_it_are_passed_over() -> None:
    found = head("\r\n;;\r\nphone;timezone;;\r\n")

    assert isinstance(found, tuple)
    assert (found[0].columns, found[1].line) == (("phone", "timezone"), 4)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "no header line"),
        ("\n\n", "no header line"),
        ("name,age\n", "must name the columns"),
        ("79000000001,Europe/Moscow\n", "must name the columns"),
        ("phone\n", "the column timezone is missing"),
        ("timezone;tags\n", "the column phone is missing"),
        ("phone,timezone,name\n", "“name” is no column; known are phone, operator_code"),
        ("phone,,timezone\n", "a column has no name"),
        ("phone,timezone,Phone\n", "the column phone is there twice"),
        ("phone,timezone," + "x" * 99 + "\n", "“" + "x" * 40 + "” is no column"),
        ("x" * 70_000, "must name the columns"),
    ],
)
def test_without_a_header_nothing_is_imported(text: str, detail: str) -> None:
    found = head(text)

    assert isinstance(found, Unusable)
    assert found.reason is ImportFailure.NO_HEADER
    assert detail in found.detail


ROWS = "phone,timezone,tags\n" + "79000000001,Europe/Moscow,друзья\n" * 4


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r"])
def test_another_encoding_is_told_at_once(encoding: str) -> None:
    found = head(ROWS.encode(encoding))

    assert isinstance(found, Unusable)
    assert found.reason is ImportFailure.NOT_UTF8
    assert "save it as “CSV UTF-8”" in found.detail


def test_a_few_broken_lines_are_no_other_encoding() -> None:
    one = ROWS.encode() + b"79000000001,Europe/Moscow,\xff\n"
    cut = ROWS.encode()[:-3]

    assert isinstance(head(one), tuple)
    assert isinstance(head(cut, is_whole=False), tuple), "the head ends inside a letter"
    assert isinstance(head(b"phone,timezone,tags\n7,E,\xe4\xf0\n"), tuple), "one line says little"


def test_a_row_is_a_client_and_a_change() -> None:
    read = good(f"79161234567, 495 ,a; b;;a,{ZONE}")

    assert read.line == 7
    assert read.draft == ClientDraft(
        phone="79161234567", operator_code="495", tags=("a", "b"), timezone=ZONE
    )
    assert read.patch.model_dump(exclude_unset=True) == {
        "operator_code": "495",
        "tags": ("a", "b"),
        "timezone": ZONE,
    }


def test_empty_cells_take_away_and_missing_columns_keep() -> None:
    emptied = good(f"79161234567,,,{ZONE}").patch
    kept = good(f"79161234567,{ZONE}", columns=("phone", "timezone")).patch

    assert emptied.model_dump(exclude_unset=True) == {
        "operator_code": "916",
        "tags": (),
        "timezone": ZONE,
    }
    assert kept.model_dump(exclude_unset=True) == {"timezone": ZONE}


@pytest.mark.parametrize(
    ("line", "separator", "tags"),
    [
        (f"79000000001,,a;b,{ZONE}", ",", ("a", "b")),
        (f'79000000001,,"a,b;c|d",{ZONE}', ",", ("a,b", "c|d")),
        (f'79000000001;;"a;b";{ZONE}', ";", ("a", "b")),
        (f"79000000001;;a|b;{ZONE}", ";", ("a", "b")),
        (f"79000000001;;a, b;{ZONE}", ";", ("a", "b")),
        (f"79000000001\t\ta;b\t{ZONE}", "\t", ("a", "b")),
        (f"79000000001,,'=1+1;b,{ZONE}", ",", ("=1+1", "b")),
        (f"79000000001,,'b,{ZONE}", ",", ("'b",)),
    ],
)
def test_tags(line: str, separator: str, tags: tuple[str, ...]) -> None:
    assert good(line, separator=separator).draft.tags == tags


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f",,,{ZONE}", "the phone is missing"),
        (f"+79000000001,,,{ZONE}", "7 and ten more digits"),
        (f"89000000001,,,{ZONE}", "7 and ten more digits"),
        (f"7900000000١,,,{ZONE}", "7 and ten more digits"),
        (f"7.9E+10,,,{ZONE}", "a spreadsheet has rounded the phone"),
        (f'"7,9e10",,,{ZONE}', "a spreadsheet has rounded the phone"),
        (f"79000000001,90,,{ZONE}", "the operator code must be three digits"),
        (f"79000000001,,{'x' * 65},{ZONE}", "a tag is longer than 64"),
        (f"79000000001,,a\x01b,{ZONE}", "a tag is longer than 64 characters or holds a control"),
        (f"79000000001,,{';'.join(map(str, range(51)))},{ZONE}", "more than 50 tags"),
        ("79000000001,,,Mars/Olympus", "the time zone must be an IANA name"),
        ("79000000001,,,", "the time zone must be an IANA name"),
        ("79000000001", "the time zone must be an IANA name"),
        ("x,y,,z", "digits, without spaces or signs; the operator code must be three digits; the"),
        (f"79000000001,,a,{ZONE},b", "more cells than columns: put tags in quotes"),
    ],
)
def test_what_is_wrong_is_said_in_words(line: str, message: str) -> None:
    assert message in refused(line)
    assert "79000000001" not in refused(line)


def test_cells_beyond_the_columns_may_be_there_if_they_are_empty() -> None:
    assert good(f"79000000001,,,{ZONE},, ").draft.phone == "79000000001"


def test_a_refused_row_keeps_all_of_its_line() -> None:
    read = row("79000000001;900;a;b;Europe/Moscow", separator=";")

    assert isinstance(read, RefusedRow)
    assert read.cells == ("79000000001", "900", "a", "b;Europe/Moscow")


def test_what_was_refused_is_refused_again_until_it_is_mended() -> None:
    first = row("=1+1,,,Mars")
    assert isinstance(first, RefusedRow)
    line = csv_line([*first.cells, "7", first.message])

    again = row(line, columns=(*ALL, "line", "error"))

    assert isinstance(again, RefusedRow)
    assert (again.cells[1:], again.message) == (first.cells[1:], first.message)
    mended = line.replace("'=1+1", "79000000001").replace("Mars", ZONE)
    assert good(mended, columns=(*ALL, "line", "error")).draft.phone == "79000000001"


def test_a_record_with_a_problem_is_refused_for_it() -> None:
    layout = Layout(separator=",", columns=ALL)
    record = CsvRecord(3, ("79000000001",), problem="broken")

    assert read_row(record, layout) == RefusedRow(3, ("79000000001", "", "", ""), "broken")
