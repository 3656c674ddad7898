"""Whom a release rings for."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Close, Release
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import MessageStatus, partition_number
from carillon.models.wave import Asleep, Wave
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes import FakeDoorbells
from tests.fakes.samples import a_mailing, a_message, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    after,
    before,
    done_slice,
    doorbell,
    once,
    outage,
    running,
    second,
    with_messages,
)

COMMAND = Release(mailing_id=MAILING_ID, at=NOW)
WAVE = Wave(mailing_id=MAILING_ID, opens_at=NOW)
SEARCH = Wave(mailing_id=MAILING_ID, opens_at=NOW, search=True)
FROM_TWO = TimeWindow(start="14:00", end="18:00")
"""Opens in an hour in Moscow."""


def on_stage(mailing: Mailing, messages: int = 1, wave: Wave = SEARCH, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(mailing, wave)
    with_messages(stage, messages, **fields)
    return stage


def release(stage: Stage, command: Release = COMMAND, seconds: float = 900) -> None:
    stage.fanout.releasing.release(command, stage.budget(seconds))


def the_wave(stage: Stage) -> Wave:
    [wave] = stage.mailings.waves
    return wave


def test_a_search_rings_for_each_pending_message_that_is_due() -> None:
    stage = on_stage(running(), messages=2, not_before=NOW - HOUR)
    stage.put(a_message(3, status=MessageStatus.SENT))
    release(stage)
    assert sorted(stage.rung()) == [("c0000001", NOW), ("c0000002", NOW)]


def test_an_opening_rings_only_for_those_that_waited_for_it() -> None:
    """What was due before has its doorbell, and a gateway may be slower than the openings come."""
    stage = on_stage(running(), messages=4, wave=WAVE)
    stage.change_message(1, not_before=NOW - HOUR)
    stage.change_message(2, not_before=NOW + MINUTE)
    stage.change_message(3, not_before=NOW + 2 * HOUR)
    release(stage)
    assert stage.rung() == [("c0000004", NOW)]


@pytest.mark.parametrize("wave", [WAVE, SEARCH], ids=["opening", "search"])
def test_its_doorbell_does_not_claim_that_the_message_was_just_made(wave: Wave) -> None:
    stage = on_stage(running(), wave=wave)
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


def test_a_release_that_comes_too_early_waits() -> None:
    stage = on_stage(running())
    early = Release(mailing_id=MAILING_ID, at=NOW + 12.5 * SECOND)
    release(stage, early)
    assert stage.sent() == [(early, NOW + 13 * SECOND)]
    assert not stage.rung()


def test_a_wave_that_was_rung_for_is_not_due_any_more() -> None:
    stage = on_stage(running())
    other = Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)
    stage.put(other)
    release(stage)
    assert stage.mailings.waves == {other}


def test_a_wave_stays_due_until_its_doorbells_rang() -> None:
    stage = on_stage(running())
    stage.doorbells = before(stage.doorbells, "ring", outage)
    with pytest.raises(Unavailable):
        release(stage)
    assert the_wave(stage).due_at == NOW + MINUTE
    assert the_wave(stage).cursor is None


def test_a_wave_that_is_over_is_not_rung_for_again() -> None:
    stage = on_stage(running())
    release(stage)
    stage.doorbells.queued.clear()
    release(stage)
    assert not stage.rung()


# Long waves, and several at the same.


def test_a_long_pass_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1)
    release(stage, seconds=4.9)
    assert len(stage.rung()) == PAGE_MESSAGES
    wave = the_wave(stage)
    assert (wave.pending, wave.due_at) == (PAGE_MESSAGES, NOW + MINUTE)
    assert stage.sent() == [(Release(mailing_id=MAILING_ID, at=NOW, rev=wave.rev), NOW)]
    stage.go_on(seconds=4.9)
    assert len(set(stage.rung())) == len(stage.rung()) == PAGE_MESSAGES + 1
    assert not stage.mailings.waves


def test_a_pass_with_time_enough_rings_page_after_page() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1)
    release(stage, seconds=5)
    assert len(set(stage.rung())) == PAGE_MESSAGES + 1
    assert not stage.sent()


@pytest.mark.parametrize(
    ("held_until", "worked"), [(None, True), (NOW, True), (NOW + SECOND, False)]
)
def test_a_hint_for_a_wave_that_somebody_is_at_is_passed_over(
    held_until: datetime | None, worked: bool
) -> None:
    stage = on_stage(running(), wave=SEARCH.changed(held_until=held_until))
    release(stage)
    assert bool(stage.rung()) == worked
    assert bool(stage.mailings.waves) != worked


@pytest.mark.parametrize(("rev", "worked"), [(4, False), (5, True)])
def test_who_lost_a_wave_to_another_goes_away(rev: int, worked: bool) -> None:
    held = SEARCH.model_copy(update={"rev": 5, "held_until": NOW + MINUTE})
    stage = on_stage(running(), wave=held)
    release(stage, COMMAND.model_copy(update={"rev": rev}))
    assert bool(stage.rung()) == worked


def test_of_two_hints_at_the_same_moment_one_is_followed() -> None:
    stage = on_stage(running())
    stage.mailings = before(stage.mailings, "checkpoint", once(lambda: release(stage)))
    release(stage)
    assert stage.rung() == [("c0000001", NOW)]


def test_a_stalled_wave_goes_on_from_its_checkpoint() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1)
    stage.doorbells = before(stage.doorbells, "ring", second(outage))
    with pytest.raises(Unavailable):
        release(stage)
    stage.clock.advance(60)
    stage.fanout.ticking.tick()
    assert stage.sent() == [(COMMAND, stage.clock.now())]
    stage.doorbells = FakeDoorbells(stage.clock)
    stage.go_on()
    assert len(stage.rung()) == 1
    assert not stage.mailings.waves


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


# What a pass tells the mailing.

LATER = NOW + HOUR
ENDS_AT = NOW + 5 * HOUR
CLOSE = [(Close(mailing_id=MAILING_ID), NOW)]
BOTH = pytest.mark.parametrize("wave", [WAVE, SEARCH], ids=["opening", "search"])


def ending_late(**fields: Any) -> Mailing:
    return running(ends_at=ENDS_AT, **fields)


@BOTH
def test_a_pass_counts_the_messages_that_need_no_doorbell_yet(wave: Wave) -> None:
    stage = on_stage(ending_late(), messages=5, wave=wave, not_before=2 * HOUR + NOW)
    stage.put(done_slice())
    stage.change_message(1, not_before=LATER)
    stage.change_message(2, not_before=NOW)
    stage.change_message(3, not_before=NOW + 15 * MINUTE)
    release(stage)
    assert stage.mailing().asleep == Asleep(number=3, until=LATER)
    assert not stage.sent()


@BOTH
def test_what_a_pass_does_not_find_asleep_any_more_is_forgotten(wave: Wave) -> None:
    stage = on_stage(ending_late(asleep=Asleep(number=7, until=LATER)), wave=wave)
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().asleep is None


def test_the_sleepers_of_all_pages_are_counted() -> None:
    stage = on_stage(ending_late(), PAGE_MESSAGES + 1, not_before=2 * HOUR + NOW)
    stage.put(done_slice())
    first = min(stage.messages.by_key.values(), key=lambda each: _place(each.client_id))
    stage.put(first.model_copy(update={"not_before": LATER}))
    release(stage, seconds=4.9)
    stage.go_on()
    assert stage.mailing().asleep == Asleep(number=PAGE_MESSAGES + 1, until=LATER)


def test_what_was_revised_before_the_pass_began_is_known_to_it() -> None:
    stage = on_stage(ending_late(revisions=3), messages=2, not_before=LATER)
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().asleep == Asleep(number=2, until=LATER)


@pytest.mark.parametrize(("pages", "rests_s"), [(0, 120), (479, 120), (480, 120.25), (3999, 1000)])
def test_after_a_search_a_mailing_rests_the_longer_the_more_was_read(
    pages: int, rests_s: float
) -> None:
    last = SEARCH.changed(pages=pages, cursor="00#")
    stage = on_stage(ending_late(), wave=last)
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().due_at == NOW + rests_s * SECOND


def test_no_mailing_rests_beyond_its_end() -> None:
    stage = on_stage(running(ends_at=NOW + MINUTE))
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().due_at == NOW + MINUTE


def test_after_an_opening_a_mailing_is_watched_as_before() -> None:
    stage = on_stage(ending_late(), wave=WAVE)
    stage.put(done_slice())
    release(stage)
    assert stage.mailing().due_at == ending_late().due_at


@BOTH
def test_a_mailing_in_which_nothing_is_pending_is_closed(wave: Wave) -> None:
    stage = on_stage(running(), wave=wave, status=MessageStatus.SENT)
    stage.put(done_slice())
    release(stage)
    assert stage.sent() == CLOSE
    assert stage.mailing() == running()


@pytest.mark.parametrize("fields", [{"not_before": LATER}, {"status": MessageStatus.SENT}])
def test_while_slices_run_nothing_is_told_to_the_mailing(fields: dict[str, Any]) -> None:
    stage = on_stage(ending_late(), **fields)
    stage.put(a_slice(total=1))
    release(stage)
    assert stage.mailing() == ending_late()
    assert not stage.sent()


@pytest.mark.parametrize("status", [MessageStatus.PENDING, MessageStatus.SENT])
@pytest.mark.parametrize(
    "change", [{"revisions": 1}, {"revising": 1}, {"revisions": 1, "revising": 1}], ids=str
)
def test_a_pass_knows_nothing_of_a_mailing_revised_meanwhile(
    change: dict[str, Any], status: MessageStatus
) -> None:
    stage = on_stage(ending_late(), PAGE_MESSAGES + 1, not_before=LATER, status=status)
    stage.put(done_slice())
    release(stage, seconds=4.9)
    stage.change_mailing(**change)
    changed = stage.mailing()
    stage.go_on()
    assert stage.mailing() == changed
    assert not stage.sent()


def test_other_words_during_a_long_pass_change_nothing_of_that() -> None:
    stage = on_stage(ending_late(), PAGE_MESSAGES + 1, not_before=LATER)
    stage.put(done_slice())
    release(stage, seconds=4.9)
    stage.change_mailing(text="Better words", version=2)
    stage.go_on()
    assert stage.mailing().asleep == Asleep(number=PAGE_MESSAGES + 1, until=LATER)
    assert stage.mailing().text == "Better words"


def test_a_change_at_the_very_end_of_a_pass_is_kept() -> None:
    stage = on_stage(ending_late(), not_before=LATER)
    stage.put(done_slice())
    change = once(lambda: stage.change_mailing(text="Better words", version=2))
    stage.mailings = before(stage.mailings, "replace", change)
    release(stage)
    assert stage.mailing().asleep == Asleep(number=1, until=LATER)
    assert stage.mailing().text == "Better words"
    assert not stage.mailings.waves


def test_a_mailing_that_vanishes_during_a_pass_is_not_missed() -> None:
    stage = on_stage(ending_late())
    stage.doorbells = after(stage.doorbells, "ring", stage.mailings.by_id.clear)
    release(stage)
    assert not stage.mailings.waves


def test_a_mailing_that_finished_during_a_search_is_not_watched_again() -> None:
    stage = on_stage(ending_late())
    stage.put(done_slice())
    over = once(lambda: stage.change_mailing(status=MailingStatus.FINISHED, due_at=None))
    stage.doorbells = after(stage.doorbells, "ring", over)
    release(stage)
    assert stage.mailing().due_at is None


def _place(client_id: str) -> tuple[int, str]:
    """Messages are walked partition by partition."""
    return partition_number(client_id), client_id
