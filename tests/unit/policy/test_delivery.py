"""The sender's decision, row by row, and the promises it must keep on any input."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.client import Recipient
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.delivery import (
    Decision,
    Drop,
    Send,
    Settle,
    Wait,
    begin_by,
    decide,
    first_attempt,
    settle_at_end,
    settle_without_client,
)
from carillon.policy.hours import is_open
from tests.fakes.samples import a_mailing, a_message, a_recipient
from tests.fakes.system import SOME_MOMENT

NOW = SOME_MOMENT + timedelta(minutes=10)  # 13:10 in Moscow
SOON, PAST = NOW + timedelta(seconds=30), NOW - timedelta(seconds=30)
TICK = timedelta(milliseconds=1)
OPENS_AT_TWO = TimeWindow(start="14:00", end="15:00")
RUNNING, PENDING = MailingStatus.RUNNING, MessageStatus.PENDING

running = a_mailing(status=RUNNING, ends_at=NOW + timedelta(hours=2))
closed = running.changed(time_window=OPENS_AT_TWO)
never = closed.changed(ends_at=NOW + timedelta(minutes=40))


def decided(
    *,
    mailing: Mailing | None = running,
    client: Recipient | None = a_recipient(),  # noqa: B008 - models are frozen
    message: Message | None = a_message(),  # noqa: B008
    now: datetime = NOW,
    retry_unknown: bool = True,
) -> Decision:
    return decide(
        mailing=mailing, client=client, message=message, now=now, retry_unknown=retry_unknown
    )


def test_a_pending_message_of_a_running_mailing_is_sent() -> None:
    assert decided() == Send()
    assert decided(message=a_message(claim_until=NOW, not_before=NOW, attempts=7)) == Send()
    assert decided(mailing=closed.changed(time_window=TimeWindow(start="13:10", end="13:11"))) == (
        Send()
    )


@pytest.mark.parametrize(
    ("mailing", "why"),
    [
        (None, "the mailing is gone"),
        (running.changed(deleted=True), "the mailing is gone"),
        (running.changed(closing=True), "the mailing has ended"),
        (running.changed(ends_at=NOW), "the mailing has ended"),
        (running.changed(ends_at=NOW + timedelta(milliseconds=500)), "the mailing has ended"),
        (running.changed(status=MailingStatus.PAUSED), "the mailing is paused"),
        (running.changed(status=MailingStatus.CANCELLED), "the mailing has ended"),
        (running.changed(status=MailingStatus.FINISHED), "the mailing has ended"),
    ],
)
def test_a_mailing_that_does_not_send_drops_the_record(mailing: Mailing | None, why: str) -> None:
    assert decided(mailing=mailing) == Drop(why)
    assert decided(mailing=mailing, client=None) == Drop(why)


def test_the_last_call_begins_more_than_half_a_second_before_the_end() -> None:
    assert decided(mailing=running.changed(ends_at=NOW + timedelta(milliseconds=501))) == Send()


@pytest.mark.parametrize(
    "message",
    [None, *(a_message(status=status) for status in MessageStatus if status is not PENDING)],
)
def test_a_settled_message_is_dropped(message: Message | None) -> None:
    assert decided(message=message) == Drop("the message is settled")


def test_a_mailing_that_has_not_started_rings_when_it_does() -> None:
    scheduled = running.changed(status=MailingStatus.SCHEDULED, starts_at=SOON)
    assert decided(mailing=scheduled) == Drop("the mailing has not begun")


def test_another_senders_claim_is_respected_even_without_a_client() -> None:
    claimed = a_message(claim_until=SOON, attempts=1)
    assert decided(message=claimed) == Wait(SOON)
    assert decided(message=claimed, client=None) == Wait(SOON)


NOT_CONFIRMED = Settle(MessageStatus.UNKNOWN, Reason.NOT_CONFIRMED)


@pytest.mark.parametrize(
    ("attempts", "refused", "waived", "expected"),
    [
        (0, 0, 0, Send()),
        (2, 2, 0, Send()),
        (1, 0, 0, NOT_CONFIRMED),
        (3, 2, 0, NOT_CONFIRMED),
        (3, 2, 1, Send()),
        (4, 2, 1, NOT_CONFIRMED),
    ],
)
def test_where_doubt_is_not_retried_it_ends_the_message_unless_a_person_waived_it(
    attempts: int, refused: int, waived: int, expected: Decision
) -> None:
    message = a_message(attempts=attempts, refused=refused, doubts_waived=waived)
    assert decided(message=message, retry_unknown=False) == expected
    assert decided(message=message) == Send()


def test_doubt_ends_a_message_before_its_time_but_not_under_a_claim_or_a_pause() -> None:
    doubtful = a_message(attempts=1, not_before=SOON)
    assert decided(message=doubtful, retry_unknown=False) == NOT_CONFIRMED
    claimed = a_message(attempts=1, claim_until=SOON)
    assert decided(message=claimed, retry_unknown=False) == Wait(SOON)
    paused = running.changed(status=MailingStatus.PAUSED)
    assert isinstance(decided(mailing=paused, message=doubtful, retry_unknown=False), Drop)


def test_a_retry_waits_for_its_time() -> None:
    assert decided(message=a_message(not_before=SOON, attempts=1, refused=1)) == Wait(SOON)


def test_closed_hours_wait_for_the_opening() -> None:
    opening = datetime.fromisoformat("2026-11-21T11:00:00Z")
    assert decided(mailing=closed) == Wait(opening, wave=True)
    assert decided(mailing=closed, now=opening) == Send()
    assert decided(mailing=closed, now=opening - TICK) == Wait(opening, wave=True)


def test_hours_are_the_clients_own() -> None:
    in_samara = a_recipient(timezone="Europe/Samara")  # already 14:10
    assert decided(mailing=closed, client=in_samara) == Send()


@pytest.mark.parametrize(
    ("attempts", "refused", "status"),
    [
        (0, 0, MessageStatus.EXPIRED),
        (2, 2, MessageStatus.EXPIRED),
        (2, 1, MessageStatus.UNKNOWN),
    ],
)
def test_hours_that_never_open_end_the_message(
    attempts: int, refused: int, status: MessageStatus
) -> None:
    message = a_message(attempts=attempts, refused=refused)
    expected = Settle(status, Reason.HOURS_NEVER_OPEN)
    assert decided(mailing=never, message=message) == expected


@pytest.mark.parametrize(
    ("attempts", "refused", "status"),
    [
        (0, 0, MessageStatus.CANCELLED),
        (1, 1, MessageStatus.CANCELLED),
        (1, 0, MessageStatus.UNKNOWN),
    ],
)
def test_a_deleted_client_ends_the_message(
    attempts: int, refused: int, status: MessageStatus
) -> None:
    message = a_message(attempts=attempts, refused=refused, not_before=SOON)
    expected = Settle(status, Reason.CLIENT_DELETED)
    assert decided(client=None, message=message) == expected
    assert settle_without_client(message) == expected


@pytest.mark.parametrize(
    ("attempts", "refused", "cancelled", "expected"),
    [
        (0, 0, False, Settle(MessageStatus.EXPIRED, Reason.ENDED)),
        (3, 3, False, Settle(MessageStatus.EXPIRED, Reason.ENDED)),
        (3, 2, False, Settle(MessageStatus.UNKNOWN, Reason.ENDED)),
        (0, 0, True, Settle(MessageStatus.CANCELLED, Reason.MAILING_CANCELLED)),
        (1, 0, True, Settle(MessageStatus.UNKNOWN, Reason.MAILING_CANCELLED)),
    ],
)
def test_how_a_message_ends_with_its_mailing(
    attempts: int, refused: int, cancelled: bool, expected: Settle
) -> None:
    message = a_message(attempts=attempts, refused=refused)
    assert settle_at_end(message, cancelled=cancelled) == expected


@pytest.mark.parametrize(
    ("end", "at", "latest"),
    [
        ("13:11", "10:10:50.000", "10:10:53.000"),
        ("13:11", "10:10:57.000", "10:11:00.000"),
        ("13:11", "10:10:57.001", "10:11:00.000"),
        ("13:11", "10:10:59.999", "10:11:00.000"),
        ("13:12", "10:10:59.999", "10:11:02.999"),
    ],
)
def test_a_call_begins_within_three_seconds_and_within_local_hours(
    end: str, at: str, latest: str
) -> None:
    mailing = running.changed(time_window=TimeWindow(start="09:00", end=end))
    asked_at = datetime.fromisoformat(f"2026-11-21T{at}Z")
    expected = datetime.fromisoformat(f"2026-11-21T{latest}Z")
    assert begin_by(mailing, a_recipient(), asked_at) == expected
    assert begin_by(running, a_recipient(), asked_at) == asked_at + timedelta(seconds=3)


def test_the_first_attempt_is_now_at_the_opening_or_never() -> None:
    assert first_attempt(running, a_recipient(), NOW) == NOW
    opening = datetime.fromisoformat("2026-11-21T11:00:00Z")
    assert first_attempt(closed, a_recipient(), NOW) == opening
    assert first_attempt(never, a_recipient(), NOW) is None
    half_a_second = timedelta(milliseconds=500)
    assert (
        first_attempt(closed.changed(ends_at=opening + half_a_second), a_recipient(), NOW) is None
    )
    barely = closed.changed(ends_at=opening + half_a_second + TICK)
    assert first_attempt(barely, a_recipient(), NOW) == opening


times = st.sampled_from([PAST, NOW, NOW + TICK, SOON, NOW + timedelta(hours=3)])
windows = st.sampled_from([None, OPENS_AT_TWO, TimeWindow(start="09:00", end="21:00")])


@given(
    mailing=st.none()
    | st.builds(
        a_mailing,
        status=st.sampled_from(MailingStatus),
        starts_at=times,
        ends_at=times,
        time_window=windows,
        closing=st.booleans(),
        deleted=st.booleans(),
    ),
    client=st.none() | st.builds(a_recipient, timezone=st.sampled_from(["Asia/Tokyo", "UTC"])),
    message=st.none()
    | st.builds(
        a_message,
        status=st.sampled_from(MessageStatus),
        claim_until=st.none() | times,
        not_before=times,
        attempts=st.integers(1, 2),
        refused=st.integers(0, 1),
    ),
)
def test_a_call_is_only_made_when_every_promise_allows_it(
    mailing: Mailing | None, client: Recipient | None, message: Message | None
) -> None:
    decision = decided(mailing=mailing, client=client, message=message)
    if isinstance(decision, Settle):
        assert mailing is not None
        assert mailing.status is RUNNING
        assert message is not None
        assert not message.is_claimed(NOW)
        assert (decision.status is MessageStatus.UNKNOWN) == message.in_doubt
    if decision != Send():
        return
    assert mailing is not None
    assert client is not None
    assert message is not None
    assert mailing.status is RUNNING
    assert not mailing.closing
    assert not mailing.deleted
    assert mailing.ends_at - timedelta(milliseconds=500) > NOW
    assert message.status is PENDING
    assert message.not_before <= NOW
    assert not message.is_claimed(NOW)
    assert mailing.time_window is None or is_open(mailing.time_window, client.timezone, NOW)
