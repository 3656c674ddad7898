"""Whom a release rings for."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Release
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow, Wave
from carillon.models.message import UNTOUCHED, MessageStatus
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_mailing, a_message
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    doorbell,
    once,
    outage,
    running,
    with_messages,
)

COMMAND = Release(mailing_id=MAILING_ID, at=NOW)
REPLAN = Release(mailing_id=MAILING_ID, at=NOW, replan=True)
WAVE = Wave(mailing_id=MAILING_ID, opens_at=NOW)
FROM_TWO = TimeWindow(start="14:00", end="18:00")
"""Opens in an hour in Moscow."""


def on_stage(mailing: Mailing, messages: int = 1, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(mailing)
    stage.mailings.add_wave(WAVE)
    with_messages(stage, messages, **fields)
    return stage


def release(stage: Stage, command: Release = COMMAND, seconds: float = 900) -> None:
    stage.fanout.releasing.release(command, stage.budget(seconds))


def test_each_pending_message_that_is_due_is_rung_for() -> None:
    stage = on_stage(running(), messages=2)
    stage.put(a_message(3, status=MessageStatus.SENT))
    release(stage)
    assert sorted(stage.rung()) == [("c0000001", NOW), ("c0000002", NOW)]


def test_its_doorbell_does_not_claim_that_the_message_was_just_made() -> None:
    stage = on_stage(running())
    release(stage)
    assert [each.value for each in stage.doorbells.queued] == [doorbell(1, fresh_at=None)]


@pytest.mark.parametrize(
    ("not_before", "rung_at"),
    [
        (NOW - HOUR, NOW),
        (NOW + 7.2 * SECOND, NOW + 8 * SECOND),
        (NOW + 15 * MINUTE, NOW + 15 * MINUTE),
        (NOW + 15 * MINUTE + timedelta(milliseconds=1), None),
    ],
    ids=str,
)
def test_what_waits_longer_than_a_queue_can_delay_is_left_to_its_wave(
    not_before: datetime, rung_at: datetime | None
) -> None:
    stage = on_stage(running(), not_before=not_before)
    release(stage)
    assert stage.rung() == ([("c0000001", rung_at)] if rung_at else [])


@pytest.mark.parametrize(("claim_until", "rung"), [(NOW + SECOND, False), (NOW, True)])
def test_a_message_under_a_live_claim_is_left_to_its_sender(
    claim_until: datetime, rung: bool
) -> None:
    stage = on_stage(running(), claim_until=claim_until, attempts=1)
    release(stage)
    assert bool(stage.rung()) == rung


def test_a_release_leaves_the_messages_as_they_are() -> None:
    stage = on_stage(running(time_window=FROM_TWO))
    release(stage)
    assert stage.message() == a_message()


def test_a_release_that_comes_too_early_waits() -> None:
    stage = on_stage(running())
    early = Release(mailing_id=MAILING_ID, at=NOW + 12.5 * SECOND)
    release(stage, early)
    assert stage.sent() == [(early, NOW + 13 * SECOND)]
    assert not stage.rung()


def test_a_wave_that_was_rung_for_is_not_due_any_more() -> None:
    stage = on_stage(running())
    other = Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)
    stage.mailings.add_wave(other)
    release(stage)
    assert stage.mailings.waves == {other}


def test_a_wave_stays_due_until_its_doorbells_rang() -> None:
    stage = on_stage(running())
    stage.doorbells = before(stage.doorbells, "ring", outage)
    with pytest.raises(Unavailable):
        release(stage)
    assert stage.mailings.waves == {WAVE}


def test_a_long_pass_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1)
    release(stage, seconds=4.9)
    assert len(stage.rung()) == PAGE_MESSAGES
    assert stage.mailings.waves == {WAVE}
    [(rest, at)] = stage.sent()
    assert isinstance(rest, Release)
    assert (rest.at, at) == (NOW, NOW)
    release(stage, rest, seconds=4.9)
    assert len(set(stage.rung())) == len(stage.rung()) == PAGE_MESSAGES + 1
    assert not stage.mailings.waves


def test_a_pass_with_time_enough_rings_page_after_page() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1)
    release(stage, seconds=5)
    assert len(set(stage.rung())) == PAGE_MESSAGES + 1
    assert not stage.sent()


@pytest.mark.parametrize(
    "mailing",
    [
        a_mailing(),
        running(status=MailingStatus.PAUSED),
        running(status=MailingStatus.CANCELLED),
        running(status=MailingStatus.FINISHED),
        running(deleted=True),
        running(closing=True),
        running(ends_at=NOW),
    ],
)
def test_nobody_is_rung_for_unless_the_mailing_runs(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    release(stage)
    release(stage, REPLAN)
    assert not stage.rung()
    assert stage.message() == a_message()
    assert not stage.mailings.waves


def test_a_wave_of_a_purged_mailing_vanishes() -> None:
    stage = Stage()
    stage.mailings.add_wave(WAVE)
    release(stage)
    assert not stage.mailings.waves


# Hours or the end were edited.


def test_a_replanned_message_whose_hours_are_open_now_is_rung_for() -> None:
    stage = on_stage(running(), not_before=NOW + HOUR)
    release(stage, REPLAN)
    assert stage.message().not_before == NOW
    assert stage.message().token != UNTOUCHED
    assert stage.rung() == [("c0000001", NOW)]


def test_a_replanned_message_whose_hours_open_later_waits_for_their_wave() -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR, time_window=FROM_TWO))
    release(stage, REPLAN)
    assert stage.message().not_before == NOW + HOUR
    assert not stage.rung()
    assert stage.mailings.waves == {Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)}


def test_a_replanned_message_whose_hours_open_soon_needs_no_wave() -> None:
    window = TimeWindow(start="13:15", end="18:00")
    stage = on_stage(running(time_window=window))
    release(stage, REPLAN)
    assert stage.rung() == [("c0000001", NOW + 15 * MINUTE)]
    assert not stage.mailings.waves


@pytest.mark.parametrize("why", ["hours_never_open", "client_deleted"])
def test_what_a_replan_finds_hopeless_is_for_the_sender_to_settle(why: str) -> None:
    stage = on_stage(running(time_window=FROM_TWO), not_before=NOW + HOUR)
    if why == "client_deleted":
        stage.clients.by_id.clear()
    release(stage, REPLAN)
    assert stage.message().status is MessageStatus.PENDING
    assert stage.rung() == [("c0000001", NOW)]


def test_a_client_not_to_be_seen_yet_is_replanned_by_their_own_hours() -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR, time_window=FROM_TWO))
    stage.let_clients_lag()
    release(stage, REPLAN)
    assert stage.message().not_before == NOW + HOUR


def test_the_wave_is_noted_before_a_message_is_put_off_to_it() -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR, time_window=FROM_TWO))
    stage.messages = before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        release(stage, REPLAN)
    assert Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR) in stage.mailings.waves
    assert stage.message() == a_message()


def test_a_replan_leaves_a_live_claim_alone() -> None:
    stage = on_stage(running(), claim_until=NOW + SECOND, token="t1", attempts=1)
    claimed = stage.message()
    release(stage, REPLAN)
    assert stage.message() == claimed
    assert not stage.rung()


def test_a_replan_that_meets_another_writer_leaves_the_message_to_them() -> None:
    stage = on_stage(running(), not_before=NOW + HOUR)
    sent = once(lambda: stage.change_message(status=MessageStatus.SENT))
    stage.messages = before(stage.messages, "swap", sent)
    release(stage, REPLAN)
    assert stage.message().status is MessageStatus.SENT
    assert not stage.rung()


def test_a_replan_goes_on_as_a_replan() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1, not_before=NOW + HOUR)
    release(stage, REPLAN, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, Release)
    release(stage, rest)
    assert {each.not_before for each in stage.messages.by_key.values()} == {NOW}
