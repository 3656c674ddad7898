"""Local hours: when a client may be written to by the clock on their own wall.

`is_open` compares local wall time with the window, so it is right on the days when clocks change.
`next_opening` looks at every instant at which that comparison can turn true: the window's start on
each of the next days (twice where the hour is repeated) and each change of the zone's offset.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from carillon.models.mailing import TimeWindow

_DAYS_AHEAD = 3
"""A window opens every local day; a zone that skipped a whole day (Samoa, 2011-12-30) adds one."""

_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """From the tzdata package that ships with us, whatever database the system has."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def is_open(window: TimeWindow, timezone: str, now: datetime) -> bool:
    """Whether the wall clock in `timezone` shows a time within the window at `now`.

    The start belongs to the window, the end does not.
    """
    wall = now.astimezone(zone_of(timezone)).time()
    start, end = time.fromisoformat(window.start), time.fromisoformat(window.end)
    return start <= wall < end if start < end else wall >= start or wall < end


def next_opening(window: TimeWindow, timezone: str, now: datetime) -> datetime:
    """The first instant after `now`, at which the window is closed, that finds it open.

    LookupError if there is none within days, which no zone of the tz database can bring about.
    """
    zone = zone_of(timezone)
    candidates = [*_starts(window, zone, now), *_offset_changes(zone, now)]
    for instant in sorted(candidates):
        if instant > now and is_open(window, timezone, instant):
            return instant
    raise LookupError(f"no opening of {window.start}-{window.end} in {timezone} after {now}")


def _starts(window: TimeWindow, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """The instants around `now` at which the wall clock shows the window's start."""
    today = now.astimezone(zone).date()
    start = time.fromisoformat(window.start)
    for offset in range(-1, _DAYS_AHEAD + 1):
        wall = datetime.combine(today + offset * _DAY, start)
        for fold in (0, 1):
            instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if instant.astimezone(zone).replace(tzinfo=None) == wall:  # not in a skipped hour
                yield instant


def _offset_changes(zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """The instants in the days after `now` at which the zone's offset from UTC changes."""
    for day in range(_DAYS_AHEAD):
        before, after = now + day * _DAY, now + (day + 1) * _DAY
        old = before.astimezone(zone).utcoffset()
        if after.astimezone(zone).utcoffset() == old:
            continue
        while after - before > timedelta(milliseconds=1):
            middle = before + (after - before) / 2
            if middle.astimezone(zone).utcoffset() == old:
                before = middle
            else:
                after = middle
        yield after.replace(microsecond=0)  # every change in the tz database is on a whole second
