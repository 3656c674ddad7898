"""How a deleted mailing goes."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Command, Purge, RunSlice
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.policy.edits import removed
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_message, a_slice
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
    once,
    outage,
    running,
    with_messages,
)

COMMAND = Purge(mailing_id=MAILING_ID)
GONE = running(deleted=True, updated_at=NOW - HOUR)
"""Deleted an hour ago."""


def on_stage(messages: int = 1, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(GONE, done_slice())
    stage.statistics.totals = {
        (MAILING_ID, 0): Counter(total=1),
        (MAILING_ID, 1): Counter(total=4),
        ("m0000002", 0): Counter(total=2),
    }
    stage.statistics.everything = Counter(total=3)
    with_messages(stage, messages, **fields)
    return stage


def purge(stage: Stage, command: Purge = COMMAND, seconds: float = 900) -> None:
    stage.fanout.purging.purge(command, stage.budget(seconds))


def remove(stage: Stage, seconds: float = 900) -> None:
    """A hint, and then who holds the mailing."""
    purge(stage)
    stage.go_on(seconds)


def again(stage: Stage, after: timedelta = 5 * SECOND) -> list[tuple[Command, datetime]]:
    """Only who holds the mailing comes again."""
    return [(Purge(mailing_id=MAILING_ID, number=stage.mailing().holder), NOW + after)]


def held(stage: Stage) -> Purge:
    """Somebody holds the mailing; the command of whoever does."""
    purge(stage)
    [(command, _)] = stage.sent()
    assert isinstance(command, Purge)
    stage.commands.queued.clear()
    return command


def test_messages_go_first_and_the_mailing_waits_for_a_pass_that_finds_none() -> None:
    stage = on_stage(messages=2)
    stage.put(a_message(3, status=MessageStatus.SENT))
    remove(stage)
    assert not stage.messages.by_key
    assert stage.sent() == again(stage)
    stage.go_on()
    assert not stage.mailings.by_id
    assert not stage.sent()


def test_slices_waves_recounts_and_counters_go_with_the_mailing() -> None:
    stage = on_stage(messages=0)
    stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=NOW))
    stage.put(Recount(mailing_id=MAILING_ID, number=1, requested_at=NOW))
    remove(stage)
    assert not stage.mailings.by_id
    assert not stage.mailings.work()
    assert stage.statistics.totals == {("m0000002", 0): Counter(total=2)}
    assert stage.statistics.everything == Counter(total=3)


def test_other_mailings_messages_stay() -> None:
    stage = on_stage(messages=0)
    other = a_message(1, mailing_id="m0000002")
    stage.put(other)
    remove(stage)
    assert list(stage.messages.by_key.values()) == [other]


def test_the_mailing_itself_goes_last() -> None:
    stage = on_stage(messages=0)
    stage.statistics = before(stage.statistics, "remove", outage)
    with pytest.raises(Unavailable):
        remove(stage)
    assert stage.mailing().deleted


def test_slices_that_run_are_woken_to_see_the_mark_and_waited_for() -> None:
    stage = on_stage()
    stage.put(a_slice(1), a_slice(2))
    remove(stage)
    woken = [RunSlice(mailing_id=MAILING_ID, number=number) for number in (1, 2)]
    assert stage.sent() == [*((command, NOW) for command in woken), *again(stage)]
    assert stage.message() == a_message()


def test_a_slow_slice_may_write_its_last_page_as_long_as_an_invocation_lives() -> None:
    stage = on_stage(messages=0)
    stage.put(GONE.model_copy(update={"updated_at": NOW - SECOND}))
    remove(stage, seconds=120)
    assert stage.sent() == again(stage, after=124 * SECOND)
    stage.clock.set(NOW + 124 * SECOND)
    stage.put(a_message())
    stage.go_on(seconds=120)
    assert not stage.messages.by_key
    stage.go_on(seconds=120)
    assert not stage.mailings.by_id


def test_what_is_found_meanwhile_goes_at_once() -> None:
    stage = on_stage(messages=1)
    stage.put(GONE.model_copy(update={"updated_at": NOW - 118 * SECOND}))
    remove(stage, seconds=120)
    assert not stage.messages.by_key
    assert stage.sent() == again(stage, after=7 * SECOND)


def test_where_nothing_was_ever_made_nobody_is_waited_for() -> None:
    stage = on_stage(messages=0)
    stage.put(GONE.model_copy(update={"updated_at": NOW, "slices": 0}))
    remove(stage)
    assert not stage.mailings.by_id


def test_a_long_pass_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(messages=PAGE_MESSAGES + 1)
    remove(stage, seconds=4.9)
    assert len(stage.messages.by_key) == 1
    assert stage.sent() == again(stage, after=0 * SECOND)
    stage.go_on(seconds=4.9)
    assert not stage.messages.by_key
    assert stage.sent() == again(stage)


def test_a_pass_with_time_enough_removes_page_after_page() -> None:
    stage = on_stage(messages=PAGE_MESSAGES + 1)
    remove(stage, seconds=5)
    assert not stage.messages.by_key
    assert stage.sent() == again(stage)


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


# Of several hints one is followed.


def test_the_mailing_is_held_before_anything_is_removed() -> None:
    stage = on_stage()
    purge(stage)
    assert stage.mailing() == GONE.changed(holder=2, due_at=NOW + 5 * MINUTE)
    assert stage.message() == a_message()
    assert stage.sent() == again(stage, after=0 * SECOND)


def test_who_comes_while_the_mailing_is_held_goes_away() -> None:
    stage = on_stage()
    held(stage)
    found = stage.mailing()
    stage.clock.set(NOW + 5 * MINUTE - SECOND)
    purge(stage)
    assert stage.mailing() == found
    assert not stage.sent()


@pytest.mark.parametrize("settling", [{}, {"closing": True, "holder": 2}], ids=["", "settling"])
def test_a_mailing_is_held_even_if_it_is_due_only_by_another_clock(
    settling: dict[str, Any],
) -> None:
    """The API's may be ahead of ours."""
    stage = on_stage()
    stage.put(removed(running(**settling), NOW + 3 * SECOND))
    purge(stage)
    assert stage.sent() == again(stage, after=0 * SECOND)


def test_a_lease_that_is_over_is_taken_over_and_who_had_it_stays_away() -> None:
    stage = on_stage()
    lost = held(stage)
    stage.clock.set(NOW + 5 * MINUTE)
    found = held(stage)
    assert found.number == stage.mailing().holder != lost.number
    purge(stage, lost)
    assert stage.message() == a_message()
    assert not stage.sent()
    purge(stage, found)
    assert not stage.messages.by_key


@pytest.mark.parametrize("seconds", [900, 4.9], ids=["pass", "page"])
def test_a_command_that_comes_again_after_the_next_one_was_sent_does_nothing(
    seconds: float,
) -> None:
    stage = on_stage(messages=PAGE_MESSAGES + 1)
    command = held(stage)
    purge(stage, command, seconds)
    found, left, sent = stage.mailing(), dict(stage.messages.by_key), stage.sent()
    purge(stage, command, seconds)
    assert (stage.mailing(), stage.messages.by_key, stage.sent()) == (found, left, sent)


def test_a_command_that_failed_half_way_works_when_it_comes_again() -> None:
    stage = on_stage(messages=2)
    command = held(stage)
    real, stage.messages = stage.messages, before(stage.messages, "remove", outage)
    with pytest.raises(Unavailable):
        purge(stage, command)
    stage.messages = real
    purge(stage, command)
    assert not stage.messages.by_key
    assert stage.sent() == again(stage)


def test_a_mailing_that_only_its_removal_was_left_of_goes_when_the_command_comes_again() -> None:
    stage = on_stage(messages=0)
    command = held(stage)
    real, stage.statistics = stage.statistics, after(stage.statistics, "remove", outage)
    with pytest.raises(Unavailable):
        purge(stage, command)
    stage.statistics = real
    purge(stage, command)
    assert not stage.mailings.by_id


def test_when_the_next_command_could_not_be_sent_the_end_of_the_lease_goes_on() -> None:
    stage = on_stage()
    command = held(stage)
    real, stage.mailings = stage.mailings, after(stage.mailings, "replace", outage)
    with pytest.raises(Unavailable):
        purge(stage, command)
    stage.mailings = real
    purge(stage, command)
    assert not stage.sent()
    stage.clock.set(NOW + 5 * SECOND + 5 * MINUTE)
    remove(stage)
    assert not stage.mailings.by_id


def test_of_two_at_once_with_the_same_number_one_goes_on() -> None:
    stage = on_stage(messages=2)
    command = held(stage)

    def overtake() -> None:
        purge(stage, command)
        stage.clock.advance(1)

    stage.messages = before(stage.messages, "remove", once(overtake))
    stage.fanout.work(command, stage.budget())
    assert stage.sent() == again(stage)


def test_commands_that_all_come_twice_do_not_multiply() -> None:
    stage = on_stage(messages=3)
    stage.commands.send([COMMAND] * 5)
    assert stage.work_for(1, times=2) == 5
    for number in range(3):
        stage.put(a_message(number))  # a slice that had not seen the mark
        assert stage.work_for(5, times=2) == 1
    assert stage.work_for(10, times=2) == 1
    assert not stage.mailings.by_id
    assert not stage.sent()
