"""How counters are compared with messages and repaired, while messages move on."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Command, RunRecount, RunSlice
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message, MessageStatus
from carillon.models.records import MessageChange
from carillon.models.recount import Recount
from carillon.models.statistics import Counts, Statistics, Tally
from carillon.usecases.counting import Counting
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes import FakeCommands
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    RETENTION_DAYS,
    SECOND,
    LaggingMessages,
    Stage,
    after,
    before,
    done_slice,
    once,
    outage,
    running,
)

COMMAND = RunRecount(mailing_id=MAILING_ID, number=1)
ASKED = Recount(mailing_id=MAILING_ID, number=1, requested_at=NOW, due_at=NOW)
EXACT = Tally()
SENT = MessageStatus.SENT


class Counted(Stage):
    """What is written to messages arrives at the counters, when `deliver` is called."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[MessageChange] = []
        self.sequence = 0
        self.messages = LaggingMessages(self._record)

    def _record(self, old: Message | None, new: Message | None) -> None:
        self.sequence += 1
        self.records.append(MessageChange(str(self.sequence), old, new))

    def deliver(self) -> None:
        asked = FakeCommands(self.clock)  # whether to close it, which is not our subject
        Counting(self.statistics, asked, self.mailings, self.measures).count("shard", self.records)
        self.records.clear()


def on_stage(messages: int = 3, mailing: Mailing | None = None, **fields: Any) -> Counted:
    """So many messages, all counted, and a recount that was asked for."""
    stage = Counted()
    stage.put(mailing or running(recounts=1), done_slice(), ASKED)
    stage.put(*(a_client(number) for number in range(1, messages + 1)))
    stage.messages.insert([a_message(number, **fields) for number in range(1, messages + 1)])
    stage.deliver()
    return stage


def recount(stage: Stage, command: RunRecount = COMMAND, seconds: float = 900) -> None:
    stage.fanout.recounting.recount(command, stage.budget(seconds))


def first_pass(stage: Stage, seconds: float = 900) -> None:
    """A hint, and then who is at it."""
    recount(stage)
    stage.go_on(seconds)


def again(stage: Stage, after: timedelta = 2 * SECOND) -> list[tuple[Command, datetime]]:
    """Only who is at it comes again."""
    command = RunRecount(mailing_id=MAILING_ID, number=1, rev=present(stage).rev)
    return [(command, NOW + after)]


def to_the_end(stage: Counted) -> Recount:
    """A hint, and then whatever comes."""
    recount(stage)
    for _ in range(9):
        stage.go_on()
        stage.deliver()
        if present(stage).finished_at is not None:
            return present(stage)
    raise AssertionError("it does not come to an end")


def present(stage: Stage, number: int = 1) -> Recount:
    found = stage.mailings.recount(MAILING_ID, number)
    assert found is not None
    return found


def corrupt(stage: Stage, recount: int = 0, **errors: int) -> None:
    """The counters are wrong by so much, whatever the reason."""
    stage.statistics.totals.setdefault((MAILING_ID, recount), Counter()).update(errors)
    stage.statistics.everything.update(errors)


def write(stage: Stage, number: int, **fields: Any) -> None:
    """A sender writes to a message, as to a table that has a stream."""
    old = stage.message(number)
    new = old.changed(token=stage.chance.new_id(), at=stage.clock.now(), **fields)
    assert stage.messages.swap([(old, new)]) == [True]


def check_exact(stage: Stage) -> None:
    """The counters are what a count of the messages gives, and nothing else is left of them."""
    found = Counter(str(each.status) for each in stage.messages.by_key.values())
    exact = Counts(total=len(stage.messages.by_key), **found)
    attempts = sum(each.attempts for each in stage.messages.by_key.values())
    read = stage.statistics.read(MAILING_ID)
    assert read == Statistics(counts=exact, attempts=attempts, timeline=read.timeline)
    assert stage.statistics.overall() == exact


# From start to end.


def test_exact_counters_are_found_exact() -> None:
    stage = on_stage()
    write(stage, 1, status=SENT, attempts=2)
    stage.deliver()
    finished = to_the_end(stage)
    assert (finished.messages, finished.difference) == (3, EXACT)
    assert (finished.finished_at, finished.due_at) == (NOW, None)
    check_exact(stage)


@pytest.mark.parametrize(
    "errors",
    [
        {"total": 5, "pending": 5},
        {"total": -2, "pending": -2},
        {"pending": 1, "sent": -1, "attempts": -7},
        {"unknown": 3, "attempts": 100},
    ],
)
def test_wrong_counters_are_exact_afterwards_and_the_error_is_told(errors: dict[str, int]) -> None:
    stage = on_stage()
    write(stage, 1, status=SENT, attempts=2)
    stage.deliver()
    corrupt(stage, **errors)
    assert to_the_end(stage).difference == Tally(**errors)
    check_exact(stage)


def test_other_mailings_counters_stay() -> None:
    stage = on_stage()
    other = Counter(total=4, sent=4)
    stage.statistics.totals["m0000002", 0] = other.copy()
    corrupt(stage, total=1)
    to_the_end(stage)
    assert stage.statistics.totals["m0000002", 0] == other


def test_the_timeline_stays_as_it_was() -> None:
    stage = on_stage()
    write(stage, 1, status=SENT)
    stage.deliver()
    timeline = stage.statistics.read(MAILING_ID).timeline
    stage.clock.advance(90)
    to_the_end(stage)
    assert stage.statistics.read(MAILING_ID).timeline == timeline


def test_a_later_recount_compares_with_the_one_before() -> None:
    stage = on_stage()
    to_the_end(stage)
    corrupt(stage, recount=1, sent=9)
    stage.put(ASKED.model_copy(update={"number": 2}))
    second = RunRecount(mailing_id=MAILING_ID, number=2)
    recount(stage, second)
    for _ in range(2):
        stage.go_on()
        stage.deliver()
    assert present(stage, 2).difference == Tally(sent=9)
    check_exact(stage)


@pytest.mark.parametrize("mailing", [a_mailing(recounts=1), running(recounts=1)])
def test_a_mailing_without_messages_has_zeros(mailing: Mailing) -> None:
    stage = on_stage(0, mailing)
    corrupt(stage, total=2, sent=2)
    finished = to_the_end(stage)
    assert (finished.messages, finished.difference) == (0, Tally(total=2, sent=2))
    check_exact(stage)


# Taking over.


def test_a_message_is_taken_over_without_any_other_change() -> None:
    stage = on_stage(1, status=SENT, attempts=2, expires_at=77)
    old = stage.message()
    first_pass(stage)
    new = stage.message()
    assert new.token != old.token
    assert new == old.model_copy(update={"token": new.token, "recount": 1})


def test_a_pass_that_took_over_something_is_followed_by_another() -> None:
    stage = on_stage()
    first_pass(stage)
    assert stage.sent() == again(stage)
    assert present(stage).messages is None
    due_at = NOW + 2 * SECOND + 5 * MINUTE
    assert present(stage).due_at == due_at, "the tick does not take it for stalled"


def test_a_message_under_a_live_claim_is_skipped_and_waited_for() -> None:
    stage = on_stage(claim_until=None)
    write(stage, 2, claim_until=NOW + 7.5 * SECOND, attempts=1)
    claimed = stage.message(2)
    first_pass(stage)
    assert stage.message(2) == claimed
    assert stage.message(1).recount == 1
    assert stage.sent() == again(stage, after=8 * SECOND)
    stage.clock.advance(8)
    to_the_end(stage)
    assert stage.message(2).recount == 1
    check_exact(stage)


def test_what_moves_meanwhile_is_counted_once() -> None:
    stage = on_stage()
    send = once(lambda: write(stage, 2, status=SENT, attempts=1))
    stage.messages = before(stage.messages, "swap", send)
    first_pass(stage)
    assert stage.message(2).recount == 0, "the sender was faster: the next pass"
    write(stage, 3, attempts=1)
    stage.deliver()
    corrupt(stage, failed=4)
    assert to_the_end(stage).difference == Tally(failed=4)
    check_exact(stage)


def test_what_is_made_meanwhile_is_counted_in_the_new_counters() -> None:
    stage = on_stage()
    stage.put(a_slice(0, total=1))
    first_pass(stage)
    stage.deliver()
    stage.put(a_client(9))
    stage.fanout.slicing.run(RunSlice(mailing_id=MAILING_ID, number=0), stage.budget())
    stage.commands.queued.pop()  # whether to close it
    assert stage.message(9).recount == 1
    stage.deliver()
    assert to_the_end(stage).messages == 4
    check_exact(stage)


def test_a_pass_that_began_while_slices_ran_proves_nothing() -> None:
    stage = on_stage(0)
    stage.put(a_slice(0, total=1))
    first_pass(stage)
    assert present(stage).messages is None
    assert stage.sent() == again(stage)


def test_slices_that_end_within_the_pass_make_it_no_proof() -> None:
    stage = on_stage(0)
    stage.put(a_slice(0, total=1))
    stage.messages = before(stage.messages, "page", lambda: stage.put(done_slice()))
    first_pass(stage)
    assert present(stage).messages is None


def test_a_long_pass_goes_on_with_what_it_saw_so_far() -> None:
    stage = on_stage(PAGE_MESSAGES + 1, recount=1)
    first_pass(stage, seconds=4.9)
    [(rest, at)] = stage.sent()
    assert isinstance(rest, RunRecount)
    assert (rest.messages, rest.clean, at) == (PAGE_MESSAGES, True, NOW)
    recount(stage, rest, seconds=4.9)
    assert present(stage).messages == PAGE_MESSAGES + 1
    assert present(stage).finished_at == NOW


def test_a_long_pass_that_took_over_something_proves_nothing_at_its_end() -> None:
    stage = on_stage(PAGE_MESSAGES + 1)
    first_pass(stage, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, RunRecount)
    assert rest.clean is False
    stage.messages.swap(
        [
            (each, each.model_copy(update={"token": "t1", "recount": 1}))
            for each in stage.messages.by_key.values()
        ]
    )
    recount(stage, rest)
    assert present(stage).messages is None
    assert stage.sent()[1:] == again(stage)


def test_a_pass_with_time_enough_goes_through_all_pages() -> None:
    stage = on_stage(PAGE_MESSAGES + 1)
    first_pass(stage, seconds=5)
    assert {each.recount for each in stage.messages.by_key.values()} == {1}


# Repairing.


def test_it_waits_until_the_counters_have_caught_up() -> None:
    stage = on_stage()
    corrupt(stage, total=1)
    first_pass(stage)
    for _ in range(2):
        stage.go_on()
    assert present(stage).messages == 3
    assert present(stage).difference is None
    assert stage.statistics.read(MAILING_ID).counts.total == 4
    stage.deliver()
    stage.go_on()
    assert present(stage).difference == Tally(total=1)
    check_exact(stage)


def test_while_it_waits_no_pass_is_made_again() -> None:
    stage = on_stage()
    first_pass(stage)
    stage.go_on()
    stage.messages = before(stage.messages, "page", outage)
    stage.go_on()
    assert stage.sent() == again(stage)


def test_the_error_is_noted_before_it_is_removed() -> None:
    stage = on_stage()
    corrupt(stage, sent=2)
    first_pass(stage)
    stage.deliver()
    stage.statistics = before(stage.statistics, "drop_before", outage)
    with pytest.raises(Unavailable):
        stage.go_on()
    assert present(stage).difference == Tally(sent=2)
    assert present(stage).finished_at is None


def test_an_error_that_was_removed_is_not_forgotten_by_a_crash() -> None:
    stage = on_stage()
    corrupt(stage, sent=2)
    first_pass(stage)
    stage.deliver()
    real, stage.statistics = stage.statistics, after(stage.statistics, "drop_before", outage)
    with pytest.raises(Unavailable):
        stage.go_on()
    stage.statistics = real
    stage.clock.set(NOW + 2 * SECOND + 5 * MINUTE)
    assert to_the_end(stage).difference == Tally(sent=2)
    check_exact(stage)


# Repeated, overtaken, too late.


def test_a_finished_recount_does_nothing_more() -> None:
    stage = on_stage()
    finished = to_the_end(stage)
    corrupt(stage, recount=1, sent=5)
    corrupt(stage, recount=0, sent=5)
    kept = {key: Counter(moves) for key, moves in stage.statistics.totals.items()}
    recount(stage)
    assert present(stage) == finished
    assert stage.statistics.totals == kept
    assert not stage.sent()


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=3)])
def test_after_the_retention_nothing_can_be_compared(late: timedelta) -> None:
    """Messages vanish, and what the counters hold of them was right."""
    stage = on_stage()
    stage.messages.remove(list(stage.messages.by_key.values()))
    stage.deliver()
    counted = stage.statistics.read(MAILING_ID)
    stage.clock.set(NOW + timedelta(days=RETENTION_DAYS) + late)
    first_pass(stage)
    finished = present(stage)
    assert (finished.finished_at, finished.due_at) == (stage.clock.now(), None)
    assert (finished.messages, finished.difference) == (None, None)
    assert stage.statistics.read(MAILING_ID) == counted


def test_until_the_retention_is_over_it_compares() -> None:
    stage = on_stage()
    stage.clock.set(NOW + timedelta(days=RETENTION_DAYS) - SECOND)
    assert to_the_end(stage).difference == EXACT


@pytest.mark.parametrize("gone", ["mailing", "recount"])
def test_a_command_for_what_is_gone_vanishes(gone: str) -> None:
    stage = on_stage()
    if gone == "mailing":
        stage.mailings.by_id.clear()
    else:
        stage.mailings.work_by_key.clear()
    recount(stage)
    assert stage.message().recount == 0
    assert not stage.sent()


def test_a_deleted_mailing_is_not_recounted() -> None:
    stage = on_stage(mailing=running(deleted=True, status=MailingStatus.FINISHED))
    recount(stage)
    assert (present(stage), stage.message().recount) == (ASKED, 0)
    assert not stage.sent()


# Of several hints one is followed.


def at_it(stage: Stage) -> RunRecount:
    """Somebody is at it; the command of whoever is."""
    recount(stage)
    [(command, _)] = stage.sent()
    assert isinstance(command, RunRecount)
    stage.commands.queued.clear()
    return command


def test_a_hint_does_nothing_but_ask_one_to_be_at_it() -> None:
    stage = on_stage()
    recount(stage)
    assert present(stage) == ASKED.changed(due_at=NOW + 5 * MINUTE)
    assert {stage.message(number).recount for number in (1, 2, 3)} == {0}
    assert stage.sent() == again(stage, after=0 * SECOND)


def test_who_comes_while_another_is_at_it_goes_away() -> None:
    stage = on_stage()
    at_it(stage)
    found = present(stage)
    stage.clock.set(NOW + 5 * MINUTE - SECOND)
    recount(stage)
    assert present(stage) == found
    assert not stage.sent()


@pytest.mark.parametrize("behind", [SECOND, HOUR], ids=str)
def test_a_recount_just_asked_for_is_taken_up_even_if_it_is_due_only_by_another_clock(
    behind: timedelta,
) -> None:
    """The API's may be ahead of ours."""
    stage = on_stage()
    stage.clock.set(NOW - behind)
    assert to_the_end(stage).difference == EXACT


def test_a_lease_that_is_over_is_taken_over_and_who_had_it_stays_away() -> None:
    stage = on_stage()
    lost = at_it(stage)
    stage.clock.set(NOW + 5 * MINUTE)
    found = at_it(stage)
    assert found.rev == present(stage).rev != lost.rev
    recount(stage, lost)
    assert stage.message().recount == 0
    assert not stage.sent()
    recount(stage, found)
    assert stage.message().recount == 1


@pytest.mark.parametrize("seconds", [900, 4.9], ids=["pass", "page"])
def test_a_command_that_comes_again_after_the_next_one_was_sent_does_nothing(
    seconds: float,
) -> None:
    stage = on_stage(PAGE_MESSAGES + 1)
    command = at_it(stage)
    recount(stage, command, seconds)
    found, messages, sent = present(stage), dict(stage.messages.by_key), stage.sent()
    recount(stage, command, seconds)
    assert (present(stage), stage.messages.by_key, stage.sent()) == (found, messages, sent)


@pytest.mark.parametrize("crash", ["page", "swap"])
def test_a_command_that_failed_half_way_works_when_it_comes_again(crash: str) -> None:
    stage = on_stage()
    command = at_it(stage)
    real, stage.messages = stage.messages, after(stage.messages, crash, outage)
    with pytest.raises(Unavailable):
        recount(stage, command)
    stage.messages = real
    recount(stage, command)
    stage.deliver()
    stage.work_for(5)
    assert present(stage).difference == EXACT
    check_exact(stage)


def test_when_the_next_command_could_not_be_sent_the_end_of_the_lease_goes_on() -> None:
    stage = on_stage()
    command = at_it(stage)
    real, stage.commands = stage.commands, before(stage.commands, "send", outage)
    with pytest.raises(Unavailable):
        recount(stage, command)
    stage.commands = real
    recount(stage, command)
    assert not stage.sent()
    stage.clock.set(NOW + 2 * SECOND + 5 * MINUTE)
    assert to_the_end(stage).difference == EXACT


def test_of_two_hints_at_once_one_is_followed() -> None:
    stage = on_stage()

    def overtake() -> None:
        stage.clock.advance(1)
        recount(stage)

    stage.mailings = before(stage.mailings, "checkpoint", once(overtake))
    stage.fanout.work(COMMAND, stage.budget())
    assert stage.sent() == again(stage, after=SECOND)


def test_of_two_at_once_with_the_same_rev_one_goes_on() -> None:
    stage = on_stage()
    command = at_it(stage)

    def overtake() -> None:
        stage.clock.advance(1)
        recount(stage, command)

    stage.messages = before(stage.messages, "swap", once(overtake))
    stage.fanout.work(command, stage.budget())
    assert stage.sent() == again(stage, after=3 * SECOND)
    stage.deliver()
    assert to_the_end(stage).difference == EXACT
    check_exact(stage)


def test_commands_that_all_come_twice_do_not_multiply() -> None:
    stage = on_stage()
    write(stage, 2, claim_until=NOW + 20 * SECOND, attempts=1)
    corrupt(stage, sent=2)
    stage.commands.send([COMMAND] * 5)
    assert stage.work_for(1, times=2) == 5
    assert stage.work_for(24, times=2) == 1
    assert present(stage).messages == 3, "it waits for the counters"
    stage.deliver()
    assert stage.work_for(5, times=2) == 1
    assert present(stage).difference == Tally(sent=2)
    assert not stage.sent()
    check_exact(stage)


def test_a_mailing_deleted_within_the_pass_is_not_repaired() -> None:
    """What its purge has removed would be taken for an error."""
    stage = on_stage()
    first_pass(stage)
    stage.deliver()
    delete = once(lambda: stage.change_mailing(deleted=True))
    stage.messages = after(stage.messages, "page", delete)
    stage.go_on()
    assert present(stage).difference is None
    assert not stage.sent()
