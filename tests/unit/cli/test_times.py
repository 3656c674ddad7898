"""Times as operators type and read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cli import pace, times
from cli.errors import Misused
from tests.unit.cli.stage import MOSCOW, NOW


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", NOW),
        ("+2h30m", NOW + timedelta(hours=2, minutes=30)),
        ("13:05", datetime(2026, 11, 21, 10, 5, tzinfo=UTC)),
        ("12:59", datetime(2026, 11, 22, 9, 59, tzinfo=UTC)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 6, 0, tzinfo=UTC)),
        ("2026-12-01T09:00:00Z", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_time_to_come(text: str, at: datetime) -> None:
    assert times.parse(text, now=NOW, zone=MOSCOW) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("-1d", NOW - timedelta(days=1)),
        ("12:59", datetime(2026, 11, 21, 9, 59, tzinfo=UTC)),
        ("13:05", datetime(2026, 11, 20, 10, 5, tzinfo=UTC)),
    ],
)
def test_a_time_gone_by(text: str, at: datetime) -> None:
    assert times.parse(text, now=NOW, zone=MOSCOW, past=True) == at


@pytest.mark.parametrize("text", ["", "tomorrow", "25:00", "2h", "+", "2026-13-01"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(Misused):
        times.parse(text, now=NOW, zone=MOSCOW)


def test_a_zone_has_a_name() -> None:
    assert times.zone_name(MOSCOW, NOW) == "Europe/Moscow (UTC+03:00)"
    assert times.zone_name(UTC, NOW) == "UTC"
    assert times.full("2026-11-21T10:00:00.000Z", MOSCOW) == "2026-11-21 13:00:00 MSK"
    assert times.operators_zone({"TZ": "Asia/Omsk"}) == ZoneInfo("Asia/Omsk")
    assert times.operators_zone({"TZ": "No/Where"}).utcoffset(NOW) is not None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (65, "1 min 05 s"), (7500, "2 h 05 min"), (90_000, "1 d 1 h")],
)
def test_a_span_in_words(seconds: float, words: str) -> None:
    assert times.span_words(seconds) == words


def test_a_pace_needs_ten_seconds_and_forgets_what_is_old() -> None:
    def minute(ago_s: float, sent: int) -> dict[str, object]:
        at = times.to_api(NOW - timedelta(seconds=ago_s))
        return {"minute": at, "sent": sent, "failed": 0, "unknown": 0, "expired": 0}

    assert pace.per_minute([], NOW) == 0
    assert pace.per_minute([minute(5, 100)], NOW) is None
    assert pace.per_minute([minute(600, 9999), minute(60, 30), minute(0, 30)], NOW) == 60
    assert pace.seconds_left(30, 60) == 30
    assert pace.seconds_left(30, None) is pace.seconds_left(30, 0) is None
