"""Times as an operator says and reads them: on the clock of their own zone, which is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cli.errors import Misused

FORMS = "`now`, `+2h30m`, `10:00`, `2026-11-21 10:00` on your clock, or `2026-11-21T10:00:00+03:00`"
PAST_FORMS = f"`2h` for two hours ago, or {FORMS}"

_LOCALTIME = Path("/etc/localtime")
_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def operators_zone(environment: Mapping[str, str]) -> tzinfo:
    """The zone that this machine's clock shows: of `TZ`, or as the system is set."""
    name = environment.get("TZ", "").lstrip(":")
    if not name and _LOCALTIME.is_symlink():
        name = str(_LOCALTIME.readlink()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name) if name else _fixed()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _fixed()


def _fixed() -> tzinfo:
    """Today's offset: right for today, and better than nothing where the zone has no name."""
    offset = datetime.now(UTC).astimezone().utcoffset()
    return timezone(offset) if offset else UTC


def zone_name(zone: tzinfo, at: datetime) -> str:
    """The zone for people: `Europe/Moscow (UTC+03:00)`."""
    offset = at.astimezone(zone).strftime("%z")
    told = f"UTC{offset[:3]}:{offset[3:5]}"
    name = getattr(zone, "key", None)
    if name in (None, "UTC", "Etc/UTC"):
        return "UTC" if offset == "+0000" else told
    return f"{name} ({told})"


def parse_api(text: str) -> datetime:
    """A time of the API's answers."""
    return datetime.fromisoformat(text)


def to_api(at: datetime) -> str:
    """A time as the API takes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def short(at: datetime | str, zone: tzinfo) -> str:
    """To the minute, for tables: `2026-11-21 13:05`."""
    at = parse_api(at) if isinstance(at, str) else at
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def full(at: datetime | str, zone: tzinfo) -> str:
    """To the second and with the zone: `2026-11-21 13:05:10 MSK`."""
    at = parse_api(at) if isinstance(at, str) else at
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local:%Z}"


def parse(text: str, *, now: datetime, zone: tzinfo, past: bool = False) -> datetime:
    """What an operator typed, see `FORMS`; a bare span lies ahead, or back if `past`.

    A clock's time alone is the next one, or the last one if `past`. `Misused` for all else.
    """
    text = text.strip()
    if text == "now":
        return now
    sign = -1 if past and not text.startswith("+") else 1
    span = parse_span(text.lstrip("+-"))
    if span is not None and (past or text.startswith("+")):
        return now + sign * span
    if _CLOCK.fullmatch(text):
        return _nearest(text, now=now, zone=zone, past=past)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Misused(f"{text!r} is no time.", f"Say {PAST_FORMS if past else FORMS}.") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def parse_span(text: str) -> timedelta | None:
    """`1d2h30m10s`, with any of its parts; None when it is none."""
    found = _SPAN.fullmatch(text)
    if not text or found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _nearest(clock: str, *, now: datetime, zone: tzinfo, past: bool) -> datetime:
    hour, minute, *rest = (int(part) for part in clock.split(":"))
    try:
        at = now.astimezone(zone).replace(
            hour=hour, minute=minute, second=rest[0] if rest else 0, microsecond=0
        )
    except ValueError:
        raise Misused(f"{clock!r} is no time of a day.") from None
    if past and at > now:
        return at - timedelta(days=1)
    if not past and at <= now:
        return at + timedelta(days=1)
    return at


def span_words(seconds: float) -> str:
    """How long something takes, to two units: `2 h 05 min`."""
    whole = max(0, round(seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S:02d} s"
    if whole < _DAY_S:
        return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02d} min"
    return f"{whole // _DAY_S} d {whole % _DAY_S // _HOUR_S} h"
