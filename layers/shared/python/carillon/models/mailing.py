"""Mailings: what is to be sent, to whom and when, and how far that has come."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from carillon.models.base import Id, Model, not_null, without_repeats
from carillon.models.client import Client, OperatorCode, Tag
from carillon.models.instant import Instant
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.wave import Asleep, Wave

TEXT_LENGTH_MAX = 1000
FILTER_LIST_MAX = 50
"""Values in one list of a filter; a DynamoDB filter expression takes 100 operands in an IN."""


class MailingStatus(StrEnum):
    """Where a mailing stands; the moves between them are in `policy.transitions`."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


LocalTime = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="wall time, HH:MM", examples=["09:00"]),
]
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TEXT_LENGTH_MAX, pattern=r"\S"),
    Field(description="what is sent; not blank"),
]


class TimeWindow(Model):
    """The local hours in which a client may be written to; wraps midnight when end < start."""

    start: LocalTime
    end: LocalTime

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end must differ")
        return self


class Filter(Model):
    """Which clients: in both lists, where an empty list stands for everybody."""

    operator_codes: Annotated[
        tuple[OperatorCode, ...],
        Field(max_length=FILTER_LIST_MAX),
        BeforeValidator(without_repeats),
    ] = ()
    tags: Annotated[
        tuple[Tag, ...], Field(max_length=FILTER_LIST_MAX), BeforeValidator(without_repeats)
    ] = ()

    def matches(self, client: Client) -> bool:
        """Whether the client has one of the codes and one of the tags."""
        return (not self.operator_codes or client.operator_code in self.operator_codes) and (
            not self.tags or not set(self.tags).isdisjoint(client.tags)
        )


class MailingDraft(Model):
    """A mailing as an operator describes it."""

    text: Text
    starts_at: Instant = Field(description="a start in the past means now")
    ends_at: Instant = Field(description="nothing is handed to the gateway at or after this")
    filter: Filter
    time_window: TimeWindow | None = None


class MailingPatch(Model):
    """Changes to a mailing; what is left out stays, `time_window: null` takes the window away."""

    text: Text | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    filter: Filter | None = None
    time_window: TimeWindow | None = None

    _not_null = field_validator("text", "starts_at", "ends_at", "filter", mode="before")(not_null)


class Mailing(Model):
    """A mailing as stored. Operators' edits raise `version`; every write raises `rev`.

    `created_by` and `updated_by` are the subjects of those who made it and who edited it last; what
    happens to it by itself names nobody. `correlation_id` is the id of the request that created
    it: the lines that all functions log about the mailing carry it.

    `rev` is what conditional writes are compared by. `due_at` is when somebody must look at the
    mailing next; it is None only once nobody ever needs to. `closing` says that its end was
    reached and that what is pending is being settled. `deleted` hides it while its messages are
    removed.

    `holder` is the number of the work that settles or removes its messages, so that of several
    hints to do so one is followed.

    `revising` is set while an operator's change is being worked into messages that exist: which of
    the `revisions` that were ever asked for. Each pass that works one in has its own of the
    `revision_leases`: until then it may be reopening messages, so that nobody may find them all
    settled. `resending` holds the statuses that are to be sent again, and `resends` counts how
    often that was asked. `recounts` counts the recounts. `asleep` are the messages that need no
    doorbell yet, once somebody counted.
    """

    id: Id
    text: Text
    starts_at: Instant
    ends_at: Instant
    filter: Filter
    time_window: TimeWindow | None = None
    status: MailingStatus = MailingStatus.SCHEDULED
    created_at: Instant
    updated_at: Instant
    created_by: str | None = None
    updated_by: str | None = None
    correlation_id: str | None = None
    version: int = 1
    rev: int = 1
    slices: int = 0
    closing: bool = False
    deleted: bool = False
    holder: int | None = None
    revisions: int = 0
    revising: int | None = None
    revision_leases: tuple[Instant, ...] = ()
    resending: tuple[MessageStatus, ...] = ()
    resends: int = 0
    recounts: int = 0
    asleep: Asleep | None = None
    due_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Whether messages of this mailing may still be made or sent."""
        return not self.deleted and self.status in (
            MailingStatus.SCHEDULED,
            MailingStatus.RUNNING,
            MailingStatus.PAUSED,
        )

    def changed(self, **fields: object) -> Self:
        """The same mailing after a write: other values, the next `rev`."""
        return self.model_copy(update={**fields, "rev": self.rev + 1})

    def to_be_revised(self, **fields: object) -> Self:
        """The same mailing after a write that is to be worked into its messages."""
        number = self.revisions + 1
        return self.changed(**fields, revisions=number, revising=number, asleep=None)

    def is_revised(self, now: datetime) -> bool:
        """Whether somebody may be reopening its messages."""
        return any(until > now for until in self.revision_leases)

    def held(self, until: datetime, **fields: object) -> Self:
        """The same mailing after a write by who settles or removes its messages, until then."""
        return self.changed(**fields, holder=self.rev + 1, due_at=until)


class Slice(Model):
    """One segment of the directory's parallel scan, and how far it has come.

    `cursor` is the last client id whose page is safely inserted. `rev` is compared on each
    checkpoint, so that of two invocations working the same slice one stops. `version` is that of
    the mailing up to which messages of this slice are revised, or asked to be. `asleep` are those
    that were made without a doorbell. `due_at` is when the tick takes it for stalled and sends it
    again; None once done.
    """

    mailing_id: str
    number: int
    total: int
    version: int = 1
    cursor: str | None = None
    asleep: Asleep | None = None
    done: bool = False
    rev: int = 1
    due_at: Instant | None = None


DueItem = Mailing | Slice | Wave | Recount
"""What the sparse index `due` may hold."""
