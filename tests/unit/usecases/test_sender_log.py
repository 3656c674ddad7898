"""What the sender's lines say to whoever looks for a message or for what went wrong."""

import logging

import pytest

from carillon.models.gateway import GatewayOutcome, Reply
from carillon.models.mailing import Mailing
from carillon.models.records import Record, Ring
from carillon.policy.breaker import FAILURES_TO_OPEN
from carillon.policy.delivery import Drop
from tests.fakes.gateway import OK
from tests.fakes.samples import a_message
from tests.unit.usecases.logged import lines
from tests.unit.usecases.replies import no_reply
from tests.unit.usecases.stage import (
    NOW,
    Stage,
    before,
    doorbell,
    once,
    outage,
    running,
    with_messages,
)

IDS = {"mailing_id": "m0000001", "client_id": "c0000001"}
WHY = {"error": "AWS does not answer"}


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="carillon")


def on_stage(answer: GatewayOutcome = OK) -> Stage:
    stage = Stage()
    stage.put(running())
    with_messages(stage, 1)
    stage.calls.script = lambda _: answer
    return stage


def deliver(stage: Stage, *, receives: int = 1) -> list[str]:
    record: Ring = Record("r1", "receipt-1", receives, doorbell(fresh_at=NOW))
    return stage.sender.deliver([record], stage.budget(60))


@pytest.mark.parametrize(
    ("answer", "verdict", "status"),
    [
        (Reply(200, 0, None, excerpt="", duration_s=2.5), "Accepted", 200),
        (Reply(400, None, None, excerpt="", duration_s=2.5), "Refused", 400),
        (Reply(500, None, None, excerpt="", duration_s=2.5), "TryAgain", 500),
    ],
)
def test_a_call(caplog: pytest.LogCaptureFixture, answer: Reply, verdict: str, status: int) -> None:
    deliver(on_stage(answer))
    keys = {
        **IDS,
        "message_id": a_message().id,
        "attempt": 1,
        "verdict": verdict,
        "status": status,
        "duration_ms": 2500,
    }
    assert lines(caplog) == [(logging.INFO, "gateway called", keys)]


def test_a_message_that_is_not_sent_now(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings.by_id.clear()
    deliver(stage)
    keys = {**IDS, "decision": repr(Drop("the mailing is gone"))}
    assert lines(caplog) == [(logging.DEBUG, "message not sent now", keys)]


def test_records_put_off_while_aws_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    deliver(stage)
    assert lines(caplog) == [(logging.WARNING, "records put off", WHY)]


def test_records_that_nobody_can_be_rung_for(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "swap", once(lambda: stage.change_message(attempts=1)))
    stage.doorbells = before(stage.doorbells, "ring", outage)
    deliver(stage)
    assert lines(caplog) == [(logging.WARNING, "records put off", WHY)]


def test_a_record_that_cannot_even_be_put_off(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    stage.doorbells = before(stage.doorbells, "defer", outage)
    deliver(stage)
    expected = (logging.WARNING, "record keeps its visibility", WHY)
    assert lines(caplog, "record keeps its visibility") == [expected]


def test_an_answer_that_is_lost_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "swap", lambda: outage() if stage.calls.made else None)
    deliver(stage)
    expected = (logging.ERROR, "answers not recorded", WHY)
    assert lines(caplog, "answers not recorded") == [expected]


def test_a_record_that_cannot_be_handled_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()

    class Unreadable:
        def get(self, mailing_id: str) -> Mailing | None:
            raise ValueError(mailing_id)

    stage.mailings = Unreadable()  # type: ignore[assignment]
    assert deliver(stage) == ["r1"]
    assert lines(caplog) == [
        (logging.ERROR, "batch failed", {"error": "ValueError"}),
        (logging.ERROR, "record failed", {"error": "ValueError", **IDS}),
    ]


def test_for_how_long_the_breaker_opened(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage(no_reply("connect", handed_over=False))
    with_messages(stage, FAILURES_TO_OPEN)
    numbers = range(1, FAILURES_TO_OPEN + 1)
    stage.sender.deliver([Record(f"r{n}", "", 1, doorbell(n)) for n in numbers], stage.budget())
    expected = (logging.WARNING, "breaker opened", {"pause_s": 5.0})
    assert lines(caplog, "breaker opened") == [expected]


def test_a_wish_to_go_slower_that_could_not_be_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = on_stage(Reply(429, None, None, excerpt="", duration_s=0.1))
    stage.parts_per_s = 10.0
    stage.pace = before(stage.pace, "read", lambda: outage() if stage.calls.made else None)
    deliver(stage)
    expected = (logging.WARNING, "pace not slowed", {"error": "Unavailable"})
    assert lines(caplog, "pace not slowed") == [expected]
