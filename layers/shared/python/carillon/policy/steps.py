"""What a mailing needs next, and when: the decision behind every hint.

Schedules, queue records and the tick only say "look at this mailing now". Whoever looks reads it
consistently and asks `next_step`, so that an early, late, repeated or outdated hint does no harm.
"""

from dataclasses import dataclass
from datetime import datetime

from carillon.models.mailing import Mailing, MailingStatus


@dataclass(frozen=True, slots=True)
class Begin:
    """Its start has come: cut the directory into slices and run."""


@dataclass(frozen=True, slots=True)
class Revise:
    """An operator's change is still to be worked into its messages; `number` says which."""

    number: int


@dataclass(frozen=True, slots=True)
class Finish:
    """Settle what is pending (if it ended or was cancelled), verify, and finish."""


@dataclass(frozen=True, slots=True)
class Remove:
    """It was deleted: remove its messages and then itself."""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing until this instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Nothing:
    """It is settled for good."""


Step = Begin | Revise | Finish | Remove | Later | Nothing


def next_step(mailing: Mailing, now: datetime) -> Step:
    """Decide what the mailing needs at `now`."""
    if mailing.deleted:
        return Remove()
    if mailing.due_at is None or mailing.status is MailingStatus.FINISHED:
        return Nothing()
    if mailing.status is MailingStatus.CANCELLED or now >= mailing.ends_at:
        return Finish()
    if mailing.status is MailingStatus.SCHEDULED:
        return Begin() if now >= mailing.starts_at else Later(mailing.starts_at)
    if mailing.status is MailingStatus.RUNNING and mailing.revising is not None:
        return Revise(mailing.revising)
    return Later(mailing.ends_at)


def due_at(mailing: Mailing, now: datetime) -> datetime | None:
    """When somebody must look next at a mailing that was just written: its place in `due`.

    A running one is due all the time: the tick listens whether its doorbells are still there.
    """
    match next_step(mailing.model_copy(update={"due_at": now}), now):
        case Later(at) if mailing.status is not MailingStatus.RUNNING:
            return at
        case Nothing():
            return None
        case _:
            return now


def is_settling(mailing: Mailing, now: datetime) -> bool:
    """Whether pending messages are to be settled rather than sent from here on."""
    return (
        mailing.closing or mailing.status is MailingStatus.CANCELLED or now >= mailing.ends_at
    ) and not mailing.deleted


def is_running(mailing: Mailing, now: datetime) -> bool:
    """Whether its messages are to be sent now, as far as the mailing is concerned."""
    return (
        mailing.status is MailingStatus.RUNNING
        and not mailing.deleted
        and not is_settling(mailing, now)
    )
