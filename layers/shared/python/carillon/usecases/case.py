"""A doorbell with what is known of its message, its mailing and its client."""

from dataclasses import dataclass
from datetime import datetime

from carillon.models.client import Recipient
from carillon.models.mailing import Mailing
from carillon.models.message import Message, Reason
from carillon.models.records import Ring
from carillon.policy.delivery import Decision, Settle, Wait, has_hours_after_all


@dataclass(frozen=True, slots=True)
class Case:
    """A record with what is known about it, all of it asked for at `asked_at` or later."""

    asked_at: datetime
    record: Ring
    mailing: Mailing | None
    client: Recipient | None
    message: Message | None


def rests_on_hours(decision: Decision) -> bool:
    """Whether the mailing's hours are why something was written."""
    match decision:
        case Wait(wave=True) | Settle(reason=Reason.HOURS_NEVER_OPEN):
            return True
    return False


def is_left_behind(case: Case, now: datetime) -> bool:
    """Whether the message may have ended by hours of before, written by somebody who died then."""
    return case.record.receives > 1 and has_hours_after_all(
        case.mailing, case.client, case.message, now
    )
