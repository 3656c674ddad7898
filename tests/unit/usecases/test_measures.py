"""What use cases measure of themselves, and that nothing is measured that is not so."""

import pytest

from carillon.models.commands import Close, Release, RunSlice, Tick
from carillon.models.gateway import NoReply
from carillon.models.mailing import MailingStatus
from carillon.models.measures import (
    CATALOGUE,
    FIRST_AFTER,
    LAST_AFTER,
    LATENCY,
    LOST_HINTS,
    MADE,
    OVERDUE,
    RUNNING,
    SELECTED,
    STALLED,
    WAVES,
    Measure,
)
from carillon.models.message import MessageStatus
from carillon.models.wave import Wave
from carillon.usecases.passes import LEASE
from tests.fakes import FakeMeasures
from tests.fakes.samples import a_mailing, a_slice
from tests.measuring import SCENES, Scene, count, deliver
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    done_slice,
    outage,
    running,
    with_messages,
)

PENDING, SENT = MessageStatus.PENDING, MessageStatus.SENT


def told(stage: Stage) -> dict[Measure, list[float]]:
    assert isinstance(stage.measures, FakeMeasures)
    return dict(stage.measures.told)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.happens.__name__)
def test_a_scene_measures_what_it_should_and_nothing_else(scene: Scene) -> None:
    stage = Stage()
    scene.happens(stage)
    assert told(stage) == scene.measured
    assert {each.service for each in scene.measured} == {scene.service}


def test_between_them_the_scenes_measure_the_whole_catalogue() -> None:
    assert {each for scene in SCENES for each in scene.measured} == set(CATALOGUE)


def test_a_call_that_was_not_begun_is_none() -> None:
    stage = Stage()
    stage.put(running())
    deliver(stage, [NoReply("not_called", False, "no time left", 0.0)])
    assert LATENCY not in told(stage)


def test_a_page_of_nobody_selects_nobody() -> None:
    stage = Stage()
    stage.put(running(), a_slice(0, total=1))
    stage.fanout.work(RunSlice(mailing_id=MAILING_ID, number=0), stage.budget())
    assert SELECTED not in told(stage)


def test_a_search_opens_no_wave() -> None:
    stage = Stage()
    stage.put(running(), done_slice(), Wave(mailing_id=MAILING_ID, opens_at=NOW, search=True))
    with_messages(stage, 1)
    stage.fanout.work(Release(mailing_id=MAILING_ID, at=NOW), stage.budget())
    assert WAVES not in told(stage)


def test_a_wave_that_goes_on_is_no_second_opening() -> None:
    stage = Stage()
    stage.put(running(), done_slice())
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=NOW, cursor="03#c0000001"))
    stage.fanout.work(Release(mailing_id=MAILING_ID, at=NOW), stage.budget())
    assert WAVES not in told(stage)


def test_only_the_first_messages_of_a_mailing_are_timed() -> None:
    stage = Stage()
    stage.put(running())
    count(stage, (PENDING, SENT))
    count(stage, (PENDING, SENT), first=2)
    assert told(stage)[FIRST_AFTER] == [0]


def test_a_start_in_the_past_counts_from_when_the_mailing_was_made() -> None:
    stage = Stage()
    stage.put(running(starts_at=NOW - HOUR, created_at=NOW - 3 * SECOND))
    count(stage, (PENDING, SENT))
    assert told(stage)[FIRST_AFTER] == [3]


def test_what_is_sent_again_has_no_first_and_no_last() -> None:
    stage = Stage()
    stage.put(running(resends=1), done_slice())
    count(stage, (PENDING, SENT))
    stage.fanout.work(Close(mailing_id=MAILING_ID), stage.budget())
    assert stage.mailing().status is MailingStatus.FINISHED
    assert told(stage).keys().isdisjoint({FIRST_AFTER, LAST_AFTER})


def test_what_cannot_be_timed_is_counted_all_the_same() -> None:
    stage = Stage()
    stage.put(running())
    stage.mailings = before(stage.mailings, "get", outage)
    count(stage, (None, SENT))
    assert stage.statistics.read(MAILING_ID).counts.sent == 1
    assert told(stage)[MADE] == [1]
    assert FIRST_AFTER not in told(stage)


def test_a_batch_that_comes_again_is_measured_once() -> None:
    stage = Stage()
    stage.put(running())
    for _ in range(2):
        count(stage, (None, PENDING))
    assert told(stage)[MADE] == [1]


def test_a_mailing_that_ran_to_its_end_has_no_last_message() -> None:
    stage = Stage()
    stage.put(running(ends_at=NOW), done_slice())
    stage.fanout.work(Close(mailing_id=MAILING_ID), stage.budget())
    stage.go_on()
    assert stage.mailing().status is MailingStatus.FINISHED
    assert LAST_AFTER not in told(stage)


def test_an_idle_tick_costs_no_metric() -> None:
    stage = Stage()
    stage.fanout.work(Tick(), stage.budget())
    assert told(stage) == {}


def test_queues_that_do_not_answer_are_no_reason_to_fail() -> None:
    stage = Stage()
    stage.put(running(), a_slice(0, due_at=NOW))
    stage.dead_letters.number = None
    stage.fanout.work(Tick(), stage.budget())
    assert told(stage) == {RUNNING: [1], STALLED: [1]}
    assert len(stage.sent()) == 1


def test_a_mailing_that_somebody_settles_all_the_time_is_overdue_too() -> None:
    """It is held for minutes to come, so that the tick's own work does not touch it."""
    stage = Stage()
    stage.put(running(ends_at=NOW - 16 * MINUTE, closing=True, holder=3, due_at=NOW + LEASE))
    stage.fanout.work(Tick(), stage.budget())
    assert told(stage) == {OVERDUE: [1]}
    assert stage.sent() == []


def test_what_is_at_work_or_on_time_is_no_repair() -> None:
    stage = Stage()
    stage.put(running(), a_slice(0, due_at=NOW + SECOND))
    stage.put(a_mailing(2, starts_at=NOW, updated_at=NOW))
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=NOW, held_until=NOW + SECOND))
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=NOW - 59 * SECOND))
    stage.fanout.work(Tick(), stage.budget())
    assert told(stage).keys().isdisjoint({STALLED, LOST_HINTS})
