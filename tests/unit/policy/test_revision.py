"""What an operator's change means for one message."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.client import Recipient
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.retention import Retention
from carillon.policy.revision import concerns, revised
from carillon.policy.transitions import may_move_message
from tests.fakes.samples import HOUR, a_mailing, a_message, a_recipient
from tests.fakes.system import SOME_MOMENT

NOW = SOME_MOMENT
"""One in the afternoon for the client, who is in Moscow."""
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
RETENTION = Retention(30)
KEPT_UNTIL = RETENTION.expires_at(NOW)
M = MessageStatus
FROM_TWO = TimeWindow(start="14:00", end="18:00")
NEVER = TimeWindow(start="06:00", end="07:00")
"""Does not open before the end."""


def a_running(**fields: Any) -> Mailing:
    return a_mailing(**{"status": MailingStatus.RUNNING, "ends_at": NOW + 3 * HOUR, **fields})


def resending(*statuses: MessageStatus, **fields: Any) -> Mailing:
    return a_running(resending=statuses, resends=2, **fields)


def ended(status: MessageStatus, reason: Reason | None = None, **fields: Any) -> Message:
    return a_message(**{"status": status, "reason": reason, "expires_at": 1, **fields})


def revise(mailing: Mailing, message: Message) -> Message:
    return revised(mailing, a_recipient(), message, now=NOW, token="t9", retention=RETENTION)


def waiting(message: Message, until: datetime) -> Message:
    return message.model_copy(update={"not_before": until, "token": "t9", "updated_at": NOW})


# What is pending.


@pytest.mark.parametrize("not_before", [NOW - HOUR, NOW])
def test_what_is_due_and_may_be_sent_stays_as_it_is(not_before: datetime) -> None:
    message = a_message(not_before=not_before)
    assert revise(a_running(), message) is message


def test_what_waited_for_hours_that_were_taken_away_is_due_now() -> None:
    message = a_message(not_before=NOW + HOUR)
    assert revise(a_running(), message) == waiting(message, NOW)


@pytest.mark.parametrize("not_before", [NOW - HOUR, NOW, NOW + 2 * HOUR])
def test_what_is_outside_the_hours_waits_for_their_opening(not_before: datetime) -> None:
    message = a_message(not_before=not_before)
    assert revise(a_running(time_window=FROM_TWO), message) == waiting(message, NOW + HOUR)


def test_what_waits_for_the_same_opening_already_stays_as_it_is() -> None:
    message = a_message(not_before=NOW + HOUR)
    assert revise(a_running(time_window=FROM_TWO), message) is message


@pytest.mark.parametrize(
    ("attempts", "wait", "kept"),
    [
        (1, SECOND, True),
        (3, 15 * MINUTE, True),
        (3, 15 * MINUTE + SECOND, False),
        (0, SECOND, False),
    ],
)
def test_a_wait_that_a_failed_attempt_brought_is_kept(
    attempts: int, wait: timedelta, kept: bool
) -> None:
    """Never tried, or waiting longer than any retry does: that was for local hours."""
    message = a_message(attempts=attempts, refused=attempts, not_before=NOW + wait)
    after = revise(a_running(), message)
    assert after == (message if kept else waiting(message, NOW))
    assert (after is message) == kept


def test_what_is_retried_goes_by_the_hours_once_its_wait_is_over() -> None:
    message = a_message(attempts=1, not_before=NOW - SECOND)
    assert revise(a_running(time_window=FROM_TWO), message) == waiting(message, NOW + HOUR)


@pytest.mark.parametrize(
    ("attempts", "refused", "status"), [(0, 0, M.EXPIRED), (2, 2, M.EXPIRED), (2, 1, M.UNKNOWN)]
)
def test_what_can_never_be_sent_ends_now(
    attempts: int, refused: int, status: MessageStatus
) -> None:
    message = a_message(attempts=attempts, refused=refused, not_before=NOW + HOUR)
    assert revise(a_running(time_window=NEVER), message) == message.settled(
        status, Reason.HOURS_NEVER_OPEN, token="t9", at=NOW, expires_at=KEPT_UNTIL
    )


@pytest.mark.parametrize(("attempts", "status"), [(0, M.CANCELLED), (1, M.UNKNOWN)])
def test_the_message_to_a_deleted_client_ends_now(attempts: int, status: MessageStatus) -> None:
    message = a_message(attempts=attempts)
    after = revised(a_running(), None, message, now=NOW, token="t9", retention=RETENTION)
    assert (after.status, after.reason) == (status, Reason.CLIENT_DELETED)
    assert (after.expires_at, after.token) == (KEPT_UNTIL, "t9")


@pytest.mark.parametrize(
    "mailing",
    [
        a_running(status=MailingStatus.PAUSED),
        a_running(status=MailingStatus.CANCELLED),
        a_running(closing=True),
        a_running(ends_at=NOW),
        a_running(deleted=True),
    ],
)
@pytest.mark.parametrize(
    "message", [a_message(not_before=NOW + HOUR), ended(M.EXPIRED, Reason.HOURS_NEVER_OPEN)]
)
def test_in_a_mailing_that_does_not_run_nothing_moves(mailing: Mailing, message: Message) -> None:
    assert revise(mailing, message) is message


# What ended because its hours never opened.


@pytest.mark.parametrize(
    ("window", "until"), [(None, NOW), (FROM_TWO, NOW + HOUR)], ids=["open", "later"]
)
@pytest.mark.parametrize("status", [M.EXPIRED, M.UNKNOWN])
def test_it_is_reopened_when_its_hours_do_open(
    status: MessageStatus, window: TimeWindow | None, until: datetime
) -> None:
    attempts = 1 if status is M.UNKNOWN else 0
    message = ended(status, Reason.HOURS_NEVER_OPEN, attempts=attempts, not_before=NOW - HOUR)
    after = revise(a_running(time_window=window), message)
    assert after == a_message(attempts=attempts, token="t9", not_before=until)
    assert after.in_fresh_doubt == (status is M.UNKNOWN), "nobody has waived anything"


def test_it_stays_ended_while_they_do_not() -> None:
    message = ended(M.EXPIRED, Reason.HOURS_NEVER_OPEN)
    assert revise(a_running(time_window=NEVER), message) is message


# What a person wants sent again.


@pytest.mark.parametrize("status", [M.FAILED, M.UNKNOWN])
def test_a_resent_message_is_due_at_once_and_its_doubts_are_waived(status: MessageStatus) -> None:
    message = ended(
        status,
        Reason.REFUSED if status is M.FAILED else Reason.NOT_CONFIRMED,
        attempts=5,
        refused=2,
        resends=1,
        last_error="HTTP 400",
        not_before=NOW - HOUR,
    )
    after = revise(resending(status), message)
    assert after == a_message(
        attempts=5, refused=2, resends=2, doubts_waived=3, last_error="HTTP 400", token="t9"
    )
    assert after.in_doubt
    assert not after.in_fresh_doubt


def test_it_is_moved_once_by_each_resend() -> None:
    message = ended(M.FAILED, Reason.REFUSED, resends=2)
    assert not concerns(resending(M.FAILED), message, NOW)
    again = a_running(resending=(M.FAILED,), resends=3)
    assert concerns(again, message, NOW)
    assert revise(again, message).resends == 3


def test_it_waits_for_local_hours_like_any_other() -> None:
    after = revise(resending(M.FAILED, time_window=FROM_TWO), ended(M.FAILED, Reason.REFUSED))
    assert (after.status, after.not_before) == (M.PENDING, NOW + HOUR)


def test_it_stays_ended_when_its_hours_do_not_open_any_more() -> None:
    message = ended(M.FAILED, Reason.REFUSED)
    assert revise(resending(M.FAILED, time_window=NEVER), message) is message


@pytest.mark.parametrize("status", [M.FAILED, M.UNKNOWN])
def test_a_deleted_client_gets_nothing_again(status: MessageStatus) -> None:
    message = ended(status)
    after = revised(resending(status), None, message, now=NOW, token="t9", retention=RETENTION)
    assert after is message


def test_what_is_pending_is_not_resent() -> None:
    message = a_message(attempts=1, not_before=NOW + SECOND)
    assert revise(resending(M.FAILED, M.UNKNOWN), message) is message


# What a change concerns at all.


@pytest.mark.parametrize(
    ("message", "concerned"),
    [
        (a_message(), True),
        (a_message(claim_until=NOW), True),
        (a_message(claim_until=NOW + SECOND), False),
        (ended(M.SENT), False),
        (ended(M.FAILED, Reason.REFUSED), False),
        (ended(M.UNKNOWN, Reason.NOT_CONFIRMED), True),
        (ended(M.UNKNOWN, Reason.NOT_CONFIRMED, resends=2), False),
        (ended(M.UNKNOWN, Reason.HOURS_NEVER_OPEN, resends=2), True),
        (ended(M.EXPIRED, Reason.HOURS_NEVER_OPEN), True),
        (ended(M.EXPIRED, Reason.ENDED), False),
        (ended(M.CANCELLED, Reason.CLIENT_DELETED), False),
    ],
)
def test_what_a_change_concerns(message: Message, concerned: bool) -> None:
    assert concerns(resending(M.UNKNOWN), message, NOW) == concerned


def _settled(message: Message, end: tuple[MessageStatus, Reason | None]) -> Message:
    return message.settled(*end, token="t1", at=NOW, expires_at=KEPT_UNTIL)


messages = st.builds(
    a_message,
    attempts=st.sampled_from([0, 2]),
    not_before=st.sampled_from([NOW - HOUR, NOW, NOW + MINUTE, NOW + HOUR]),
)
endings = st.sampled_from(
    [
        (M.SENT, None),
        (M.FAILED, Reason.REFUSED),
        (M.UNKNOWN, Reason.NOT_CONFIRMED),
        (M.UNKNOWN, Reason.HOURS_NEVER_OPEN),
        (M.EXPIRED, Reason.HOURS_NEVER_OPEN),
        (M.CANCELLED, Reason.CLIENT_DELETED),
    ]
)


@given(
    mailing=st.builds(
        a_running,
        time_window=st.sampled_from([None, FROM_TWO, NEVER]),
        resending=st.sampled_from([(), (M.FAILED,), (M.FAILED, M.UNKNOWN)]),
        resends=st.sampled_from([0, 1]),
    ),
    message=messages | st.builds(_settled, messages, endings),
    client=st.sampled_from([None, a_recipient()]),
)
def test_whatever_it_does_is_allowed_and_done_again_changes_nothing(
    mailing: Mailing, message: Message, client: Recipient | None
) -> None:
    if not concerns(mailing, message, NOW):
        return
    once = revised(mailing, client, message, now=NOW, token="t8", retention=RETENTION)
    assert once is message or once.token == "t8"
    assert once.status is message.status or may_move_message(message.status, once.status)
    assert (once.status is M.PENDING) == (once.expires_at is None)
    if concerns(mailing, once, NOW):
        again = revised(mailing, client, once, now=NOW, token="t9", retention=RETENTION)
        assert again is once
