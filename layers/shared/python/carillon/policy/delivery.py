"""The sender's decision about one message: call the gateway now, or what else.

Pure, and made twice where it matters. Its inputs may be a few seconds old, which can justify a
call; before anything is dropped, settled or put off, the sender reads mailing, client and message
again consistently and decides on those.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.client import Recipient
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.hours import is_open, next_opening
from carillon.policy.retry import WAIT_MAX_S, last_call_at

BEGIN_WITHIN = timedelta(seconds=3)
"""A call begins within this time of asking for the facts it rests on, or not at all: what is
remembered of a mailing may be 2 s old then, and a change through the API takes hold within 5 s."""


RETRY_WITHIN = timedelta(seconds=WAIT_MAX_S)
"""No retry waits longer."""


@dataclass(frozen=True, slots=True)
class Send:
    """Claim the message and call the gateway."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before this instant; `wave` when it is the opening of the client's local hours."""

    until: datetime
    wave: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """This message ends here."""

    status: MessageStatus
    reason: Reason


@dataclass(frozen=True, slots=True)
class Drop:
    """Nothing is to be done for this record; whoever moves the mailing takes care of the rest."""

    why: str


Decision = Send | Wait | Settle | Drop


def decide(
    *,
    mailing: Mailing | None,
    client: Recipient | None,
    message: Message | None,
    now: datetime,
    retry_unknown: bool = True,
) -> Decision:
    """What to do about a message of this mailing to this client.

    Without `retry_unknown` the gateway is known to forget ids, so an attempt that it may have
    accepted ends the message; an attempt that a person has waived with a resend does not count.

    | what is seen                                   | decision                              |
    | ---------------------------------------------- | ------------------------------------- |
    | no mailing, or it is deleted                   | Drop: its purge removes the message   |
    | no message, or its status is final             | Drop                                  |
    | the mailing is scheduled                       | Drop: its start rings                 |
    | paused                                         | Drop: resuming rings again            |
    | cancelled, finished, closing, or past its end  | Drop: closing settles                 |
    | another sender's claim still holds             | Wait until it is over                 |
    | the client is gone                             | Settle: cancelled, client_deleted     |
    | fresh doubt, and it is not to be retried       | Settle: unknown, not_confirmed        |
    | `not_before` lies ahead as far as a retry may  | Wait until then                       |
    | local hours closed, and it waits for them      | Drop: their opening rings             |
    | local hours closed, opening before the end     | Wait for the opening                  |
    | local hours closed, not opening before the end | Settle: expired, hours_never_open     |
    | else                                           | Send                                  |
    """
    if mailing is None or mailing.deleted:
        return Drop("the mailing is gone")
    if message is None or message.status is not MessageStatus.PENDING:
        return Drop("the message is settled")
    if mailing.status is MailingStatus.SCHEDULED:
        return Drop("the mailing has not begun")
    if mailing.status is MailingStatus.PAUSED:
        return Drop("the mailing is paused")
    if (
        mailing.status is not MailingStatus.RUNNING
        or mailing.closing
        or now >= last_call_at(mailing.ends_at)
    ):
        return Drop("the mailing has ended")
    if message.claim_until is not None and message.is_claimed(now):
        return Wait(message.claim_until)
    if client is None:
        return settle_without_client(message)
    if message.in_fresh_doubt and not retry_unknown:
        return Settle(MessageStatus.UNKNOWN, Reason.NOT_CONFIRMED)
    return _by_the_clock(mailing, client, message, now)


def settle_without_client(message: Message) -> Settle:
    """How a message ends whose client was deleted: an attempt in doubt stays in doubt."""
    if message.in_doubt:
        return Settle(MessageStatus.UNKNOWN, Reason.CLIENT_DELETED)
    return Settle(MessageStatus.CANCELLED, Reason.CLIENT_DELETED)


def begin_by(mailing: Mailing, client: Recipient, asked_at: datetime) -> datetime:
    """When it is too late to begin a call: the facts that were asked for then may be outdated.

    Local hours end on a whole minute, in UTC too, since every zone's offset is of whole minutes.
    """
    at = asked_at + BEGIN_WITHIN
    window = mailing.time_window
    if window is None or is_open(window, client.timezone, at):
        return at
    return at.replace(second=0, microsecond=0)


def first_attempt(mailing: Mailing, client: Recipient, now: datetime) -> datetime | None:
    """When a client may first be written to, at or after `now`; None if never before the end."""
    return first_opening(mailing.time_window, client.timezone, now, ends_at=mailing.ends_at)


def first_opening(
    window: TimeWindow | None, timezone: str, now: datetime, *, ends_at: datetime | None
) -> datetime | None:
    """When somebody in `timezone` may first be written to; None if never before the end, if any."""
    if window is None or is_open(window, timezone, now):
        return now
    opening = next_opening(window, timezone, now)
    return opening if ends_at is None or opening < last_call_at(ends_at) else None


def has_hours_after_all(
    mailing: Mailing | None, client: Recipient | None, message: Message | None, now: datetime
) -> bool:
    """Whether hours open before the end for a message that ended because none did."""
    if mailing is None or client is None or message is None:
        return False
    ended = message.reason is Reason.HOURS_NEVER_OPEN
    return ended and first_attempt(mailing, client, now) is not None


def _by_the_clock(mailing: Mailing, client: Recipient, message: Message, now: datetime) -> Decision:
    # Farther ahead is only an opening, and hours may have been changed since it was noted.
    if now < message.not_before <= now + RETRY_WITHIN:
        return Wait(message.not_before)
    at = first_attempt(mailing, client, now)
    if at is None:
        status = MessageStatus.UNKNOWN if message.in_doubt else MessageStatus.EXPIRED
        return Settle(status, Reason.HOURS_NEVER_OPEN)
    if at <= now:
        return Send()
    return Drop("local hours are closed") if at == message.not_before else Wait(at, wave=True)


def settle_at_end(message: Message, *, cancelled: bool) -> Settle:
    """How a pending message ends with its mailing: what may have been accepted is `unknown`."""
    reason = Reason.MAILING_CANCELLED if cancelled else Reason.ENDED
    if message.in_doubt:
        return Settle(MessageStatus.UNKNOWN, reason)
    return Settle(MessageStatus.CANCELLED if cancelled else MessageStatus.EXPIRED, reason)
