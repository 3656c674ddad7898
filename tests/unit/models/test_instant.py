"""Instants: which texts are read, and that texts sort as the instants do."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.instant import format_instant, parse_instant, to_milliseconds

moments = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z"),
        ("2026-11-21t10:00:00z", "2026-11-21T10:00:00.000Z"),
        ("2026-11-21T10:00:00.5+03:00", "2026-11-21T07:00:00.500Z"),
        ("2026-11-21T10:00:00.123999Z", "2026-11-21T10:00:00.123Z"),
        ("2026-11-21T10:00:00.123456789Z", "2026-11-21T10:00:00.123Z"),
        ("2026-11-21T23:30:00-01:30", "2026-11-22T01:00:00.000Z"),
        ("2024-02-29T00:00:00+00:00", "2024-02-29T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_with_an_offset_is_read_into_utc(text: str, expected: str) -> None:
    assert format_instant(parse_instant(text)) == expected


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21T10:00:00",  # whose clock?
        "2026-11-21",
        "2026-11-21 10:00:00Z",
        "2026-11-21T10:00Z",
        "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00.1234567890Z",
        "2026-11-21T10:00:00+0300",
        "2026-13-21T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-11-21T24:00:01Z",
        "2026-11-21T10:60:00Z",
        "2026-11-21T10:00:60Z",
        "2026-11-21T10:00:00+24:00",
        "0001-01-01T00:00:00+01:00",  # the year 0
        "9999-12-31T23:59:59-01:00",  # the year 10000
        "٢٠٢٦-11-21T10:00:00Z",
        "20261121T100000Z",
        " 2026-11-21T10:00:00Z",
        "2026-11-21T10:00:00Z\n",
        "",
        "now",
        1_795_255_200,
        1.5,
        None,
        True,
        ["2026-11-21T10:00:00Z"],
        datetime(2026, 11, 21),  # noqa: DTZ001 - naive on purpose
    ],
)
def test_anything_else_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_instant(value)


@given(moments)
def test_text_and_instant_are_the_same_thing(moment: datetime) -> None:
    cut = to_milliseconds(moment)
    assert parse_instant(format_instant(moment)) == cut
    assert parse_instant(moment) == cut
    assert timedelta(0) <= moment - cut < timedelta(milliseconds=1)
    assert cut.tzinfo is UTC


@given(moments, moments)
def test_texts_are_in_the_order_of_the_instants(one: datetime, other: datetime) -> None:
    first, second = to_milliseconds(one), to_milliseconds(other)
    assert (format_instant(first) < format_instant(second)) == (first < second)
    assert len(format_instant(one)) == 24
