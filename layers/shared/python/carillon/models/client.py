"""Clients: the people whom a mailing may reach."""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator

from carillon.models.base import Model, not_null, without_repeats
from carillon.models.instant import Instant

TAGS_MAX = 50
"""Labels on one client; API contract. Keeps an item well under DynamoDB's unit of 1 KB."""
TAG_LENGTH_MAX = 64
TAG_PATTERN = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
"""No control characters anywhere, no space at either end."""


@cache
def known_timezones() -> frozenset[str]:
    """Every IANA zone of the tzdata package, which ships with us: no platform promises one."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def _known_timezone(name: str) -> str:
    if name not in known_timezones():
        raise ValueError("not an IANA time zone, for example Europe/Moscow")
    return name


def _sorted_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Tags are a set: kept sorted, whatever order they came in."""
    return tuple(sorted(labels))


Phone = Annotated[
    str,
    StringConstraints(pattern=r"^7[0-9]{10}$"),
    Field(description="7 and ten digits; never normalised", examples=["79000000001"]),
]
OperatorCode = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{3}$"),
    Field(description="three digits", examples=["900"]),
]
Tag = Annotated[
    str,
    StringConstraints(
        min_length=1,
        max_length=TAG_LENGTH_MAX,
        pattern=TAG_PATTERN,
    ),
    Field(
        description="a label without control characters, leading or trailing space",
        examples=["vip"],
    ),
]
Tags = Annotated[
    tuple[Tag, ...],
    Field(max_length=TAGS_MAX),
    BeforeValidator(without_repeats),
    AfterValidator(_sorted_labels),
]
Timezone = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_known_timezone),
    Field(description="IANA time zone", examples=["Europe/Moscow"]),
]


def operator_code_of(phone: str) -> str:
    """The three digits after the country's 7: the operator that first gave the number out."""
    return phone[1:4]


class ClientDraft(Model):
    """A client as somebody enters it."""

    phone: Phone
    operator_code: OperatorCode | None = Field(
        default=None, description="taken from the phone when left out"
    )
    tags: Tags = ()
    timezone: Timezone


class ClientPatch(Model):
    """Changes to a client; what is left out stays.

    A new phone brings its own operator code unless one is given with it; `operator_code: null`
    takes it from the phone.
    """

    phone: Phone | None = None
    operator_code: OperatorCode | None = None
    tags: Tags | None = None
    timezone: Timezone | None = None

    _not_null = field_validator("phone", "tags", "timezone", mode="before")(not_null)


class Recipient(Model):
    """What is known of a client where messages are made and sent: all that this needs."""

    id: str
    phone: Phone
    timezone: Timezone


class Client(Model):
    """A client as stored and shown."""

    id: str
    phone: Phone
    operator_code: OperatorCode
    tags: Tags = ()
    timezone: Timezone
    created_at: Instant
    updated_at: Instant
    version: int = 1
