"""What is told of a call, of a mailing and of the tick's finds: which measure each one counts as.

Nothing here decides anything; it is how people see what was decided elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from carillon.models.gateway import GatewayOutcome, NoReply, Reply
from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice
from carillon.models.measures import (
    ACCEPTED,
    IN_VAIN,
    LOST_HINTS,
    NO_ANSWER,
    OTHER_RETRY,
    REFUSED,
    SERVED,
    SERVER_ERROR,
    STALLED,
    THROTTLED,
    TOKEN_REFUSED,
    UNREACHABLE,
    Measure,
)
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.policy.answers import Accepted, Refused, classify
from carillon.policy.steps import Begin, Finish, Later, Nothing, is_settling, next_step

LATE_AFTER = timedelta(seconds=60)
"""A hint comes within seconds; what waits for longer has lost its own and found the tick."""

OVERDUE_AFTER = timedelta(minutes=15)
"""Settling takes a second for about a thousand messages that are left: a million is through by
then, and anything smaller is stuck."""


_OF_THE_GATEWAY = {
    ACCEPTED: SERVED,
    REFUSED: SERVED,
    THROTTLED: SERVED,
    UNREACHABLE: IN_VAIN,
    NO_ANSWER: IN_VAIN,
    SERVER_ERROR: IN_VAIN,
    OTHER_RETRY: IN_VAIN,
}
"""What a call says about the gateway itself; a refused token says nothing."""


def call_measures(outcome: GatewayOutcome) -> Sequence[Measure]:
    """What counts a call by how it ended, and by whether the gateway does its work."""
    how = call_measure(outcome)
    return [how, *([_OF_THE_GATEWAY[how]] if how in _OF_THE_GATEWAY else [])]


def call_measure(outcome: GatewayOutcome) -> Measure:
    """The one measure that counts a call by how it ended."""
    match classify(outcome):
        case Accepted():
            return ACCEPTED
        case Refused():
            return REFUSED
    match outcome:
        case NoReply(handed_over=False):
            return UNREACHABLE
        case NoReply():
            return NO_ANSWER
        case Reply(status=401 | 403):
            return TOKEN_REFUSED
        case Reply(status=429):
            return THROTTLED
        case Reply(status=status) if status >= 500:
            return SERVER_ERROR
    return OTHER_RETRY


def after_start_s(mailing: Mailing, at: datetime) -> float:
    """Seconds since it could begin: a start in the past means when it was made."""
    return max(0.0, (at - max(mailing.starts_at, mailing.created_at)).total_seconds())


def is_overdue(mailing: Mailing, now: datetime) -> bool:
    """Whether it should be settled by now, and is not."""
    if mailing.due_at is None or not is_settling(mailing, now):
        return False
    ended_at = mailing.ends_at
    if mailing.status is MailingStatus.CANCELLED:
        ended_at = min(ended_at, mailing.updated_at)
    return now - ended_at >= OVERDUE_AFTER


def repair_measure(item: DueItem, now: datetime) -> Measure | None:
    """What the tick repairs by giving this out again; None where that is its ordinary work."""
    match item:
        case Recount(rev=1, requested_at=at):
            return LOST_HINTS if now - at >= LATE_AFTER else None
        case Slice(due_at=datetime() as at) | Recount(due_at=datetime() as at):
            return STALLED if at <= now else None
        case Wave(held_until=datetime() as until):
            return STALLED if until <= now else None
        case Wave(opens_at=at):
            return LOST_HINTS if now - at >= LATE_AFTER else None
        case Mailing():
            return _mailing_repair(item, now)
    return None


def _mailing_repair(mailing: Mailing, now: datetime) -> Measure | None:
    step = next_step(mailing, now)
    if mailing.due_at is None or mailing.due_at > now or isinstance(step, Later | Nothing):
        return None
    if mailing.holder is not None:
        return STALLED
    since = mailing.updated_at
    if isinstance(step, Begin):
        since = max(since, mailing.starts_at)
    elif isinstance(step, Finish) and mailing.status is not MailingStatus.CANCELLED:
        since = max(since, mailing.ends_at)
    return LOST_HINTS if now - since >= LATE_AFTER else None
