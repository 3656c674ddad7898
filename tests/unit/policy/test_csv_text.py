"""CSV that no spreadsheet takes for formulas, and that comes back as it went."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.policy.csv_text import csv_line, unescaped

STRANGE = "=+-@\t\r\n'\";, aя"


def read(text: str) -> list[list[str]]:
    """As Python's own reader understands it."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        (["79000000001", "900", "regular;vip", "Europe/Moscow"], "79000000001,900,regular;vip,E"),
        (["", ""], ","),
        (['say "hi"', "a,b"], '"say ""hi""","a,b"'),
        (["two\nlines"], '"two\nlines"'),
        (["=1+1"], "'=1+1"),
        (["a=1", "1-1"], "a=1,1-1"),
        (["a;=1;b"], "a;'=1;b"),
        (["it's"], "it's"),
    ],
    ids=str,
)
def test_a_line(cells: list[str], line: str) -> None:
    assert csv_line(cells).startswith(line)
    assert csv_line(cells).endswith("\r\n")


@pytest.mark.parametrize("first", "=+-@\t\r")
def test_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(first: str) -> None:
    dangerous = f"{first}1+1"
    [[written]] = read(csv_line([dangerous]))
    assert written == f"'{dangerous}"
    assert unescaped(written) == dangerous
    assert unescaped("'" + written) == written, "an apostrophe of somebody's own stays"


@given(cells=st.lists(st.text(st.sampled_from(STRANGE)), min_size=2))
def test_every_cell_comes_back_and_none_is_a_formula(cells: list[str]) -> None:
    [written] = read(csv_line(cells))
    assert [unescaped(each) for each in written] == cells
    for part in (part for cell in written for part in cell.split(";")):
        assert not part.startswith(tuple("=+-@\t\r"))


@given(labels=st.lists(st.text(st.sampled_from("=+-@'\", aя"), min_size=1), min_size=1))
def test_joined_labels_come_back_whole_or_one_by_one(labels: list[str]) -> None:
    [[written]] = read(csv_line([";".join(labels)]))
    assert unescaped(written).split(";") == labels
    assert [unescaped(each) for each in written.split(";")] == labels
