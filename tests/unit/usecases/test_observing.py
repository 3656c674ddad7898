"""What a sender writes down of its calls: once a batch, and never at a message's cost."""

import logging
from datetime import datetime

import pytest

from carillon.models.conduct import BreakerNote, Conduct, Trouble
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from carillon.models.records import Record, Ring
from carillon.policy.breaker import FAILURES_TO_OPEN
from carillon.usecases.sending import Sender
from tests.unit.usecases.logged import lines
from tests.unit.usecases.replies import no_reply
from tests.unit.usecases.stage import (
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    doorbell,
    outage,
    running,
    with_messages,
)


def took(status: int, code: int | None, duration_s: float) -> Reply:
    return Reply(status, code, None, excerpt="", duration_s=duration_s)


FINE = took(200, 0, 0.12)
DOWN = took(500, None, 0.12)


def on_stage(count: int = 1) -> Stage:
    stage = Stage()
    stage.put(running())
    with_messages(stage, count)
    return stage


def deliver(stage: Stage, *numbers: int, sender: Sender | None = None) -> Sender:
    sender = sender or stage.whole_sender
    rings: list[Ring] = [
        Record(f"r{each}", f"receipt-{each}", 1, doorbell(each, fresh_at=NOW)) for each in numbers
    ]
    assert sender.work(rings, stage.budget(60)) == []
    return sender


def test_a_batch_is_one_note_of_all_its_calls() -> None:
    stage = on_stage(4)
    answers = iter([FINE, took(400, None, 0.004), DOWN, took(200, 0, 1.234)])
    stage.calls.script = lambda _: next(answers)
    stage.clock.advance(42.5)
    deliver(stage, 1, 2, 3, 4)
    at = NOW + 42.5 * SECOND
    assert stage.journal.by_minute == {
        NOW: Conduct(
            accepted=2,
            refused=1,
            retried=1,
            took={0: 1, 5: 2, 8: 1},
            slowest_ms=1300,
            trouble=Trouble("HTTP 500", at),
        )
    }


def test_a_refusal_is_an_error_like_others() -> None:
    stage = on_stage()
    stage.calls.script = lambda _: took(422, 7, 0.1)
    deliver(stage, 1)
    assert stage.journal.by_minute[NOW].trouble == Trouble("HTTP 422 with code 7", NOW)


def test_it_goes_to_the_minute_in_which_it_is_written() -> None:
    stage = on_stage()

    def slowly(_: GatewayCall) -> GatewayOutcome:
        stage.clock.advance(65)
        return FINE

    stage.calls.script = slowly
    deliver(stage, 1)
    assert list(stage.journal.by_minute) == [NOW + MINUTE]


def test_what_was_not_called_is_not_counted() -> None:
    stage = on_stage(2)
    stage.calls.script = lambda _: no_reply("not_called", handed_over=False)
    deliver(stage, 1)
    assert not stage.journal.by_minute
    stage.calls.script = lambda _: NoReply("timeout", handed_over=True, detail="", duration_s=10.0)
    deliver(stage, 2)
    assert stage.journal.by_minute[NOW].calls == 1


def test_each_batch_tells_only_of_itself() -> None:
    stage = on_stage(2)
    sender = deliver(stage, 1)
    stage.clock.advance(60)
    deliver(stage, 2, sender=sender)
    deliver(stage, sender=sender)
    assert [each.calls for each in stage.journal.by_minute.values()] == [1, 1]


def test_a_note_that_cannot_be_written_costs_no_message(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage(2)
    real, stage.journal = stage.journal, before(stage.journal, "note", outage)
    deliver(stage, 1)
    assert stage.message(1).status == "sent"
    [(level, _, keys)] = lines(caplog, "calls not written down")
    assert (level, keys) == (logging.WARNING, {"error": "AWS does not answer"})
    assert not real.by_minute


def test_a_breaker_that_opens_stays_open_and_closes_is_told_with_the_calls() -> None:
    stage = on_stage(FAILURES_TO_OPEN + 3)
    stage.calls.script = lambda _: DOWN
    sender = deliver(stage, *range(1, FAILURES_TO_OPEN))
    assert stage.journal.by_minute[NOW].breaker is None
    deliver(stage, FAILURES_TO_OPEN, sender=sender)
    first = _told(stage)
    assert first is not None
    assert 2.5 * SECOND <= first - NOW <= 5 * SECOND

    stage.clock.set(first + SECOND)
    deliver(stage, FAILURES_TO_OPEN + 1, sender=sender)
    longer = _told(stage)
    assert longer is not None
    assert longer > first

    stage.clock.set(longer + SECOND)
    stage.calls.script = lambda _: FINE
    deliver(stage, FAILURES_TO_OPEN + 2, sender=sender)
    assert stage.journal.by_minute[NOW].breaker == BreakerNote(None)
    stage.journal.by_minute.clear()
    deliver(stage, FAILURES_TO_OPEN + 3, sender=sender)
    assert stage.journal.by_minute[NOW].breaker is None, "it is told once that it closed"


def test_that_it_closed_is_told_until_it_is_written() -> None:
    stage = on_stage(FAILURES_TO_OPEN + 2)
    stage.calls.script = lambda _: DOWN
    fails = iter([False, True, False])
    stage.journal = before(stage.journal, "note", lambda: outage() if next(fails) else None)
    sender = deliver(stage, *range(1, FAILURES_TO_OPEN + 1))
    until = _told(stage)
    assert until is not None
    stage.clock.set(until + SECOND)
    stage.calls.script = lambda _: FINE
    deliver(stage, FAILURES_TO_OPEN + 1, sender=sender)
    assert _told(stage) == until
    deliver(stage, FAILURES_TO_OPEN + 2, sender=sender)
    assert _told(stage) is None


def _told(stage: Stage) -> datetime | None:
    note = stage.journal.by_minute[NOW].breaker
    return note.until if note else None
