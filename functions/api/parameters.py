"""What the routes have in common in their paths, queries and headers."""

import re
from typing import Annotated

from annotated_types import Ge, Le
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BeforeValidator, StringConstraints

from carillon.errors import Malformed
from carillon.models.client import OperatorCode, Phone, Tag
from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus

LIMIT_MAX = 200
LIMIT_DEFAULT = 50
IDEMPOTENCY_KEY_LENGTH_MAX = 255

_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_ETAG = re.compile(r'(?:W/)?"[^"]*"')
_ANY_VERSION = "*"
_NO_VERSION = 0
"""Versions count from 1: this one never matches."""


def _whole_number(value: object) -> object:
    """Only digits are a number: no sign, no space, no decimals, though pydantic would take them."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("must be a whole number")
    return value


ClientId = Annotated[str, Path(description="the client's `id`")]
MailingId = Annotated[str, Path(description="the mailing's `id`")]
RecountNumber = Annotated[str, Path(description="the recount's `number`")]
TestId = Annotated[str, Path(description="the test's `id`")]
MessageId = Annotated[str, Path(description="the message's `id`")]

Limit = Annotated[
    int,
    Ge(1),
    Le(LIMIT_MAX),
    BeforeValidator(_whole_number),
    Query(description="how many items a page has at most"),
]
CursorParameter = Annotated[
    str | None, Query(description="`next_cursor` of the page before, with the same filters")
]
CsvCursor = Annotated[
    str | None, Query(description="from the `Link` of the page before, with the same filters")
]
PhoneFilter = Annotated[
    Phone | None, Query(description="the client with this phone; sees the last write")
]
OperatorCodeFilter = Annotated[
    OperatorCode | None, Query(description="clients with this operator code")
]
MessageStatusFilter = Annotated[
    MessageStatus | None, Query(description="messages with this status")
]
MailingStatusFilter = Annotated[
    MailingStatus | None, Query(description="mailings with this status")
]
TagFilter = Annotated[Tag | None, Query(description="clients that have this tag")]

IdempotencyKey = Annotated[
    Annotated[
        str,
        StringConstraints(
            min_length=1, max_length=IDEMPOTENCY_KEY_LENGTH_MAX, pattern=r"^[\x20-\x7e]+$"
        ),
    ]
    | None,
    Header(
        alias="Idempotency-Key",
        description="the same key and body within 24 hours repeat the first answer",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="the `version` last seen, bare or as the `ETag` has it"),
]


def expected_version(if_match: str | None) -> int | None:
    """The version in an `If-Match`, None when any will do; `Malformed` when it is no such header.

    Proxies that compress turn an `ETag` into a weak one, so `W/` is looked over. A well-formed tag
    that holds no number is somebody else's: it matches no version.
    """
    if if_match is None or if_match.strip() == _ANY_VERSION:
        return None
    tag = if_match.strip()
    quoted = _ETAG.fullmatch(tag) is not None
    digits = tag.removeprefix("W/").strip('"') if quoted else tag
    if _DIGITS.fullmatch(digits):
        return int(digits)
    if quoted:
        return _NO_VERSION
    raise Malformed('If-Match is a version such as "3", or *')
