"""Days by the clock on a wall, also where the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.client import known_timezones
from carillon.policy.days import day_of, digested_date

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("timezone", "on", "begins_at", "hours"),
    [
        ("UTC", date(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC), 24),
        ("Europe/Moscow", date(2026, 11, 20), datetime(2026, 11, 19, 21, tzinfo=UTC), 24),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        ("Australia/Lord_Howe", date(2026, 10, 4), datetime(2026, 10, 3, 13, 30, tzinfo=UTC), 23.5),
        # Midnight is skipped: the day begins at one, which is when the one before it ends.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC), 23),
        # Midnight comes twice: the day begins with the first.
        ("America/Havana", date(2024, 11, 3), datetime(2024, 11, 3, 4, tzinfo=UTC), 25),
        # Samoa went over the date line and had no such day.
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC), 0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(
    timezone: str, on: date, begins_at: datetime, hours: float
) -> None:
    day = day_of(on, timezone)
    assert day.begins_at == begins_at
    assert day.ends_at - day.begins_at == hours * HOUR


@given(
    timezone=st.sampled_from(sorted(known_timezones())),
    on=st.dates(date(2000, 1, 1), date(2037, 1, 1)),
)
def test_days_leave_nothing_out_and_have_their_own_date(timezone: str, on: date) -> None:
    day, next_day = day_of(on, timezone), day_of(on + timedelta(days=1), timezone)
    assert day.ends_at == next_day.begins_at
    assert day.begins_at <= day.ends_at
    assert not day.has(day.ends_at)
    assert day.has(day.begins_at) == (day.begins_at < day.ends_at)


@pytest.mark.parametrize(
    ("now", "about"),
    [
        (datetime(2026, 11, 21, 5, 0, 0, tzinfo=UTC), date(2026, 11, 20)),  # on the dot, in Moscow
        (datetime(2026, 11, 21, 5, 0, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 20, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 21, 1, tzinfo=UTC), date(2026, 11, 20)),  # after midnight: late
        (datetime(2026, 11, 22, 4, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 22, 5, 0, tzinfo=UTC), date(2026, 11, 21)),
    ],
)
def test_a_late_digest_is_about_the_day_it_was_due_for(now: datetime, about: date) -> None:
    assert digested_date(now, "Europe/Moscow", hour=8) == about


@pytest.mark.parametrize("hour", [4, 8, 21])
@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 3, 30), date(2026, 10, 25)])
def test_clocks_that_change_do_not_change_what_it_is_about(hour: int, on: date) -> None:
    due = day_of(on, "Europe/Berlin").begins_at + hour * HOUR
    while due.astimezone(_berlin()).hour != hour:
        due += HOUR if due.astimezone(_berlin()).hour < hour else -HOUR
    assert digested_date(due, "Europe/Berlin", hour=hour) == on - timedelta(days=1)


def _berlin() -> ZoneInfo:
    return ZoneInfo("Europe/Berlin")
