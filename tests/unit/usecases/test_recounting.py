"""How counters are compared with messages and repaired, while messages move on."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import RunRecount, RunSlice
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message, MessageStatus
from carillon.models.records import MessageChange
from carillon.models.recount import Recount
from carillon.models.statistics import Counts, Statistics, Tally
from carillon.usecases.counting import Counting
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.unit.usecases.stage import (
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
AGAIN = [(COMMAND, NOW + 2 * SECOND)]
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
        Counting(self.statistics, self.commands).count("shard", self.records)
        self.records.clear()
        self.commands.queued.clear()


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


def to_the_end(stage: Counted) -> Recount:
    """Recount as often as it comes again."""
    for _ in range(9):
        recount(stage)
        stage.deliver()
        if present(stage).finished_at is not None:
            return present(stage)
    raise AssertionError("it does not come to an end")


def present(stage: Stage, number: int = 1) -> Recount:
    return stage.mailings.recounts_by_key[MAILING_ID, number]


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
    for _ in range(3):
        recount(stage, second)
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
    recount(stage)
    new = stage.message()
    assert new.token != old.token
    assert new == old.model_copy(update={"token": new.token, "recount": 1})


def test_a_pass_that_took_over_something_is_followed_by_another() -> None:
    stage = on_stage()
    recount(stage)
    assert stage.sent() == AGAIN
    assert present(stage).messages is None
    assert present(stage).due_at == NOW + 5 * MINUTE, "the tick does not take it for stalled"


def test_a_message_under_a_live_claim_is_skipped_and_waited_for() -> None:
    stage = on_stage(claim_until=None)
    write(stage, 2, claim_until=NOW + 7.5 * SECOND, attempts=1)
    claimed = stage.message(2)
    recount(stage)
    assert stage.message(2) == claimed
    assert stage.message(1).recount == 1
    assert stage.sent() == [(COMMAND, NOW + 8 * SECOND)]
    stage.clock.advance(8)
    to_the_end(stage)
    assert stage.message(2).recount == 1
    check_exact(stage)


def test_what_moves_meanwhile_is_counted_once() -> None:
    stage = on_stage()
    send = once(lambda: write(stage, 2, status=SENT, attempts=1))
    stage.messages = before(stage.messages, "swap", send)
    recount(stage)
    assert stage.message(2).recount == 0, "the sender was faster: the next pass"
    write(stage, 3, attempts=1)
    stage.deliver()
    corrupt(stage, failed=4)
    assert to_the_end(stage).difference == Tally(failed=4)
    check_exact(stage)


def test_what_is_made_meanwhile_is_counted_in_the_new_counters() -> None:
    stage = on_stage()
    stage.put(a_slice(0, total=1))
    recount(stage)
    stage.deliver()
    stage.put(a_client(9))
    stage.fanout.slicing.run(RunSlice(mailing_id=MAILING_ID, number=0), stage.budget())
    assert stage.message(9).recount == 1
    stage.deliver()
    assert to_the_end(stage).messages == 4
    check_exact(stage)


def test_a_pass_that_began_while_slices_ran_proves_nothing() -> None:
    stage = on_stage(0)
    stage.put(a_slice(0, total=1))
    recount(stage)
    assert present(stage).messages is None
    assert stage.sent() == AGAIN


def test_slices_that_end_within_the_pass_make_it_no_proof() -> None:
    stage = on_stage(0)
    stage.put(a_slice(0, total=1))
    stage.messages = before(stage.messages, "page", lambda: stage.put(done_slice()))
    recount(stage)
    assert present(stage).messages is None


def test_a_long_pass_goes_on_with_what_it_saw_so_far() -> None:
    stage = on_stage(PAGE_MESSAGES + 1, recount=1)
    recount(stage, seconds=4.9)
    [(rest, at)] = stage.sent()
    assert isinstance(rest, RunRecount)
    assert (rest.messages, rest.clean, at) == (PAGE_MESSAGES, True, NOW)
    recount(stage, rest, seconds=4.9)
    assert present(stage).messages == PAGE_MESSAGES + 1
    assert present(stage).finished_at == NOW


def test_a_long_pass_that_took_over_something_proves_nothing_at_its_end() -> None:
    stage = on_stage(PAGE_MESSAGES + 1)
    recount(stage, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, RunRecount)
    assert not rest.clean
    stage.messages.swap(
        [
            (each, each.model_copy(update={"token": "t1", "recount": 1}))
            for each in stage.messages.by_key.values()
        ]
    )
    recount(stage, rest)
    assert present(stage).messages is None
    assert stage.sent()[1:] == AGAIN


def test_a_pass_with_time_enough_goes_through_all_pages() -> None:
    stage = on_stage(PAGE_MESSAGES + 1)
    recount(stage, seconds=5)
    assert {each.recount for each in stage.messages.by_key.values()} == {1}


# Repairing.


def test_it_waits_until_the_counters_have_caught_up() -> None:
    stage = on_stage()
    corrupt(stage, total=1)
    for _ in range(3):
        recount(stage)
        stage.commands.queued.clear()
    assert present(stage).messages == 3
    assert present(stage).difference is None
    assert stage.statistics.read(MAILING_ID).counts.total == 4
    stage.deliver()
    recount(stage)
    assert present(stage).difference == Tally(total=1)
    check_exact(stage)


def test_while_it_waits_no_pass_is_made_again() -> None:
    stage = on_stage()
    for _ in range(2):
        recount(stage)
    stage.commands.queued.clear()
    stage.messages = before(stage.messages, "page", outage)
    recount(stage)
    assert stage.sent() == AGAIN


def test_the_error_is_noted_before_it_is_removed() -> None:
    stage = on_stage()
    corrupt(stage, sent=2)
    recount(stage)
    stage.deliver()
    stage.statistics = before(stage.statistics, "drop_before", outage)
    with pytest.raises(Unavailable):
        recount(stage)
    assert present(stage).difference == Tally(sent=2)
    assert present(stage).finished_at is None


def test_an_error_that_was_removed_is_not_forgotten_by_a_crash() -> None:
    stage = on_stage()
    corrupt(stage, sent=2)
    recount(stage)
    stage.deliver()
    real, stage.statistics = stage.statistics, after(stage.statistics, "drop_before", outage)
    with pytest.raises(Unavailable):
        recount(stage)
    stage.statistics = real
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


def test_of_two_invocations_the_one_behind_starts_again() -> None:
    stage = on_stage()

    def overtake() -> None:
        stage.clock.advance(1)
        recount(stage)

    rival = once(overtake)
    real, stage.mailings = stage.mailings, before(stage.mailings, "checkpoint", rival)
    with pytest.raises(LostRace):
        recount(stage)
    stage.mailings = real
    stage.deliver()
    assert to_the_end(stage).difference == EXACT
    check_exact(stage)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=3)])
def test_after_the_retention_nothing_can_be_compared(late: timedelta) -> None:
    """Messages vanish, and what the counters hold of them was right."""
    stage = on_stage()
    stage.messages.remove(list(stage.messages.by_key.values()))
    stage.deliver()
    counted = stage.statistics.read(MAILING_ID)
    stage.clock.set(NOW + timedelta(days=RETENTION_DAYS) + late)
    recount(stage)
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
        stage.mailings.recounts_by_key.clear()
    recount(stage)
    assert stage.message().recount == 0
    assert not stage.sent()


def test_a_deleted_mailing_is_not_recounted() -> None:
    stage = on_stage(mailing=running(deleted=True, status=MailingStatus.FINISHED))
    recount(stage)
    assert (present(stage), stage.message().recount) == (ASKED, 0)
    assert not stage.sent()
