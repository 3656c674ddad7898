"""Calendar days by the clock on a wall: when they begin and end, and which one a digest is about.

A day begins at the first instant whose local date it is. Where the clocks skip midnight that is the
instant of the skip, and where midnight comes twice the first of the two, so that days never
overlap and leave nothing out.
"""

from datetime import UTC, date, datetime, time, timedelta

from carillon.models.digest import Day
from carillon.policy.hours import zone_of

_ONE_DAY = timedelta(days=1)


def day_of(on: date, timezone: str) -> Day:
    """That date in that zone."""
    return Day(
        date=on,
        timezone=timezone,
        begins_at=_midnight(on, timezone),
        ends_at=_midnight(on + _ONE_DAY, timezone),
    )


def digested_date(now: datetime, timezone: str, *, hour: int) -> date:
    """The date that the latest digest is about, where one is due each day at `hour`.

    It is the day before the one on which the digest was due. Midnight does not change that, so an
    attempt that comes hours late, after its own day is over, is still about the right one.
    """
    wall = now.astimezone(zone_of(timezone)).replace(tzinfo=None)
    return (wall - timedelta(hours=hour)).date() - _ONE_DAY


def _midnight(on: date, timezone: str) -> datetime:
    # `fold` is 0: of two midnights the first; of one that is skipped, the instant of the skip,
    # since the offset before it is taken. https://peps.python.org/pep-0495/
    return datetime.combine(on, time.min, tzinfo=zone_of(timezone)).astimezone(UTC)
