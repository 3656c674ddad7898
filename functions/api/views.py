"""What callers see: the public shape of each thing. Answers may grow, so nothing here is closed."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from carillon.models import mailing as mailings
from carillon.models import message as messages
from carillon.models import recount as recounts
from carillon.models.client import Client
from carillon.models.instant import Instant
from carillon.models.mailing import Filter, MailingStatus, Text, TimeWindow
from carillon.models.message import MessageStatus, Reason
from carillon.models.statistics import Counts, ErrorCount, Minute, Statistics, Tally
from carillon.usecases.statistics import Overview


class View(BaseModel):
    """Made here, never read."""

    model_config = ConfigDict(frozen=True)


class Mailing(View):
    """A mailing and where it stands."""

    id: str
    text: Text
    starts_at: Instant
    ends_at: Instant
    filter: Filter
    time_window: TimeWindow | None
    status: MailingStatus
    created_at: Instant
    updated_at: Instant
    created_by: str | None = Field(
        description="whose token it was created with: its `sub`", examples=["7l1q8ub3vd9k2m4n"]
    )
    updated_by: str | None = Field(
        description="whose token it was last changed with", examples=["7l1q8ub3vd9k2m4n"]
    )
    version: int = Field(description="counts the operators' edits; the `ETag`", examples=[1])

    @classmethod
    def of(cls, mailing: mailings.Mailing) -> Self:
        """The public part of a mailing."""
        return cls.model_construct(**{name: getattr(mailing, name) for name in cls.model_fields})


class Recount(View):
    """A comparison of a mailing's counts with its messages."""

    mailing_id: str
    number: int = Field(description="counts a mailing's recounts from 1 on", examples=[1])
    status: Literal["running", "finished"]
    requested_at: Instant
    finished_at: Instant | None
    messages: int | None = Field(
        description="messages that were counted; null until that is known, and where their"
        " retention is over so that nothing can be compared",
        examples=[2000],
    )
    difference: Tally | None = Field(
        description="what the counts held too much, negative where too little, and were rid of;"
        " all zero where they were exact"
    )

    @classmethod
    def of(cls, recount: recounts.Recount) -> Self:
        """A recount and what came of it."""
        return cls(
            mailing_id=recount.mailing_id,
            number=recount.number,
            status="running" if recount.finished_at is None else "finished",
            requested_at=recount.requested_at,
            finished_at=recount.finished_at,
            messages=recount.messages,
            difference=recount.difference,
        )


class Message(View):
    """A message to one client and what became of it."""

    id: str
    mailing_id: str
    client_id: str
    status: MessageStatus
    created_at: Instant
    sent_at: Instant | None = Field(description="when the gateway confirmed it")
    attempts: int = Field(description="calls to the gateway that were begun")
    last_error: str | None = Field(description="why the last attempt failed")
    reason: Reason | None = Field(description="why it ended so, where the status does not say")
    not_before: Instant = Field(description="no attempt begins before this")
    gateway_id: str = Field(
        description="the id that the gateway knows it by: a number there, digits here",
        examples=["5233100606242806051"],
    )

    @classmethod
    def of(cls, message: messages.Message) -> Self:
        """The public part of a message."""
        return cls(
            id=message.id,
            mailing_id=message.mailing_id,
            client_id=message.client_id,
            status=message.status,
            created_at=message.created_at,
            sent_at=message.sent_at,
            attempts=message.attempts,
            last_error=message.last_error,
            reason=message.reason,
            not_before=message.not_before,
            gateway_id=str(messages.gateway_id(message.id)),
        )


class MailingStatistics(View):
    """One mailing's messages in numbers."""

    mailing_id: str
    status: MailingStatus
    counts: Counts
    attempts: int = Field(description="calls to the gateway that were begun")
    timeline: tuple[Minute, ...] = Field(
        description="moves into each status by minute, oldest first; quiet minutes are left out"
    )
    errors: tuple[ErrorCount, ...] = Field(
        description="how many messages that are not sent have which last error now, most first,"
        " twenty at most; rare statuses of one class are counted together"
    )

    @classmethod
    def of(cls, mailing: mailings.Mailing, statistics: Statistics) -> Self:
        """A mailing's status beside its counters."""
        return cls(
            mailing_id=mailing.id,
            status=mailing.status,
            counts=statistics.counts,
            attempts=statistics.attempts,
            timeline=statistics.timeline,
            errors=statistics.errors,
        )


class MailingCounts(View):
    """One mailing's line in the overview."""

    mailing_id: str
    status: MailingStatus
    counts: Counts


NextCursor = Field(description="continues the list; null at its end", examples=[None])


class ClientPage(View):
    """Part of the directory."""

    items: list[Client]
    next_cursor: str | None = NextCursor


class MailingPage(View):
    """Some mailings, newest first."""

    items: list[Mailing]
    next_cursor: str | None = NextCursor


class MessagePage(View):
    """Some messages."""

    items: list[Message]
    next_cursor: str | None = NextCursor


class StatisticsOverview(View):
    """All messages in numbers, and some mailings with theirs, newest first."""

    counts: Counts = Field(description="of all mailings ever, deleted ones included")
    items: list[MailingCounts]
    next_cursor: str | None = NextCursor

    @classmethod
    def of(cls, overview: Overview, *, next_cursor: str | None) -> Self:
        """The overview with its mailings' counts."""
        return cls(
            counts=overview.counts,
            items=[
                MailingCounts(mailing_id=mailing.id, status=mailing.status, counts=counts)
                for mailing, counts in overview.items
            ],
            next_cursor=next_cursor,
        )


class SignIn(View):
    """Where tokens come from."""

    issuer: str = Field(description="who issues them: their `iss`")
    authorize_url: str = Field(description="where people sign in")
    token_url: str = Field(description="where programs get tokens")
    logout_url: str | None = Field(description="where people sign out; null where they cannot")
    client_id: str | None = Field(
        description="the public client of this deployment's pages; null when it has none"
    )
    scopes: list[str] = Field(description="what a token may permit", examples=[["carillon/read"]])


class Health(View):
    """The API can read its tables."""

    status: str = Field(examples=["ok"])
