"""Local hours against a walk over every minute, above all around the days when clocks change."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from carillon.models.client import known_timezones
from carillon.models.mailing import TimeWindow
from carillon.policy.hours import is_open, next_opening, zone_of

MINUTE = timedelta(minutes=1)
DAYTIME = TimeWindow(start="09:00", end="21:00")
NIGHT = TimeWindow(start="22:00", end="06:00")

CHANGES = (
    ("Europe/Berlin", "2026-03-29T01:00:00Z"),  # 02:00 to 03:00
    ("Europe/Berlin", "2026-10-25T01:00:00Z"),  # 03:00 to 02:00
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("America/Havana", "2025-03-09T05:00:00Z"),  # midnight to 01:00: the day begins late
    ("America/Havana", "2025-11-02T05:00:00Z"),  # 01:00 to midnight: the day begins twice
    ("Africa/Cairo", "2026-04-23T22:00:00Z"),
    ("Africa/Cairo", "2026-10-29T21:00:00Z"),  # midnight to 23:00 of the day before
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),  # by half an hour
    ("Australia/Lord_Howe", "2027-04-03T15:00:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),  # from the 29th to the 31st
    ("Pacific/Kwajalein", "1993-08-21T12:00:00Z"),  # the same, and the evening of the 20th
    ("Antarctica/Troll", "2026-03-29T01:00:00Z"),  # by two hours
    ("Pacific/Chatham", "2026-09-26T14:00:00Z"),  # +12:45 to +13:45
    ("Asia/Pyongyang", "2018-05-04T15:00:00Z"),  # 23:30 to midnight
    ("Europe/Moscow", "2014-10-25T22:00:00Z"),  # back an hour, for good
    ("Asia/Kolkata", "2026-11-21T00:00:00Z"),  # nothing, at +05:30
    ("Asia/Kathmandu", "2026-11-21T00:00:00Z"),  # nothing, at +05:45
    ("America/St_Johns", "2026-11-01T04:30:00Z"),
    ("America/St_Johns", "2010-11-07T02:31:00Z"),  # a minute after midnight, to the day before
)

wall_times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
windows = (
    st.tuples(wall_times, wall_times)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: TimeWindow(start=pair[0], end=pair[1]))
)


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def shown(zone: str, instant: datetime) -> int:
    """The minute of the day on the wall."""
    wall = instant.astimezone(zone_of(zone))
    return wall.hour * 60 + wall.minute


def open_by_counting(window: TimeWindow, zone: str, instant: datetime) -> bool:
    """Whether so many minutes after the start, going round the clock, is before the end."""
    start = minutes(window.start)
    length = (minutes(window.end) - start) % (24 * 60)
    return (shown(zone, instant) - start) % (24 * 60) < length


def opening_by_walking(window: TimeWindow, zone: str, now: datetime) -> datetime:
    instant = now.replace(second=0, microsecond=0) + MINUTE
    for _ in range(4 * 24 * 60):
        if open_by_counting(window, zone, instant):
            return instant
        instant += MINUTE
    raise AssertionError("no opening in four days")


@given(
    change=st.sampled_from(CHANGES),
    window=windows,
    before_s=st.integers(-36 * 3600, 36 * 3600),
    ms=st.integers(0, 999),
)
@settings(max_examples=300, deadline=None)
@example(CHANGES[0], TimeWindow(start="02:30", end="02:45"), 3600, 0)  # the whole window skipped
@example(CHANGES[0], TimeWindow(start="02:30", end="04:00"), 3600, 0)  # only its start skipped
@example(CHANGES[1], TimeWindow(start="02:30", end="02:45"), 60, 0)  # a window that opens twice
@example(CHANGES[9], TimeWindow(start="12:00", end="13:00"), 3600, 0)  # no noon on that day
@example(CHANGES[10], TimeWindow(start="12:00", end="12:01"), 12 * 3600, 0)
@example(CHANGES[-1], TimeWindow(start="23:30", end="23:45"), 30, 0)  # opens yesterday
def test_the_next_opening_is_what_a_walk_over_the_minutes_finds(
    change: tuple[str, str], window: TimeWindow, before_s: int, ms: int
) -> None:
    zone, at = change
    now = datetime.fromisoformat(at) - timedelta(seconds=before_s, milliseconds=ms)
    opened = is_open(window, zone, now)
    assert opened == open_by_counting(window, zone, now)
    assume(not opened)
    opening = next_opening(window, zone, now)
    assert opening == opening_by_walking(window, zone, now)
    assert opening.tzinfo is not None
    assert opening.utcoffset() == timedelta(0)


@cache
def moments() -> tuple[datetime, ...]:
    start = datetime(2026, 3, 8, 3, 17, 0, 500_000, tzinfo=UTC)
    return tuple(start + timedelta(days=37 * number, hours=5 * number) for number in range(10))


@pytest.mark.parametrize("window", [DAYTIME, NIGHT], ids=["day", "night"])
def test_every_zone_opens_within_a_day_or_so(window: TimeWindow) -> None:
    tried = 0
    for zone in sorted(known_timezones()):
        for now in moments():
            if is_open(window, zone, now):
                continue
            opening = next_opening(window, zone, now)
            assert now < opening <= now + timedelta(hours=26), zone
            assert is_open(window, zone, opening), zone
            assert not is_open(window, zone, opening - timedelta(milliseconds=1)), zone
            tried += 1
    assert tried > 1500


@pytest.mark.parametrize(
    ("window", "at", "opened"),
    [
        (DAYTIME, "2026-11-21T05:59:59.999Z", False),
        (DAYTIME, "2026-11-21T06:00:00.000Z", True),
        (DAYTIME, "2026-11-21T17:59:59.999Z", True),
        (DAYTIME, "2026-11-21T18:00:00.000Z", False),
        (NIGHT, "2026-11-21T18:59:59.999Z", False),
        (NIGHT, "2026-11-21T19:00:00.000Z", True),
        (NIGHT, "2026-11-21T02:59:59.999Z", True),
        (NIGHT, "2026-11-21T03:00:00.000Z", False),
    ],
)
def test_the_start_belongs_to_the_window_and_the_end_does_not(
    window: TimeWindow, at: str, opened: bool
) -> None:
    assert is_open(window, "Europe/Moscow", datetime.fromisoformat(at)) == opened


@pytest.fixture
def _in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own clock is set to another zone than that of AWS's machines."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
def test_an_opening_is_in_utc_whatever_the_machine_goes_by() -> None:
    opening = next_opening(DAYTIME, "Europe/Moscow", datetime(2026, 11, 21, 20, tzinfo=UTC))
    assert opening.isoformat() == "2026-11-22T06:00:00+00:00"


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    window = TimeWindow(start="02:00", end="02:30")
    first = datetime.fromisoformat("2026-10-25T00:00:00Z")
    again = next_opening(window, "Europe/Berlin", first + timedelta(minutes=40))
    assert is_open(window, "Europe/Berlin", first)
    assert again == first + timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "start"), [("Europe/Berlin", "02:30"), ("Europe/London", "01:30")]
)
def test_a_skipped_start_opens_at_the_end_of_the_gap(zone: str, start: str) -> None:
    now = datetime.fromisoformat("2026-03-29T00:00:00Z")
    window = TimeWindow(start=start, end="09:00")
    assert next_opening(window, zone, now).isoformat() == "2026-03-29T01:00:00+00:00"


def test_a_day_that_never_was_is_passed_over() -> None:
    evening = datetime.fromisoformat("2011-12-30T08:00:00Z")  # 22:00 on the 29th
    assert next_opening(DAYTIME, "Pacific/Apia", evening) == datetime.fromisoformat(
        "2011-12-30T19:00:00Z"  # 09:00 on the 31st
    )
