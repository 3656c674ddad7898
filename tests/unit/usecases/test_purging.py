"""How a deleted mailing goes."""

from collections import Counter
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Purge, RunSlice
from carillon.models.mailing import Wave
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_message, a_slice
from tests.unit.usecases.stage import (
    MAILING_ID,
    NOW,
    SECOND,
    Stage,
    before,
    done_slice,
    outage,
    running,
    with_messages,
)

COMMAND = Purge(mailing_id=MAILING_ID)
AGAIN = [(COMMAND, NOW + 5 * SECOND)]


def on_stage(messages: int = 1, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(running(deleted=True), done_slice())
    stage.statistics.totals = {
        (MAILING_ID, 0): Counter(total=1),
        (MAILING_ID, 1): Counter(total=4),
        ("m0000002", 0): Counter(total=2),
    }
    stage.statistics.everything = Counter(total=3)
    with_messages(stage, messages, **fields)
    return stage


def purge(stage: Stage, seconds: float = 900) -> None:
    stage.fanout.purging.purge(COMMAND, stage.budget(seconds))


def test_messages_go_first_and_the_mailing_waits_for_a_pass_that_finds_none() -> None:
    stage = on_stage(messages=2)
    stage.put(a_message(3, status=MessageStatus.SENT))
    purge(stage)
    assert not stage.messages.by_key
    assert stage.mailing() == running(deleted=True)
    assert stage.sent() == AGAIN
    purge(stage)
    assert not stage.mailings.by_id
    assert stage.sent() == AGAIN


def test_slices_waves_recounts_and_counters_go_with_the_mailing() -> None:
    stage = on_stage(messages=0)
    stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=NOW))
    stage.put(Recount(mailing_id=MAILING_ID, number=1, requested_at=NOW))
    purge(stage)
    assert not stage.mailings.by_id
    assert not stage.mailings.slices_by_key
    assert not stage.mailings.waves
    assert not stage.mailings.recounts_by_key
    assert stage.statistics.totals == {("m0000002", 0): Counter(total=2)}
    assert stage.statistics.everything == Counter(total=3)


def test_other_mailings_messages_stay() -> None:
    stage = on_stage(messages=0)
    other = a_message(1, mailing_id="m0000002")
    stage.put(other)
    purge(stage)
    assert list(stage.messages.by_key.values()) == [other]


def test_the_mailing_itself_goes_last() -> None:
    stage = on_stage(messages=0)
    stage.statistics = before(stage.statistics, "remove", outage)
    with pytest.raises(Unavailable):
        purge(stage)
    assert stage.mailing() == running(deleted=True)


def test_slices_that_run_are_woken_to_see_the_mark_and_waited_for() -> None:
    stage = on_stage()
    stage.put(a_slice(1), a_slice(2))
    purge(stage)
    woken = [RunSlice(mailing_id=MAILING_ID, number=number) for number in (1, 2)]
    assert stage.sent() == [*((command, NOW) for command in woken), *AGAIN]
    assert stage.message() == a_message()


def test_a_long_pass_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(messages=PAGE_MESSAGES + 1)
    purge(stage, seconds=4.9)
    assert len(stage.messages.by_key) == 1
    assert stage.sent() == [(COMMAND, NOW)]
    purge(stage, seconds=4.9)
    assert not stage.messages.by_key
    assert stage.sent()[1:] == AGAIN


def test_a_pass_with_time_enough_removes_page_after_page() -> None:
    stage = on_stage(messages=PAGE_MESSAGES + 1)
    purge(stage, seconds=5)
    assert not stage.messages.by_key
    assert stage.sent() == AGAIN


def test_a_mailing_that_is_not_deleted_is_left_alone() -> None:
    stage = on_stage()
    stage.put(running())
    purge(stage)
    assert stage.mailing() == running()
    assert stage.message() == a_message()
    assert not stage.sent()


def test_a_purge_that_comes_twice_finds_nothing_to_do() -> None:
    stage = Stage()
    purge(stage)
    assert not stage.sent()
