"""From a mailing's change to schedules and commands."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Advance, RunRecount
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import MessageStatus
from carillon.usecases.planning import appointments
from tests.fakes import Scheduled
from tests.fakes.samples import a_mailing
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    outage,
    running,
)

FAR: dict[str, Any] = {"starts_at": NOW + 2 * HOUR, "ends_at": NOW + 3 * HOUR}


def advance(at: datetime) -> Advance:
    return Advance(mailing_id=MAILING_ID, at=at)


def schedules(stage: Stage) -> list[Scheduled]:
    return sorted(stage.schedules.by_name.values(), key=lambda each: each.at)


def a_minute_early(*times: datetime) -> list[Scheduled]:
    return [Scheduled(at - MINUTE, advance(at)) for at in times]


def paused(**fields: Any) -> Mailing:
    return running(status=MailingStatus.PAUSED, **fields)


def test_start_and_end_that_lie_ahead_are_scheduled_a_minute_early() -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(**FAR))
    assert schedules(stage) == a_minute_early(NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert not stage.sent()


@pytest.mark.parametrize(
    ("ahead", "delay_s"),
    [(-HOUR, 0), (0 * SECOND, 0), (42.5 * SECOND, 43), (2 * MINUTE, 120)],
    ids=str,
)
def test_what_is_due_within_two_minutes_goes_straight_to_the_queue(
    ahead: timedelta, delay_s: int
) -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(starts_at=NOW + ahead, ends_at=NOW + HOUR))
    assert stage.sent() == [(advance(NOW + ahead), NOW + delay_s * SECOND)]
    assert schedules(stage) == a_minute_early(NOW + HOUR)


def test_what_is_due_a_moment_later_is_scheduled() -> None:
    stage = Stage()
    starts_at = NOW + 2 * MINUTE + timedelta(milliseconds=1)
    stage.planner.plan(None, a_mailing(starts_at=starts_at, ends_at=NOW + HOUR))
    assert advance(starts_at) in [each.command for each in schedules(stage)]
    assert not stage.sent()


def test_a_near_end_goes_to_the_queue_as_well() -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(starts_at=NOW, ends_at=NOW + 30 * SECOND))
    end = NOW + 30 * SECOND
    assert stage.sent() == [(advance(NOW), NOW), (advance(end), end)]
    assert not schedules(stage)


def test_a_change_delivered_twice_changes_nothing() -> None:
    stage = Stage()
    old, new = a_mailing(**FAR), a_mailing(starts_at=NOW + HOUR, ends_at=NOW + 3 * HOUR)
    stage.planner.plan(None, old)
    for _ in range(2):
        stage.planner.plan(old, new)
    assert schedules(stage) == a_minute_early(NOW + HOUR, NOW + 3 * HOUR)
    assert not stage.sent()


@pytest.mark.parametrize("moved", ["starts_at", "ends_at"])
def test_a_moved_time_gets_a_new_schedule_and_loses_the_old(moved: str) -> None:
    stage = Stage()
    times = FAR | {moved: FAR[moved] + timedelta(milliseconds=500)}
    stage.planner.plan(None, a_mailing(**FAR))
    stage.planner.plan(a_mailing(**FAR), a_mailing(**times))
    commands = [each.command for each in schedules(stage)]
    assert commands == [advance(times["starts_at"]), advance(times["ends_at"])]


def test_the_old_schedule_stays_until_the_new_one_is_made() -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(**FAR))
    stage.schedules = before(stage.schedules, "create", outage)
    with pytest.raises(Unavailable):
        stage.planner.plan(a_mailing(**FAR), a_mailing(**FAR | {"starts_at": NOW + HOUR}))
    assert schedules(stage) == a_minute_early(NOW + 2 * HOUR, NOW + 3 * HOUR)


def test_a_mailing_that_has_started_needs_its_end_only() -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(**FAR))
    stage.planner.plan(a_mailing(**FAR), running(**FAR))
    assert schedules(stage) == a_minute_early(NOW + 3 * HOUR)
    assert not stage.sent()


@pytest.mark.parametrize("old", [a_mailing(**FAR), running(**FAR), paused(**FAR)])
@pytest.mark.parametrize("change", [{"status": MailingStatus.CANCELLED}, {"deleted": True}])
def test_a_mailing_cancelled_or_deleted_is_looked_at_at_once(
    old: Mailing, change: dict[str, Any]
) -> None:
    stage = Stage()
    stage.planner.plan(None, old)
    stage.planner.plan(old, old.changed(**change, due_at=NOW))
    assert not schedules(stage)
    assert stage.sent() == [(advance(NOW), NOW)]


@pytest.mark.parametrize("revising", [None, 3])
def test_a_change_to_be_worked_into_messages_is_looked_at_at_once(revising: int | None) -> None:
    """Also when the one before it is still being worked in."""
    stage = Stage()
    old = running(rev=6, revising=revising)
    for _ in range(2):
        stage.planner.plan(old, old.to_be_revised(time_window=None))
    assert stage.sent() == [(advance(NOW), NOW)] * 2


def test_a_change_that_was_worked_in_asks_for_nothing_more() -> None:
    stage = Stage()
    old = running(revising=3, resending=(MessageStatus.FAILED,))
    stage.planner.plan(old, old.changed(revising=None, resending=()))
    assert not stage.sent()


@pytest.mark.parametrize(
    "mailing", [a_mailing(**FAR), running(), running(status=MailingStatus.FINISHED, due_at=None)]
)
def test_a_recount_is_begun_whatever_the_mailings_state(mailing: Mailing) -> None:
    stage = Stage()
    old = mailing.changed(recounts=1)
    stage.planner.plan(old, old.changed(recounts=2))
    assert stage.sent() == [(RunRecount(mailing_id=MAILING_ID, number=2), NOW)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (running(), running(text="Better words", version=2)),
        (running(), running(closing=True, rev=2)),
        (running(), paused()),
        (paused(), paused(time_window=TimeWindow(start="09:00", end="18:00"))),
        (running(), running(status=MailingStatus.FINISHED, due_at=None)),
        (paused(), paused(resends=1, resending=(MessageStatus.FAILED,), revising=2)),
        (running(deleted=True), running(deleted=True, ends_at=NOW + 2 * HOUR)),
        (a_mailing(**FAR), a_mailing(**FAR, text="Better words")),
    ],
)
def test_no_other_change_asks_for_anything_at_once(old: Mailing, new: Mailing) -> None:
    stage = Stage()
    stage.planner.plan(old, new)
    assert not stage.sent()


@pytest.mark.parametrize("old", [paused(), running(status=MailingStatus.FINISHED, due_at=None)])
def test_a_mailing_resumed_or_resent_is_looked_at_at_once(old: Mailing) -> None:
    stage = Stage()
    stage.planner.plan(old, running(revising=2))
    assert (advance(NOW), NOW) in stage.sent()


def test_a_mailing_resumed_at_its_very_end_is_closed() -> None:
    stage = Stage()
    stage.planner.plan(paused(ends_at=NOW), running(ends_at=NOW))
    assert stage.sent() == [(advance(NOW), NOW)]


def test_a_finished_mailing_leaves_no_schedule() -> None:
    stage = Stage()
    stage.planner.plan(None, running())
    stage.planner.plan(running(), running(status=MailingStatus.FINISHED, due_at=None))
    assert not schedules(stage)


def test_a_purged_mailing_leaves_nothing() -> None:
    stage = Stage()
    stage.planner.plan(None, a_mailing(**FAR))
    stage.planner.plan(a_mailing(**FAR), None)
    assert not schedules(stage)
    assert not stage.sent()


def test_a_schedule_is_named_by_mailing_kind_and_time() -> None:
    mailing_id = "abcdefghij234567"
    mailing = a_mailing(id=mailing_id, starts_at=NOW, ends_at=NOW)
    later = mailing.changed(starts_at=NOW + timedelta(milliseconds=1))
    names = {each.name for one in (mailing, later) for each in appointments(one)}
    assert names == {
        f"{mailing_id}-end-20261121T100000000000",
        f"{mailing_id}-start-20261121T100000000000",
        f"{mailing_id}-start-20261121T100000001000",
    }
    scheduler_takes = re.compile(r"[0-9a-zA-Z-_.]{1,64}")
    assert all(scheduler_takes.fullmatch(name) for name in names)


def test_a_start_is_planned_before_the_end_that_may_fail() -> None:
    stage = Stage()
    stage.schedules = before(stage.schedules, "create", outage)
    with pytest.raises(Unavailable):
        stage.planner.plan(None, a_mailing(starts_at=NOW, ends_at=NOW + HOUR))
    assert stage.sent() == [(advance(NOW), NOW)]
