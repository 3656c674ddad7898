"""Whom a release rings for."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import Close, Release
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow, Wave
from carillon.models.message import MessageStatus, partition_number
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_mailing, a_message, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    done_slice,
    doorbell,
    once,
    outage,
    running,
    with_messages,
)

COMMAND = Release(mailing_id=MAILING_ID, at=NOW)
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


@pytest.mark.parametrize(
    ("claim_until", "not_before", "rung_at"),
    [
        (NOW, NOW, NOW),
        (NOW + 7 * SECOND, NOW, NOW + 7 * SECOND),
        (NOW + 7 * SECOND, NOW + MINUTE, NOW + MINUTE),
    ],
)
def test_a_message_under_a_live_claim_is_rung_for_after_it(
    claim_until: datetime, not_before: datetime, rung_at: datetime
) -> None:
    """Its sender may have died; a doorbell too many finds the message settled."""
    stage = on_stage(running(), claim_until=claim_until, not_before=not_before, attempts=1)
    claimed = stage.message()
    release(stage)
    assert stage.rung() == [("c0000001", rung_at)]
    assert stage.message() == claimed


def test_a_release_leaves_the_messages_as_they_are() -> None:
    stage = on_stage(running(time_window=FROM_TWO))
    release(stage)
    assert stage.message() == a_message()
    assert stage.mailing() == running(time_window=FROM_TWO)


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
    assert (rest.at, rest.revisions, rest.earliest, at) == (NOW, 0, NOW, NOW)
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
    assert not stage.rung()
    assert stage.message() == a_message()
    assert not stage.mailings.waves


def test_a_wave_of_a_purged_mailing_vanishes() -> None:
    stage = Stage()
    stage.mailings.add_wave(WAVE)
    release(stage)
    assert not stage.mailings.waves


# Nothing is due: the tick may leave the mailing alone, or it is over.

LATER = NOW + HOUR
CLOSE = [(Close(mailing_id=MAILING_ID), NOW)]


def resting(stage: Stage) -> bool:
    return stage.mailing().due_at != NOW


def test_a_mailing_of_which_nothing_is_due_rests_until_something_is() -> None:
    stage = on_stage(running(ends_at=NOW + 3 * HOUR), messages=2, not_before=LATER)
    stage.put(done_slice())
    stage.change_message(1, not_before=NOW + 2 * HOUR)
    release(stage)
    assert stage.mailing() == running(ends_at=NOW + 3 * HOUR).changed(due_at=LATER)
    assert not stage.rung()
    assert not stage.sent()


def test_no_mailing_rests_beyond_its_end() -> None:
    stage = on_stage(running(ends_at=NOW + MINUTE), not_before=LATER)
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().due_at == NOW + MINUTE


@pytest.mark.parametrize(
    "due",
    [
        {"not_before": NOW},
        {"not_before": NOW + 15 * MINUTE},
        {"not_before": NOW, "claim_until": NOW + MINUTE, "attempts": 1},
    ],
)
def test_a_mailing_with_one_message_due_does_not_rest(due: dict[str, Any]) -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR), messages=3, not_before=LATER)
    stage.put(done_slice())
    stage.change_message(2, **due)
    release(stage)
    assert not resting(stage)
    assert not stage.sent()


def test_a_mailing_in_which_nothing_is_pending_is_closed() -> None:
    stage = on_stage(running(), status=MessageStatus.SENT)
    stage.put(done_slice())
    release(stage)
    assert stage.sent() == CLOSE
    assert not resting(stage)


@pytest.mark.parametrize("fields", [{"not_before": LATER}, {"status": MessageStatus.SENT}])
def test_while_slices_run_a_mailing_neither_rests_nor_is_closed(fields: dict[str, Any]) -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR), **fields)
    stage.put(a_slice(total=1))
    release(stage)
    assert not resting(stage)
    assert not stage.sent()


def test_a_mailing_that_is_being_revised_does_not_rest() -> None:
    """Its messages may be due earlier than this pass saw, and the tick watches over that."""
    stage = on_stage(running(revising=2, ends_at=NOW + 2 * HOUR), not_before=LATER)
    stage.put(done_slice())
    release(stage)
    assert not resting(stage)


def _first_half(stage: Stage) -> Release:
    stage.put(done_slice())
    release(stage, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, Release)
    stage.commands.queued.clear()
    return rest


def test_the_earliest_is_carried_over_to_the_next_invocation() -> None:
    stage = on_stage(running(ends_at=NOW + 5 * HOUR), PAGE_MESSAGES + 1, not_before=2 * HOUR + NOW)
    first = min(stage.messages.by_key.values(), key=lambda each: _place(each.client_id))
    stage.put(first.model_copy(update={"not_before": LATER}))
    rest = _first_half(stage)
    assert rest.earliest == LATER
    release(stage, rest)
    assert stage.mailing().due_at == LATER


@pytest.mark.parametrize("status", [MessageStatus.PENDING, MessageStatus.SENT])
def test_a_mailing_revised_during_a_long_pass_neither_rests_nor_is_closed(
    status: MessageStatus,
) -> None:
    mailing = running(ends_at=NOW + 2 * HOUR)
    stage = on_stage(mailing, PAGE_MESSAGES + 1, not_before=LATER, status=status)
    rest = _first_half(stage)
    stage.change_mailing(ends_at=NOW + 3 * HOUR, version=2, revisions=1)
    release(stage, rest)
    assert not resting(stage)
    assert not stage.sent()


def test_other_words_during_a_long_pass_do_not_keep_a_mailing_from_its_rest() -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR), PAGE_MESSAGES + 1, not_before=LATER)
    rest = _first_half(stage)
    stage.change_mailing(text="Better words", version=2)
    release(stage, rest)
    assert stage.mailing().due_at == LATER


def test_a_change_at_the_very_end_of_a_pass_is_a_race_to_run_again() -> None:
    stage = on_stage(running(ends_at=NOW + 2 * HOUR), not_before=LATER)
    stage.put(done_slice())
    change = once(lambda: stage.change_mailing(text="Better words", version=2))
    stage.mailings = before(stage.mailings, "replace", change)
    with pytest.raises(LostRace):
        release(stage)
    assert stage.mailings.waves == {WAVE}


def _place(client_id: str) -> tuple[int, str]:
    """Messages are walked partition by partition."""
    return partition_number(client_id), client_id
