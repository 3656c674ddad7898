"""Points in time, as people write them and as tables store them.

In Python an instant is an aware `datetime` in UTC, cut to milliseconds. As text it always has the
same width, `2026-11-21T10:00:00.000Z`, so that comparing two texts compares the instants: the sort
keys and the index over `due_at` rely on it.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


def to_milliseconds(moment: datetime) -> datetime:
    """The same instant in UTC, cut (not rounded) to whole milliseconds."""
    # Most come from our own clock or tables and are so already; this is called often.
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    spare = moment.microsecond % 1000
    return moment - timedelta(microseconds=spare) if spare else moment


def format_instant(moment: datetime) -> str:
    """`2026-11-21T10:00:00.000Z`: UTC, three decimals, always 24 characters."""
    return to_milliseconds(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(value: object) -> datetime:
    """Read RFC 3339 text with an offset; ValueError says what is wrong with anything else."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time needs an offset, for example 2026-11-21T10:00:00+03:00")
        return to_milliseconds(value)
    if not isinstance(value, str):
        raise ValueError("a time is text in RFC 3339, for example 2026-11-21T10:00:00+03:00")
    return _read(value)


@lru_cache(maxsize=1024)
def _read(text: str) -> datetime:
    """Kept, because the messages of a page and the images of a change have most times in common."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(
            "not an RFC 3339 time with an offset, for example 2026-11-21T10:00:00+03:00"
        )
    try:
        return to_milliseconds(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a time that exists: {error}") from error


Instant = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    PlainSerializer(format_instant, return_type=str, when_used="json"),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-21T10:00:00.000Z"]}
    ),
]
