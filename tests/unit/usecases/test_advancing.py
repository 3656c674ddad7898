"""What a hint does when somebody looks at the mailing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import Advance, Close, Purge, Revise, RunSlice
from carillon.models.mailing import Mailing, MailingStatus
from tests.fakes.samples import a_mailing, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    SLICES,
    Stage,
    after,
    before,
    once,
    outage,
    running,
)


def look(stage: Stage, at: datetime = NOW) -> None:
    stage.fanout.advancing.advance(Advance(mailing_id=MAILING_ID, at=at))


def on_stage(mailing: Mailing) -> Stage:
    stage = Stage()
    stage.put(mailing)
    return stage


def test_a_start_makes_the_mailing_run_with_its_slices() -> None:
    stage = on_stage(a_mailing(updated_at=NOW - HOUR))
    look(stage)
    assert stage.mailing() == a_mailing(
        status=MailingStatus.RUNNING, slices=SLICES, due_at=NOW, rev=2
    )
    due_at = NOW + MINUTE
    cut = [a_slice(number, total=SLICES, due_at=due_at) for number in range(SLICES)]
    assert stage.mailings.slices(MAILING_ID) == cut


def test_once_it_runs_it_is_due_all_the_time() -> None:
    stage = on_stage(a_mailing(starts_at=NOW - HOUR, due_at=NOW - HOUR))
    look(stage)
    assert stage.mailing().due_at == NOW


def test_a_start_sends_a_command_for_each_slice() -> None:
    stage = on_stage(a_mailing())
    look(stage)
    commands = [RunSlice(mailing_id=MAILING_ID, number=number) for number in range(SLICES)]
    assert stage.sent() == [(command, NOW) for command in commands]


def test_a_start_changes_no_version_that_an_operator_sees() -> None:
    stage = on_stage(a_mailing(version=4))
    look(stage)
    assert stage.mailing().version == 4
    assert {each.version for each in stage.mailings.slices(MAILING_ID)} == {4}


def test_a_start_that_is_hinted_twice_happens_once() -> None:
    stage = on_stage(a_mailing())
    look(stage)
    stage.put(a_slice(0, total=SLICES, cursor="c0000007", rev=2))
    started, commands = stage.mailing(), stage.sent()
    look(stage)
    assert (stage.mailing(), stage.sent()) == (started, commands)
    worked = stage.mailings.slice(MAILING_ID, 0)
    assert worked is not None
    assert worked.cursor == "c0000007"


def test_a_start_whose_answer_is_lost_is_not_made_again() -> None:
    stage = on_stage(a_mailing())
    stage.mailings = after(stage.mailings, "begin", once(outage))
    with pytest.raises(Unavailable):
        look(stage)
    look(stage)
    assert stage.mailing().rev == 2
    assert len(stage.mailings.slices(MAILING_ID)) == SLICES


def test_a_start_that_meets_an_edit_makes_nothing() -> None:
    stage = on_stage(a_mailing())
    edit = once(lambda: stage.change_mailing(status=MailingStatus.CANCELLED))
    stage.mailings = before(stage.mailings, "begin", edit)
    with pytest.raises(LostRace):
        look(stage)
    assert stage.mailing().status is MailingStatus.CANCELLED
    assert not stage.mailings.slices(MAILING_ID)
    assert not stage.sent()


@pytest.mark.parametrize("ahead", [SECOND, timedelta(seconds=59.001), 15 * MINUTE])
def test_an_early_hint_comes_again_when_it_is_time(ahead: timedelta) -> None:
    stage = on_stage(a_mailing(starts_at=NOW + ahead))
    look(stage, NOW + ahead)
    [(command, at)] = stage.sent()
    assert command == Advance(mailing_id=MAILING_ID, at=NOW + ahead)
    assert timedelta(0) <= at - (NOW + ahead) < SECOND
    assert stage.mailing().status is MailingStatus.SCHEDULED


def test_a_very_early_hint_comes_again_after_what_a_queue_can_delay() -> None:
    stage = on_stage(a_mailing(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR))
    look(stage, NOW + HOUR)
    assert stage.sent() == [(Advance(mailing_id=MAILING_ID, at=NOW + HOUR), NOW + 15 * MINUTE)]


def test_an_early_hint_of_the_end_comes_again_too() -> None:
    stage = on_stage(running(ends_at=NOW + 40 * SECOND))
    look(stage, NOW + 40 * SECOND)
    hint = Advance(mailing_id=MAILING_ID, at=NOW + 40 * SECOND)
    assert stage.sent() == [(hint, NOW + 40 * SECOND)]


@pytest.mark.parametrize(
    "mailing",
    [a_mailing(starts_at=NOW + MINUTE), running(), running(status=MailingStatus.PAUSED)],
)
def test_a_hint_that_no_longer_fits_vanishes(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    look(stage, NOW + 30 * SECOND)
    assert not stage.sent()
    assert stage.mailing() == mailing


@pytest.mark.parametrize(
    "mailing",
    [
        a_mailing(starts_at=NOW - HOUR, ends_at=NOW),
        running(ends_at=NOW),
        running(status=MailingStatus.PAUSED, ends_at=NOW),
        running(status=MailingStatus.CANCELLED, due_at=NOW),
        a_mailing(status=MailingStatus.CANCELLED, starts_at=NOW + MINUTE),
    ],
)
def test_a_mailing_ended_or_cancelled_is_closed(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    look(stage)
    assert stage.sent() == [(Close(mailing_id=MAILING_ID), NOW)]
    assert stage.mailing() == mailing


def test_a_change_that_is_to_be_worked_in_is_worked_in() -> None:
    stage = on_stage(running(revising=7))
    look(stage)
    assert stage.sent() == [(Revise(mailing_id=MAILING_ID, number=7), NOW)]
    assert stage.mailing() == running(revising=7)


@pytest.mark.parametrize("fields", [{}, {"ends_at": NOW}, {"due_at": None}])
def test_a_deleted_mailing_is_purged(fields: dict[str, Any]) -> None:
    stage = on_stage(running(deleted=True, **fields))
    look(stage)
    assert stage.sent() == [(Purge(mailing_id=MAILING_ID), NOW)]


@pytest.mark.parametrize("status", [MailingStatus.FINISHED, MailingStatus.CANCELLED])
def test_a_settled_mailing_needs_nothing(status: MailingStatus) -> None:
    stage = on_stage(running(status=status, due_at=None))
    look(stage)
    assert not stage.sent()


def test_a_hint_about_a_purged_mailing_vanishes() -> None:
    stage = Stage()
    look(stage)
    assert not stage.sent()
