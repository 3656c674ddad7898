"""What a digest says, before anybody puts it into words: pure, from mailings and numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.digest import Day, Moves
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.queues import QueueLengths
from carillon.models.statistics import Counts, ErrorCount
from carillon.policy.health import Health

SHOWN_MAX = 20
"""Mailings in each of its lists: what one reads on a phone. The numbers are of all of them."""

COMING_WITHIN = timedelta(days=7)
"""What starts later is no news yet."""

TEXT_SHOWN_MAX = 60
"""Characters of a mailing's text: a line of an e-mail."""

_FINAL = (MailingStatus.FINISHED, MailingStatus.CANCELLED)

# Seven digits or more, however they are grouped: it could be somebody's number.
_NUMBER = re.compile(r"\+?\d(?:[ ()\u00a0-]{0,3}\d){6,}")


@dataclass(frozen=True, slots=True)
class Worked:
    """A mailing that did something on the day: what moved then, and how it stands now."""

    mailing: Mailing
    counts: Counts
    moves: Moves


@dataclass(frozen=True, slots=True)
class GatewayNote:
    """How the gateway does, and its calls of the last hour."""

    health: Health
    calls: int
    retried: int
    refused: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Digest:
    """A day's account; `made_at` is when all that is not of the day was looked at.

    `moves` and `errors` are those of all `worked_total` mailings that did something, `worked`,
    `running` and `coming` the first of each list. Of what might have worked `not_counted` were too
    many to be counted; unless `all_seen`, there are so many mailings that the oldest were not
    looked at. `gateway` and `queues` are None when they did not answer.
    """

    day: Day
    made_at: datetime
    moves: Moves
    worked: Sequence[Worked]
    worked_total: int
    not_counted: int
    errors: Sequence[ErrorCount]
    running: Sequence[tuple[Mailing, Counts]]
    running_total: int
    coming: Sequence[Mailing]
    coming_total: int
    all_seen: bool
    gateway: GatewayNote | None
    queues: QueueLengths | None

    @property
    def dead_letters(self) -> int:
        """In all queues together."""
        lengths = self.queues
        if lengths is None:
            return 0
        of_queues = lengths.dead_messages + lengths.dead_fanout + lengths.dead_imports
        return of_queues + lengths.undeliverable


def may_have_worked(mailing: Mailing, day: Day) -> bool:
    """Whether it is worth a look at the mailing's minutes of that day.

    Messages move between a mailing's start and its end. Whatever else moves them, such as a person
    who cancels it, or settles it after its end, is noted as a change of the mailing.
    """
    if mailing.created_at >= day.ends_at:
        return False
    overlaps = mailing.starts_at < day.ends_at and mailing.ends_at >= day.begins_at
    return overlaps or mailing.updated_at >= day.begins_at


def ended_on(mailing: Mailing, day: Day) -> bool:
    """Whether it came to its end then: nothing changes a mailing afterwards."""
    return mailing.status in _FINAL and day.has(mailing.updated_at)


def is_under_way(mailing: Mailing) -> bool:
    """Whether it runs, or is paused while it does."""
    return mailing.status in (MailingStatus.RUNNING, MailingStatus.PAUSED)


def is_coming(mailing: Mailing, now: datetime) -> bool:
    """Whether it starts in the next days."""
    return mailing.status is MailingStatus.SCHEDULED and mailing.starts_at <= now + COMING_WITHIN


def excerpt(text: str) -> str:
    """The beginning of a mailing's text, on one line, by which operators recognise the mailing.

    They wrote it, every recipient of the mailing gets the same, and those who get the digest were
    chosen by the owner; so it may be shown, which it may not be in a log. But an e-mail stays in
    mailboxes that no retention and no sign-in of ours reach. So it is no more than a line, and what
    could be a phone number in it is taken out first, before the cut could leave half of one.
    """
    line = " ".join(_NUMBER.sub("#", text).split())
    return line if len(line) <= TEXT_SHOWN_MAX else line[: TEXT_SHOWN_MAX - 1].rstrip() + "…"
