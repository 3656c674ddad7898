"""Counters that count each change once, whatever the stream does."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import Close
from carillon.models.message import Message, MessageStatus
from carillon.models.records import MessageChange
from carillon.models.statistics import Counts, Minute, Tally
from tests.fakes.samples import a_message
from tests.unit.usecases.stage import MAILING_ID, MINUTE, NOW, SECOND, Stage, after, before, outage

SHARD = "shardId-00000001"
PENDING, SENT, FAILED = MessageStatus.PENDING, MessageStatus.SENT, MessageStatus.FAILED


def change(sequence: int, old: Message | None, new: Message | None) -> MessageChange:
    return MessageChange(str(sequence), old, new)


def made(sequence: int, number: int = 1, **fields: Any) -> MessageChange:
    return change(sequence, None, a_message(number, **fields))


def moved(
    sequence: int, number: int = 1, *, old: MessageStatus = PENDING, new: MessageStatus, **at: Any
) -> MessageChange:
    return change(sequence, a_message(number, status=old), a_message(number, status=new, **at))


def count(stage: Stage, *changes: MessageChange, shard: str = SHARD) -> None:
    stage.counting.count(shard, changes)


def counts(stage: Stage, mailing_id: str = MAILING_ID) -> dict[str, int]:
    """Those that are not zero."""
    kept = stage.statistics.read(mailing_id).counts.model_dump()
    return {name: number for name, number in kept.items() if number}


def timeline(stage: Stage) -> tuple[Minute, ...]:
    return stage.statistics.read(MAILING_ID).timeline


def test_a_message_counts_from_the_moment_it_is_made() -> None:
    stage = Stage()
    count(stage, made(1, 1), made(2, 2))
    assert counts(stage) == {"total": 2, "pending": 2}


def test_a_message_moves_from_one_status_to_the_other() -> None:
    stage = Stage()
    count(stage, made(1, 1), made(2, 2), moved(3, 1, new=SENT), moved(4, 2, new=FAILED))
    count(stage, moved(5, 2, old=FAILED, new=PENDING), moved(6, 2, new=SENT))
    assert counts(stage) == {"total": 2, "sent": 2}


def test_a_message_made_in_its_final_status_counts_there() -> None:
    stage = Stage()
    count(stage, made(1, status=MessageStatus.EXPIRED))
    assert counts(stage) == {"total": 1, "expired": 1}
    assert timeline(stage) == (Minute(minute=NOW, expired=1),)


def test_the_overall_counts_are_of_all_mailings() -> None:
    stage = Stage()
    count(stage, made(1), made(2, mailing_id="m0000002"), moved(3, new=SENT))
    assert stage.statistics.overall() == Counts(total=2, pending=1, sent=1)


def test_a_removal_changes_no_count() -> None:
    stage = Stage()
    count(stage, made(1, status=SENT), change(2, a_message(status=SENT), None))
    assert counts(stage) == {"total": 1, "sent": 1}
    assert stage.statistics.position(SHARD) == "2"


def test_a_batch_that_comes_again_counts_once() -> None:
    stage = Stage()
    for _ in range(3):
        count(stage, made(1), moved(2, new=SENT))
    assert counts(stage) == {"total": 1, "sent": 1}


def test_a_batch_that_comes_again_longer_counts_its_end_only() -> None:
    stage = Stage()
    count(stage, made(1), moved(2, new=SENT))
    count(stage, made(1), moved(2, new=SENT), made(3, 2))
    assert counts(stage) == {"total": 2, "pending": 1, "sent": 1}


def test_a_batch_whose_answer_is_lost_counts_once() -> None:
    stage = Stage()
    real, stage.statistics = stage.statistics, after(stage.statistics, "count", outage)
    with pytest.raises(Unavailable):
        count(stage, made(1))
    stage.statistics = real
    count(stage, made(1))
    assert counts(stage) == {"total": 1, "pending": 1}


def test_positions_are_compared_as_numbers() -> None:
    stage = Stage()
    count(stage, made(999, 1))
    count(stage, made(999, 1), made(1000, 2))
    assert counts(stage)["total"] == 2
    assert stage.statistics.position(SHARD) == "1000"


def test_each_shard_has_its_own_position() -> None:
    stage = Stage()
    count(stage, made(9, 1), shard="one")
    count(stage, made(3, 2), shard="two")
    assert counts(stage)["total"] == 2


def test_two_that_count_one_shard_at_the_same_moment_count_once() -> None:
    stage = Stage()
    real = stage.statistics
    rival = Stage()
    rival.statistics = real
    stage.statistics = before(real, "count", lambda: count(rival, made(1), made(2, 2)))
    with pytest.raises(LostRace):
        count(stage, made(1))
    assert counts(rival) == {"total": 2, "pending": 2}


# Attempts and the timeline.


def attempt(sequence: int, number: int, at: datetime = NOW) -> MessageChange:
    claimed = a_message(attempts=number, updated_at=at)
    return change(sequence, a_message(attempts=number - 1), claimed)


def test_attempts_are_counted_and_those_after_the_first_are_retries() -> None:
    stage = Stage()
    count(stage, made(1), attempt(2, 1), attempt(3, 2, NOW + MINUTE), attempt(4, 3, NOW + MINUTE))
    assert stage.statistics.read(MAILING_ID).attempts == 3
    assert timeline(stage) == (Minute(minute=NOW + MINUTE, retried=2),)


def test_an_attempt_given_back_is_none() -> None:
    stage = Stage()
    given_back = change(3, a_message(attempts=1), a_message(attempts=0))
    count(stage, made(1), attempt(2, 1), given_back)
    assert stage.statistics.read(MAILING_ID).attempts == 0
    assert not timeline(stage)


def test_each_minute_shows_what_ended_in_it() -> None:
    stage = Stage()
    count(
        stage,
        moved(1, 1, new=SENT, updated_at=NOW),
        moved(2, 2, new=SENT, updated_at=NOW + 59.999 * SECOND),
        moved(3, 3, new=FAILED, updated_at=NOW + MINUTE),
        moved(4, 4, old=FAILED, new=PENDING, updated_at=NOW + MINUTE),
    )
    assert timeline(stage) == (
        Minute(minute=NOW, sent=2),
        Minute(minute=NOW + MINUTE, failed=1),
    )


def test_a_change_of_nothing_that_is_counted_moves_the_position_only() -> None:
    stage = Stage()
    count(stage, change(7, a_message(), a_message(not_before=NOW + MINUTE)))
    assert not counts(stage)
    assert stage.statistics.position(SHARD) == "7"


# Recounts: each message counts in the counters of the one that took it over.


def taken_over(sequence: int, message: Message, recount: int) -> MessageChange:
    return change(sequence, message, message.model_copy(update={"recount": recount}))


def test_a_take_over_moves_what_a_message_contributes() -> None:
    stage = Stage()
    sent = a_message(status=SENT, attempts=3)
    count(stage, made(1), change(2, a_message(), sent), made(3, 2))
    count(stage, taken_over(4, sent, 1))
    own, older = stage.statistics.tally(MAILING_ID, recount=1)
    assert own == Tally(total=1, sent=1, attempts=3)
    assert older == Tally(total=1, pending=1)


def test_a_take_over_changes_no_sum_no_minute_and_closes_nothing() -> None:
    stage = Stage()
    sent = a_message(status=SENT, attempts=3)
    count(stage, change(1, None, sent))
    stage.commands.queued.clear()
    known, overall = stage.statistics.read(MAILING_ID), stage.statistics.overall()
    count(stage, taken_over(2, sent, 1))
    assert stage.statistics.read(MAILING_ID) == known
    assert stage.statistics.overall() == overall
    assert not stage.sent()


def test_a_message_goes_on_where_it_was_taken_over_to() -> None:
    stage = Stage()
    count(stage, made(1), taken_over(2, a_message(), 2))
    sent = a_message(status=SENT, recount=2)
    count(stage, change(3, a_message(recount=2), sent), made(4, 2, recount=2))
    own, older = stage.statistics.tally(MAILING_ID, recount=2)
    assert own == Tally(total=2, pending=1, sent=1)
    assert older == Tally()


def test_a_take_over_that_comes_again_counts_once() -> None:
    stage = Stage()
    for _ in range(3):
        count(stage, made(1), taken_over(2, a_message(), 1))
    assert stage.statistics.tally(MAILING_ID, recount=1) == (Tally(total=1, pending=1), Tally())


# Transactions.


def busy_batch(mailings: int) -> list[MessageChange]:
    """Each change writes to a mailing's counts and to a minute of its own."""
    return [
        made(number, mailing_id=f"m{number:07d}", status=SENT, updated_at=NOW)
        for number in range(1, mailings + 1)
    ]


def test_a_batch_too_large_for_one_transaction_is_cut() -> None:
    stage = Stage()
    count(stage, *busy_batch(500))
    assert stage.statistics.overall() == Counts(total=500, sent=500)
    assert all(counts(stage, f"m{n:07d}") == {"total": 1, "sent": 1} for n in (1, 47, 48, 500))


def test_a_batch_that_fails_between_transactions_counts_the_rest_when_it_comes_again() -> None:
    stage = Stage()
    real = stage.statistics
    left = iter([True, True])

    def fail_the_third() -> None:
        if not next(left, False):
            outage()

    stage.statistics = before(real, "count", fail_the_third)
    with pytest.raises(Unavailable):
        count(stage, *busy_batch(200))
    assert 0 < real.overall().total < 200
    stage.statistics = real
    count(stage, *busy_batch(200))
    assert real.overall() == Counts(total=200, sent=200)


def test_a_mailing_of_its_own_needs_one_transaction() -> None:
    stage = Stage()
    positions: list[str | None] = []
    real = stage.statistics
    stage.statistics = after(real, "count", lambda: positions.append(real.position(SHARD)))
    count(stage, *(made(number, number) for number in range(1, 501)))
    assert positions == ["500"]


# Asking to close.


def closes(stage: Stage) -> list[str]:
    commands = [command for command, _ in stage.sent()]
    assert all(isinstance(each, Close) for each in commands)
    return [each.mailing_id for each in commands if isinstance(each, Close)]


def test_whoever_counts_the_last_pending_message_asks_to_close() -> None:
    stage = Stage()
    count(stage, made(1, 1), made(2, 2), moved(3, 1, new=SENT))
    assert not stage.sent()
    count(stage, moved(4, 2, new=FAILED))
    assert stage.sent() == [(Close(mailing_id=MAILING_ID), NOW)]


def test_an_audience_inserted_in_its_final_status_asks_to_close() -> None:
    stage = Stage()
    count(stage, made(1, status=MessageStatus.EXPIRED))
    assert closes(stage) == [MAILING_ID]


def test_a_batch_whose_asking_failed_asks_when_it_comes_again() -> None:
    stage = Stage()
    real, stage.commands = stage.commands, before(stage.commands, "send", outage)
    with pytest.raises(Unavailable):
        count(stage, made(1), moved(2, new=SENT))
    stage.commands = real
    count(stage, made(1), moved(2, new=SENT))
    assert counts(stage) == {"total": 1, "sent": 1}
    assert closes(stage) == [MAILING_ID]


def test_each_mailing_that_seems_complete_is_asked_for_once() -> None:
    stage = Stage()
    other = a_message(1, mailing_id="m0000002")
    count(
        stage,
        *[made(1, 1), made(2, 2), change(3, None, other), made(4, mailing_id="m0000003")],
        *[moved(5, 1, new=SENT), moved(6, 2, new=SENT)],
        change(7, other, other.model_copy(update={"status": SENT})),
    )
    assert closes(stage) == [MAILING_ID, "m0000002"]


@pytest.mark.parametrize(
    "last",
    [
        change(3, a_message(status=SENT), a_message(status=SENT, attempts=1)),
        change(3, a_message(status=SENT), None),
        moved(3, old=FAILED, new=PENDING),
    ],
)
def test_nothing_but_a_settled_message_asks(last: MessageChange) -> None:
    stage = Stage()
    stage.statistics.totals[MAILING_ID, 0] = Counter(total=1, sent=1)
    count(stage, last)
    assert not stage.sent()


# errors


def errors(stage: Stage) -> dict[str, int]:
    return {each.error: each.messages for each in stage.statistics.read(MAILING_ID).errors}


def failing(number: int, error: str | None, **fields: Any) -> Message:
    return a_message(number, last_error=error, **fields)


def test_a_message_counts_under_the_last_error_that_it_has() -> None:
    stage = Stage()
    tried, again = failing(1, "HTTP 500"), failing(1, "timeout")
    count(stage, made(1), change(2, a_message(1), tried), made(3, 2, last_error="HTTP 500"))
    assert errors(stage) == {"HTTP 500": 2}
    count(stage, change(4, tried, again))
    assert errors(stage) == {"HTTP 500": 1, "timeout": 1}
    count(stage, change(5, again, failing(1, "timeout", status=MessageStatus.EXPIRED)))
    assert errors(stage) == {"HTTP 500": 1, "timeout": 1}


def test_what_is_sent_counts_under_none() -> None:
    stage = Stage()
    count(stage, made(1, 1, last_error="HTTP 500"), made(2, 2, last_error="timeout", status=SENT))
    count(stage, change(3, failing(1, "HTTP 500"), failing(1, None, status=SENT)))
    assert errors(stage) == {}


def test_a_gateways_own_code_makes_no_name() -> None:
    stage = Stage()
    for number in range(1, 100):
        count(stage, made(number, number, last_error=f"HTTP 500 with code {number}"))
    assert errors(stage) == {"HTTP 500": 99}


def test_errors_go_over_to_a_recount_and_stay_out_of_its_difference() -> None:
    stage = Stage()
    old = failing(1, "HTTP 500")
    count(stage, made(1, last_error="HTTP 500"))
    count(stage, change(2, old, old.model_copy(update={"recount": 1})))
    assert errors(stage) == {"HTTP 500": 1}
    stage.statistics.totals[MAILING_ID, 0]["error:timeout"] += 7
    assert stage.statistics.tally(MAILING_ID, recount=1) == (Tally(total=1, pending=1), Tally())
    stage.statistics.drop_before(MAILING_ID, recount=1)
    assert errors(stage) == {"HTTP 500": 1}


def test_the_overall_counters_know_no_errors() -> None:
    stage = Stage()
    count(stage, made(1, last_error="HTTP 500"))
    assert set(stage.statistics.everything) == {"total", "pending"}
