"""What the tick gives out again."""

from datetime import timedelta

import pytest

from carillon.models.commands import Advance, Release, RunRecount, RunSlice
from carillon.models.mailing import MailingStatus
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.usecases.ticking import ITEMS_MAX
from tests.fakes.samples import a_mailing, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    done_slice,
    doorbell,
    running,
)


@pytest.mark.parametrize("ahead_s", [-90, 0, 1, 70])
def test_a_mailing_due_by_the_next_tick_is_looked_at_to_the_second(ahead_s: int) -> None:
    stage = Stage()
    at = NOW + ahead_s * SECOND
    stage.put(a_mailing(starts_at=at, due_at=at))
    stage.fanout.ticking.tick()
    assert stage.sent() == [(Advance(mailing_id=MAILING_ID, at=max(at, NOW)), max(at, NOW))]


def test_what_is_due_later_waits_for_a_later_tick() -> None:
    stage = Stage()
    stage.put(a_mailing(due_at=NOW + 71 * SECOND))
    stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=NOW + 71 * SECOND))
    stage.fanout.ticking.tick()
    assert not stage.sent()


def test_a_mailing_that_is_over_needs_nothing_though_the_index_still_has_it() -> None:
    stage = Stage()
    stage.put(running(status=MailingStatus.FINISHED))
    stage.fanout.ticking.tick()
    assert not stage.sent()


@pytest.mark.parametrize("late_s", [0, 300])
def test_a_stalled_slice_is_given_out_again(late_s: int) -> None:
    stage = Stage()
    stage.put(a_slice(5, due_at=NOW - late_s * SECOND))
    stage.fanout.ticking.tick()
    assert stage.sent() == [(RunSlice(mailing_id=MAILING_ID, number=5), NOW)]


def test_a_slice_that_may_still_be_at_work_is_left_alone() -> None:
    stage = Stage()
    stage.put(a_slice(5, due_at=NOW + SECOND))
    stage.fanout.ticking.tick()
    assert not stage.sent()


@pytest.mark.parametrize("ahead_s", [-90, 0, 47])
def test_a_wave_is_rung_for_when_it_opens(ahead_s: int) -> None:
    stage = Stage()
    at = NOW + ahead_s * SECOND
    stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=at))
    stage.fanout.ticking.tick()
    assert stage.sent() == [(Release(mailing_id=MAILING_ID, at=at), max(at, NOW))]


@pytest.mark.parametrize("held_s", [-90, 0, 1, 69])
def test_a_wave_that_somebody_is_at_is_given_out_again_only_once_it_stalled(held_s: int) -> None:
    stage = Stage()
    wave = Wave(mailing_id=MAILING_ID, opens_at=NOW - HOUR)
    stage.put(wave.changed(held_until=NOW + held_s * SECOND))
    stage.fanout.ticking.tick()
    again = [(Release(mailing_id=MAILING_ID, at=NOW - HOUR), NOW)]
    assert stage.sent() == (again if held_s <= 0 else [])


def test_what_is_settled_or_done_needs_nothing() -> None:
    stage = Stage()
    stage.put(running(status=MailingStatus.FINISHED, due_at=None), done_slice())
    stage.fanout.ticking.tick()
    assert not stage.sent()


def test_everything_due_is_given_out_until_it_is_verified_done() -> None:
    stage = Stage()
    soon = NOW + 30 * SECOND
    stage.put(a_mailing(1), a_mailing(2, starts_at=soon, due_at=soon), a_slice(0))
    for _ in range(2):
        stage.fanout.ticking.tick()
    first = [Advance(mailing_id=MAILING_ID, at=NOW), RunSlice(mailing_id=MAILING_ID, number=0)]
    delayed = Advance(mailing_id="m0000002", at=soon)
    each_tick = [*[(each, NOW) for each in first], (delayed, soon)]
    assert stage.sent() == each_tick * 2


def test_one_tick_gives_out_the_earliest_and_leaves_the_rest_to_the_next() -> None:
    stage = Stage()
    waves = [NOW - HOUR + number * SECOND / 1000 for number in range(ITEMS_MAX + 1)]
    for at in waves:
        stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=at))
    stage.put(a_mailing(due_at=NOW + MINUTE))
    stage.fanout.ticking.tick()
    assert [command for command, _ in stage.sent()] == [
        Release(mailing_id=MAILING_ID, at=at) for at in waves[:-1]
    ]


@pytest.mark.parametrize(
    ("ahead", "given_out"), [(-HOUR, True), (0 * SECOND, True), (SECOND, False)], ids=str
)
def test_a_stalled_recount_is_given_out_again(ahead: timedelta, given_out: bool) -> None:
    stage = Stage()
    stage.put(Recount(mailing_id=MAILING_ID, number=2, requested_at=NOW, due_at=NOW + ahead))
    stage.fanout.ticking.tick()
    again = [(RunRecount(mailing_id=MAILING_ID, number=2), NOW)]
    assert stage.sent() == (again if given_out else [])


def test_a_change_that_was_not_worked_in_is_looked_at_again() -> None:
    stage = Stage()
    stage.put(running(revising=7))
    stage.fanout.ticking.tick()
    assert (Advance(mailing_id=MAILING_ID, at=NOW), NOW) in stage.sent()


@pytest.mark.parametrize(("ends_in_s", "hinted"), [(70, True), (71, False)])
def test_a_running_mailing_is_looked_at_only_about_its_end(ends_in_s: int, hinted: bool) -> None:
    stage = Stage()
    ends_at = NOW + ends_in_s * SECOND
    stage.put(running(ends_at=ends_at, due_at=NOW - HOUR))
    stage.doorbells.ring([(doorbell(), 0)])
    stage.fanout.ticking.tick()
    hint = [(Advance(mailing_id=MAILING_ID, at=ends_at), NOW)]
    assert stage.sent() == (hint if hinted else [])
