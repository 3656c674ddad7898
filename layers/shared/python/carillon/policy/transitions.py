"""The allowed moves of a mailing and of a message: one table each, and nothing else moves them.

A move is always written under a condition on the old state, so the tables hold at run time too.
"""

from collections.abc import Mapping
from types import MappingProxyType

from carillon.models.mailing import MailingStatus as Mailing
from carillon.models.message import MessageStatus as Message

MAILING_MOVES: Mapping[Mailing, frozenset[Mailing]] = MappingProxyType(
    {
        Mailing.SCHEDULED: frozenset({Mailing.RUNNING, Mailing.FINISHED, Mailing.CANCELLED}),
        Mailing.RUNNING: frozenset({Mailing.PAUSED, Mailing.FINISHED, Mailing.CANCELLED}),
        Mailing.PAUSED: frozenset({Mailing.RUNNING, Mailing.FINISHED, Mailing.CANCELLED}),
        Mailing.FINISHED: frozenset({Mailing.RUNNING}),
        Mailing.CANCELLED: frozenset(),
    }
)
"""`scheduled` and `paused` finish when their end passes; `finished` runs again by a resend."""

MESSAGE_MOVES: Mapping[Message, frozenset[Message]] = MappingProxyType(
    {
        Message.PENDING: frozenset(
            {
                Message.SENT,
                Message.FAILED,
                Message.UNKNOWN,
                Message.EXPIRED,
                Message.CANCELLED,
            }
        ),
        Message.SENT: frozenset(),
        Message.FAILED: frozenset({Message.SENT, Message.PENDING}),
        Message.UNKNOWN: frozenset({Message.SENT, Message.PENDING}),
        Message.EXPIRED: frozenset({Message.SENT, Message.PENDING}),
        Message.CANCELLED: frozenset({Message.SENT}),
    }
)
"""A proven success moves any status to `sent`; a resend moves `failed` and `unknown` back to
`pending`, and an edit of the hours or the end reopens an `expired` whose hours never opened."""


def may_move_mailing(old: Mailing, new: Mailing) -> bool:
    """Whether a mailing may go from one status to the other."""
    return new in MAILING_MOVES[old]


def may_move_message(old: Message, new: Message) -> bool:
    """Whether a message may go from one status to the other."""
    return new in MESSAGE_MOVES[old]
