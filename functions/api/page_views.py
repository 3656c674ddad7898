"""What callers see besides the things themselves: looks ahead, suggestions, openings, queues.

The admin page is made of these; anybody else may ask too.
"""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from carillon.models.instant import Instant
from carillon.models.queues import QueueLength, QueueLengths
from carillon.usecases.previewing import Preview, ZonePreview
from carillon.usecases.suggesting import Suggestion as Suggested
from carillon.usecases.suggesting import Suggestions as AllSuggested
from functions.api.views import NextCursor, View


class ZoneOutlook(View):
    """The clients of one time zone, and what the mailing is to them."""

    timezone: str
    recipients: int = Field(description="clients of this zone")
    local_start: str = Field(
        description="the start on their clocks, in RFC 3339 with their offset",
        json_schema_extra={"format": "date-time"},
    )
    first_opening: Instant | None = Field(
        description="when they may first be written to; null if not before the end"
    )

    @classmethod
    def of(cls, zone: ZonePreview) -> Self:
        """One zone of a preview."""
        return cls(
            timezone=zone.timezone,
            recipients=zone.recipients,
            local_start=zone.local_start.isoformat(timespec="milliseconds"),
            first_opening=zone.first_opening,
        )


class MailingPreview(View):
    """Whom a mailing would reach if it started as described."""

    recipients: int = Field(description="clients that match now; at least so many unless `exact`")
    exact: bool = Field(
        description="whether the whole directory was looked at; otherwise time was up, and every"
        " number of recipients is a lower bound"
    )
    sms_parts: int | None = Field(description="that one message takes; null without a text")
    encoding: Literal["gsm7", "ucs2"] | None = Field(description="the alphabet that the text needs")
    units: int | None = Field(
        description="the text's length: septets in `gsm7`, units of 16 bits in `ucs2`"
    )
    by_timezone: dict[str, int] = Field(description="recipients by time zone, most first")
    zones: list[ZoneOutlook] = Field(description="the same zones in detail, most recipients first")

    @classmethod
    def of(cls, preview: Preview) -> Self:
        """A preview as callers see it."""
        parts = preview.parts
        return cls(
            recipients=preview.recipients,
            exact=preview.exact,
            sms_parts=parts.parts if parts else None,
            encoding=parts.encoding if parts else None,
            units=parts.units if parts else None,
            by_timezone={each.timezone: each.recipients for each in preview.zones},
            zones=[ZoneOutlook.of(each) for each in preview.zones],
        )


class Suggestion(View):
    """A value that clients have."""

    value: str
    clients: int = Field(description="how many have it")

    @classmethod
    def of(cls, suggested: Suggested) -> Self:
        """One of many."""
        return cls(value=suggested.value, clients=suggested.clients)


class Suggestions(View):
    """Values that a filter may ask for; of each kind 1,000 at most, the most frequent first."""

    tags: list[Suggestion]
    operator_codes: list[Suggestion]
    exact: bool = Field(
        description="whether these are all values and all clients; otherwise time was up or the"
        " list full, and every number is a lower bound"
    )

    @classmethod
    def of(cls, suggestions: AllSuggested) -> Self:
        """All that can be suggested."""
        return cls(
            tags=[Suggestion.of(each) for each in suggestions.tags],
            operator_codes=[Suggestion.of(each) for each in suggestions.operator_codes],
            exact=suggestions.exact,
        )


class Opening(View):
    """A moment at which local hours open for messages that wait for them."""

    opens_at: Instant


class OpeningPage(View):
    """Some openings, earliest first."""

    items: list[Opening]
    next_cursor: str | None = NextCursor

    @classmethod
    def of(cls, openings: list[datetime], *, next_cursor: str | None) -> Self:
        """A page of them."""
        return cls(items=[Opening(opens_at=each) for each in openings], next_cursor=next_cursor)


class DeadLetters(View):
    """Records that were given up, by where they come from."""

    messages: int = Field(description="that no sender could handle")
    fanout: int = Field(description="commands that failed again and again")
    imports: int = Field(description="parts of imports that failed again and again")
    undeliverable: int = Field(description="what Scheduler and the tables' streams gave up on")


class Queues(View):
    """How full the queues are, by SQS's own approximate numbers."""

    messages: QueueLength
    fanout: QueueLength
    imports: QueueLength
    dead_letters: DeadLetters

    @classmethod
    def of(cls, lengths: QueueLengths) -> Self:
        """As callers see it."""
        return cls(
            messages=lengths.messages,
            fanout=lengths.fanout,
            imports=lengths.imports,
            dead_letters=DeadLetters(
                messages=lengths.dead_messages,
                fanout=lengths.dead_fanout,
                imports=lengths.dead_imports,
                undeliverable=lengths.undeliverable,
            ),
        )
