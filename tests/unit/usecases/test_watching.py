"""How lost doorbells are noticed."""

from collections import Counter
from typing import Any

import pytest

from carillon.models.commands import Listen, Release
from carillon.models.mailing import Mailing, MailingStatus, Slice
from carillon.models.message import MessageStatus
from carillon.models.wave import Asleep, Wave
from tests.fakes.samples import a_mailing, a_message, a_slice
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

LISTEN = [(Listen(), NOW + MINUTE)]
SEARCH = Wave(mailing_id=MAILING_ID, opens_at=NOW, search=True)
QUIET = [
    running(status=MailingStatus.PAUSED),
    running(status=MailingStatus.CANCELLED),
    running(closing=True),
    running(deleted=True),
    running(ends_at=NOW),
    running(due_at=NOW + SECOND),
    a_mailing(starts_at=NOW + HOUR, due_at=NOW),
]
"""Nothing of these should be on its way now."""


def on_stage(pending: int, *, waiting: int, **fields: Any) -> Stage:
    """A running mailing of which so many are pending by the counters, and a queue so long."""
    stage = Stage()
    stage.put(running(**fields), done_slice())
    count(stage, MAILING_ID, pending)
    stage.doorbells.ring([(doorbell(number), 0) for number in range(waiting)])
    return stage


def count(stage: Stage, mailing_id: str, pending: int) -> None:
    totals = stage.statistics.totals.setdefault((mailing_id, 0), Counter())
    totals.update(total=pending, pending=pending)


def listened(stage: Stage) -> bool:
    return Listen() in [command for command, _ in stage.sent()]


def searched(stage: Stage) -> list[str]:
    """For which mailings, after a tick and a second look."""
    stage.fanout.ticking.tick()
    if not listened(stage):
        return []
    stage.commands.queued.clear()
    stage.fanout.ticking.listen()
    searches = [each for each in stage.mailings.waves if each.search]
    hints = [(Release(mailing_id=each.mailing_id, at=each.opens_at), NOW) for each in searches]
    assert sorted(stage.sent(), key=str) == sorted(hints, key=str)
    return sorted(each.mailing_id for each in searches)


@pytest.mark.parametrize(
    ("pending", "waiting", "lost"),
    [
        (1, 0, True),
        (1, 1, False),
        (10, 8, True),
        (10, 9, False),
        (1000, 899, True),
        (1000, 900, False),
        (1000, 2000, False),
    ],
)
def test_doorbells_are_lost_when_the_queue_holds_clearly_fewer_than_are_pending(
    pending: int, waiting: int, lost: bool
) -> None:
    stage = on_stage(pending, waiting=waiting)
    assert searched(stage) == ([MAILING_ID] if lost else [])


def test_the_tick_only_asks_to_look_again_in_a_minute() -> None:
    stage = on_stage(100, waiting=5)
    stage.fanout.ticking.tick()
    assert stage.sent() == LISTEN
    assert not stage.mailings.waves


def test_what_is_there_a_minute_later_was_not_lost() -> None:
    stage = on_stage(100, waiting=5)
    stage.fanout.ticking.tick()
    stage.commands.queued.clear()
    stage.doorbells.ring([(doorbell(), 600)] * 85)
    stage.fanout.ticking.listen()
    assert not stage.sent()
    assert not stage.mailings.waves


def test_doorbells_of_all_mailings_lie_in_one_queue() -> None:
    stage = on_stage(100, waiting=150)
    stage.put(running(id="m0000002"))
    count(stage, "m0000002", 60)
    assert searched(stage) == []
    count(stage, "m0000002", 10)
    assert searched(stage) == ["m0000001", "m0000002"]


@pytest.mark.parametrize(
    ("asleep", "lost"),
    [
        (Asleep(number=94, until=NOW + HOUR), False),
        (Asleep(number=93, until=NOW + HOUR), True),
        (Asleep(number=94, until=NOW), True),
        (Asleep(number=100, until=NOW + SECOND), False),
        (Asleep(number=101, until=NOW + SECOND), False),
    ],
    ids=str,
)
def test_what_waits_for_its_hours_needs_no_doorbell_until_it_wakes(
    asleep: Asleep, lost: bool
) -> None:
    stage = on_stage(100, waiting=6, asleep=asleep)
    assert searched(stage) == ([MAILING_ID] if lost else [])


def test_one_that_sleeps_alone_needs_no_doorbell() -> None:
    stage = on_stage(1, waiting=0, asleep=Asleep(number=1, until=NOW + HOUR))
    assert searched(stage) == []


def test_whose_messages_all_sleep_is_not_searched_though_others_are() -> None:
    stage = on_stage(100, waiting=0, asleep=Asleep(number=100, until=NOW + HOUR))
    stage.put(running(id="m0000002"))
    count(stage, "m0000002", 1)
    assert searched(stage) == ["m0000002"]


@pytest.mark.parametrize(("waiting", "lost"), [(0, True), (1, False)])
def test_a_mailing_that_lost_only_its_end_is_searched_when_the_queue_is_silent(
    waiting: int, lost: bool
) -> None:
    """Nothing is pending, so it should have been closed; the counters may also be wrong."""
    stage = on_stage(0, waiting=waiting, asleep=Asleep(number=3, until=NOW + HOUR))
    assert searched(stage) == ([MAILING_ID] if lost else [])


@pytest.mark.parametrize("mailing", QUIET)
def test_nothing_is_lost_where_nothing_should_be_on_its_way(mailing: Mailing) -> None:
    stage = on_stage(100, waiting=0)
    stage.put(mailing)
    stage.fanout.ticking.tick()
    assert not listened(stage)
    stage.commands.queued.clear()
    stage.fanout.ticking.listen()
    assert not stage.sent()
    assert not stage.mailings.waves


@pytest.mark.parametrize(
    "work",
    [
        a_slice(total=1, due_at=NOW + MINUTE),
        a_slice(total=1, due_at=NOW - HOUR),
        SEARCH.changed(held_until=NOW + MINUTE),
        Wave(mailing_id=MAILING_ID, opens_at=NOW + MINUTE),
    ],
    ids=["slice", "stalled slice", "search", "opening"],
)
def test_whose_messages_are_just_made_or_rung_for_is_left_alone(work: Slice | Wave) -> None:
    stage = on_stage(100, waiting=0)
    stage.put(work, running(id="m0000002"))
    count(stage, "m0000002", 1)
    stage.fanout.ticking.listen()
    assert {each.mailing_id for each in stage.mailings.waves if each.opens_at == NOW} >= {
        "m0000002"
    }
    assert (Release(mailing_id=MAILING_ID, at=NOW), NOW) not in stage.sent()


def test_the_next_opening_does_not_keep_a_mailing_from_being_watched() -> None:
    stage = on_stage(100, waiting=0)
    stage.put(Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR))
    assert searched(stage) == [MAILING_ID]


def test_a_queue_that_was_emptied_is_filled_again_within_two_minutes() -> None:
    """Though some are left: they were handed over by senders in the meantime."""
    stage = on_stage(20, waiting=0)
    stage.put(*[a_message(number) for number in range(1, 21)])
    stage.put(a_message(21, status=MessageStatus.SENT))
    stage.fanout.ticking.tick()
    stage.doorbells.ring([(doorbell(1), 600)])
    stage.clock.advance(60)
    for _ in range(2):
        for command in stage.commands.take(10):
            stage.fanout.work(command, stage.budget())
    rung = [client for client, at in stage.rung() if at == NOW + MINUTE]
    assert sorted(rung) == [f"c{number:07d}" for number in range(1, 21)]
    assert stage.mailing().due_at == NOW + 3 * MINUTE
