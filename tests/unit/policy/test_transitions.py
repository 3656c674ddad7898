"""The two tables of moves, written down a second time."""

from itertools import product

import pytest

from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus
from carillon.policy.transitions import (
    MAILING_MOVES,
    MESSAGE_MOVES,
    may_move_mailing,
    may_move_message,
)

MAILING = {
    "scheduled": {"running", "finished", "cancelled"},
    "running": {"paused", "finished", "cancelled"},
    "paused": {"running", "finished", "cancelled"},
    "finished": {"running"},
    "cancelled": set(),
}
MESSAGE = {
    "pending": {"sent", "failed", "unknown", "expired", "cancelled"},
    "sent": set(),
    "failed": {"sent", "pending"},
    "unknown": {"sent", "pending"},
    "expired": {"sent", "pending"},
    "cancelled": {"sent"},
}


@pytest.mark.parametrize(("old", "new"), list(product(MailingStatus, MailingStatus)))
def test_a_mailing_moves_as_promised(old: MailingStatus, new: MailingStatus) -> None:
    assert may_move_mailing(old, new) == (new.value in MAILING[old.value])


@pytest.mark.parametrize(("old", "new"), list(product(MessageStatus, MessageStatus)))
def test_a_message_moves_as_promised(old: MessageStatus, new: MessageStatus) -> None:
    assert may_move_message(old, new) == (new.value in MESSAGE[old.value])


@pytest.mark.parametrize("status", [each for each in MessageStatus if each != "sent"])
def test_a_proven_success_moves_anything_to_sent(status: MessageStatus) -> None:
    assert may_move_message(status, MessageStatus.SENT)


def test_the_tables_are_whole_and_cannot_be_changed() -> None:
    assert set(MAILING_MOVES) == set(MailingStatus)
    assert set(MESSAGE_MOVES) == set(MessageStatus)
    with pytest.raises(TypeError):
        MESSAGE_MOVES[MessageStatus.SENT] = frozenset(MessageStatus)  # type: ignore[index]
