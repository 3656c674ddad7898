"""What an operator's change means for one message that exists: pure, decided like a sending.

Edited hours or an edited end move what waits, settle what can never be sent, and reopen what ended
only because its hours never opened. A resend reopens what it names, once per resend.
"""

from datetime import datetime, timedelta

from carillon.models.client import Recipient
from carillon.models.mailing import Mailing
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.delivery import Drop, Settle, Wait, decide
from carillon.policy.retention import Retention
from carillon.policy.retry import WAIT_MAX_S

_WAIT_MAX = timedelta(seconds=WAIT_MAX_S)


def concerns(mailing: Mailing, message: Message, now: datetime) -> bool:
    """Whether the change may mean anything for this message; one that is claimed is let be."""
    if message.status is MessageStatus.PENDING:
        return not message.is_claimed(now)
    return _is_resent(mailing, message) or message.reason is Reason.HOURS_NEVER_OPEN


def revised(
    mailing: Mailing,
    client: Recipient | None,
    message: Message,
    *,
    now: datetime,
    token: str,
    retention: Retention,
) -> Message:
    """The message as it is to be; the very same when nothing changes.

    A wait that the gateway asked for, or that an attempt's failure brought, is kept: it is never
    longer than 15 minutes, unlike one for local hours.
    """
    waiting = _as_waiting(mailing, message, now)
    is_pending = message.status is MessageStatus.PENDING
    decision = decide(mailing=mailing, client=client, message=waiting, now=now)
    if isinstance(decision, Settle) and is_pending:
        expires_at = retention.expires_at(now)
        return message.settled(
            decision.status, decision.reason, token=token, at=now, expires_at=expires_at
        )
    if isinstance(decision, Settle | Drop):
        return message
    at = decision.until if isinstance(decision, Wait) else now
    if is_pending and at == max(message.not_before, now):
        return message
    return waiting.changed(token=token, at=now, not_before=at)


def _as_waiting(mailing: Mailing, message: Message, now: datetime) -> Message:
    """The message pending again, and due as soon as the gateway's own wishes allow."""
    if message.status is MessageStatus.PENDING:
        retried = message.attempts > 0 and now < message.not_before <= now + _WAIT_MAX
        return message if retried else message.model_copy(update={"not_before": now})
    reopened = message.model_copy(
        update={
            "status": MessageStatus.PENDING,
            "reason": None,
            "expires_at": None,
            "not_before": now,
        }
    )
    if not _is_resent(mailing, message):
        return reopened
    # A person has looked at what was in doubt and wants it sent all the same.
    waived = {"resends": mailing.resends, "doubts_waived": message.doubts}
    return reopened.model_copy(update=waived)


def _is_resent(mailing: Mailing, message: Message) -> bool:
    return message.status in mailing.resending and message.resends < mailing.resends
