"""What travels in the queues: commands to the fan-out, bells to the sender. Ids only.

Bodies carry no phone and no text, so that queues, dead letters and logs hold nothing personal.
A command is a hint: whoever receives it reads the mailing and decides again.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter

from carillon.models.base import Id, Model
from carillon.models.instant import Instant

Number = Annotated[int, Field(ge=0, lt=2**53)]
"""Counts and versions; what is larger was never ours, and a table might refuse it."""


class Tick(Model):
    """Each minute: issue again whatever is due."""

    kind: Literal["tick"] = "tick"


class Listen(Model):
    """Doorbells were missing a minute ago: if they still are, search for what is due."""

    kind: Literal["listen"] = "listen"


class Advance(Model):
    """See what this mailing needs at `at`: start, revise, close, purge, or nothing."""

    kind: Literal["advance"] = "advance"
    mailing_id: Id
    at: Instant


class RunSlice(Model):
    """Work one slice of a mailing's audience from its checkpoint."""

    kind: Literal["slice"] = "slice"
    mailing_id: Id
    number: Number


class Release(Model):
    """Ring for the messages of the wave that opens at `at`; with a `rev` from who is at it."""

    kind: Literal["release"] = "release"
    mailing_id: Id
    at: Instant
    rev: Number | None = None


class Revise(Model):
    """Work an operator's change into the messages that exist; `number` is `Mailing.revising`."""

    kind: Literal["revise"] = "revise"
    mailing_id: Id
    number: Number
    cursor: str | None = None


class Close(Model):
    """Settle and finish; with a `number` it is from who holds the mailing for that.

    A pass goes on from `cursor`; it began when the mailing had so many `revisions`, and `clean`
    says that it found nothing to settle so far.
    """

    kind: Literal["close"] = "close"
    mailing_id: Id
    number: Number | None = None
    cursor: str | None = None
    revisions: Number | None = None
    clean: bool = True


class RunRecount(Model):
    """Compare a mailing's counters with its messages; with a `rev` from who is at it.

    A pass goes on from `cursor`; it saw `messages` so far, and `clean` says that each of them was
    taken over before.
    """

    kind: Literal["recount"] = "recount"
    mailing_id: Id
    number: Number
    rev: Number | None = None
    cursor: str | None = None
    messages: Number = 0
    clean: bool = True


class Purge(Model):
    """Remove a deleted mailing's messages, counters and finally itself.

    With a `number` it is from who holds the mailing for that.
    """

    kind: Literal["purge"] = "purge"
    mailing_id: Id
    number: Number | None = None


Command = Tick | Listen | Advance | RunSlice | Release | Revise | Close | RunRecount | Purge

_COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="kind")])


def parse_command(body: str) -> Command:
    """Read a queue body; `pydantic.ValidationError` when it is none of ours."""
    return _COMMAND.validate_json(body)


class Doorbell(Model):
    """A record of the message queue: this message may be due.

    `fresh_at` is the message's `created_at` when it was just made and never tried: the sender may
    then claim it without reading it first.
    """

    mailing_id: Id
    client_id: Id
    fresh_at: Instant | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Of the message that it stands for."""
        return self.mailing_id, self.client_id

    def tried(self) -> Self:
        """The doorbell for another look: the message may have changed since it was made."""
        return self.model_copy(update={"fresh_at": None})


class TrialBell(Model):
    """A record of the message queue: this trial of a mailing is to be made."""

    mailing_id: Id
    test_id: Id


Bell = Doorbell | TrialBell

_BELL: TypeAdapter[Bell] = TypeAdapter(Bell)


def parse_bell(body: str) -> Bell:
    """Read a body of the message queue; `pydantic.ValidationError` when it is none of ours."""
    return _BELL.validate_json(body)
