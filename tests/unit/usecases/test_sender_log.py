"""What the sender's lines say to whoever looks for a message or for what went wrong."""

import logging

import pytest

from carillon.models.gateway import GatewayOutcome, NoReply, Reply
from carillon.models.instant import format_instant
from carillon.models.mailing import Mailing, TimeWindow
from carillon.models.message import MessageStatus
from carillon.models.records import Record, Ring
from carillon.policy.breaker import FAILURES_TO_OPEN
from tests.fakes.gateway import OK
from tests.fakes.samples import a_message
from tests.fakes.system import SOME_REQUEST
from tests.unit.usecases.logged import lines
from tests.unit.usecases.replies import no_reply
from tests.unit.usecases.stage import (
    HOUR,
    NOW,
    SECOND,
    Stage,
    before,
    doorbell,
    once,
    outage,
    running,
    second,
    with_messages,
)

MAILING = {"mailing_id": "m0000001", "correlation_id": SOME_REQUEST}
MESSAGE = {
    **MAILING,
    "message_id": a_message().id,
    "client_id": "c0000001",
    "record_id": "r1",
}
ONE = {"client_ids": ["c0000001"]}
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


def deliver(stage: Stage, *, receives: int = 1, left_s: float = 60) -> list[str]:
    record: Ring = Record("r1", "receipt-1", receives, doorbell(fresh_at=NOW))
    return stage.sender.deliver([record], stage.budget(left_s))


def deliver_all(stage: Stage, messages: int, *, seen_before: bool = False) -> None:
    fresh_at = None if seen_before else NOW
    numbers = range(1, messages + 1)
    stage.sender.deliver(
        [Record(f"r{n}", "", 1, doorbell(n, fresh_at=fresh_at)) for n in numbers],
        stage.budget(),
    )


@pytest.mark.parametrize(
    ("answer", "level", "keys"),
    [
        (
            Reply(400, -7, None, excerpt="no", duration_s=2.5),
            logging.WARNING,
            {
                "verdict": "Refused",
                "status": 400,
                "code": -7,
                "answer": "no",
                "message_status": "failed",
                "reason": "refused",
            },
        ),
        (
            Reply(429, 79_000_000_001, 30.0, excerpt="", duration_s=2.5),
            logging.WARNING,
            {
                "verdict": "TryAgain",
                "status": 429,
                "message_status": "pending",
                "next_at": "later",
            },
        ),
        (
            Reply(401, None, 30.0, excerpt="who?", duration_s=2.5),
            logging.ERROR,
            {
                "verdict": "TryAgain",
                "status": 401,
                "answer": "who?",
                "message_status": "pending",
                "next_at": "later",
            },
        ),
        (
            NoReply("timeout", True, "TimeoutError", duration_s=2.5),
            logging.WARNING,
            {
                "verdict": "TryAgain",
                "status": "timeout",
                "answer": "TimeoutError",
                "message_status": "pending",
                "next_at": "later",
            },
        ),
    ],
)
def test_a_call_that_did_not_go_well(
    caplog: pytest.LogCaptureFixture, answer: GatewayOutcome, level: int, keys: dict[str, object]
) -> None:
    stage = on_stage(answer)
    deliver(stage)
    if "next_at" in keys:
        keys = {**keys, "next_at": format_instant(stage.message().not_before)}
    told = {**MESSAGE, "attempt": 1, **keys, "duration_ms": 2500}
    assert lines(caplog) == [
        (logging.INFO, "messages claimed", {**MAILING, **ONE}),
        (level, "gateway called", told),
    ]


def test_calls_that_went_well_are_one_line_for_all_alike(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = on_stage()
    with_messages(stage, 4)
    stage.change_message(2, attempts=1)
    stage.calls.together = 4
    answers = iter(
        [
            Reply(200, 0, None, excerpt="", duration_s=0.25),
            Reply(200, 0, None, excerpt="", duration_s=0.5),
            Reply(500, None, None, excerpt="", duration_s=0.1),
            Reply(200, 0, None, excerpt="", duration_s=1.2),
        ]
    )
    stage.calls.script = lambda _: next(answers)
    deliver_all(stage, 4, seen_before=True)
    told = lines(caplog, "gateway called")
    assert told[0][2]["client_id"] == "c0000003"
    same = {**MAILING, "verdict": "Accepted", "status": 200, "code": 0, "message_status": "sent"}
    assert told[1:] == [
        (logging.INFO, "gateway called", {**same, "attempt": attempt, **calls})
        for attempt, calls in (
            (1, {"client_ids": ["c0000001", "c0000004"], "durations_ms": [250, 1200]}),
            (2, {"client_ids": ["c0000002"], "durations_ms": [500]}),
        )
    ]


def test_a_success_in_other_words_is_told_with_them(caplog: pytest.LogCaptureFixture) -> None:
    deliver(on_stage(Reply(202, 0, None, excerpt='{"code":#}', duration_s=2.5)))
    [(_, _, keys)] = lines(caplog, "gateway called")
    assert keys["answer"] == '{"code":#}'


def test_a_call_that_nobody_made(caplog: pytest.LogCaptureFixture) -> None:
    deliver(on_stage(NoReply("not_called", False, "no token", duration_s=0.0)))
    [(level, message, keys)] = lines(caplog)[1:]
    assert (level, message) == (logging.WARNING, "gateway not called")
    assert (keys["status"], keys["answer"]) == ("not_called", "no token")
    assert "next_at" in keys


def test_a_success_that_others_were_in_the_way_of(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()

    def settled_meanwhile(_: object) -> GatewayOutcome:
        stage.change_message(status=MessageStatus.UNKNOWN)
        return OK

    stage.calls.script = settled_meanwhile
    deliver(stage)
    late = (logging.WARNING, "answer came too late", {**MESSAGE, "verdict": "Accepted"})
    assert lines(caplog)[2:] == [late, (logging.WARNING, "message proven sent", MESSAGE)]


def test_a_failure_that_others_were_in_the_way_of(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()

    def settled_meanwhile(_: object) -> GatewayOutcome:
        stage.change_message(status=MessageStatus.UNKNOWN)
        return Reply(500, None, None, excerpt="", duration_s=0.1)

    stage.calls.script = settled_meanwhile
    deliver(stage)
    late = (logging.WARNING, "answer came too late", {**MESSAGE, "verdict": "TryAgain"})
    assert lines(caplog)[2:] == [late]


def test_a_claim_that_others_won(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "swap", once(lambda: stage.change_message(attempts=1)))
    deliver(stage)
    expected = (logging.INFO, "messages were changed by others", {**MAILING, **ONE})
    assert lines(caplog) == [expected]


def test_why_messages_are_not_sent_now_in_one_line_for_all_alike(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = on_stage()
    with_messages(stage, 7)
    closed = TimeWindow(start="18:00", end="19:00")
    stage.put(running(ends_at=NOW + 10 * HOUR, time_window=closed))
    stage.change_message(3, status=MessageStatus.SENT)
    stage.change_message(4, claim_until=NOW + 5 * SECOND)
    stage.change_message(5, not_before=NOW + 9 * SECOND)
    del stage.clients.by_id["c0000006"]
    stage.change_message(7, attempts=1)
    del stage.clients.by_id["c0000007"]
    deliver_all(stage, 7, seen_before=True)
    told = [(level, keys) for level, _, keys in lines(caplog, "messages not sent now")]
    opening = format_instant(NOW + 5 * HOUR)
    gone = {"decision": "Settle", "why": "client_deleted"}
    assert told == [
        (level, {**MAILING, **keys, "client_ids": [f"c000000{n}" for n in numbers]})
        for level, keys, numbers in [
            (
                logging.INFO,
                {"decision": "Wait", "why": "local hours are closed", "next_at": opening},
                [1, 2],
            ),
            (logging.INFO, {"decision": "Drop", "why": "the message is settled"}, [3]),
            (
                logging.INFO,
                {
                    "decision": "Wait",
                    "why": "another sender has it",
                    "next_at": format_instant(NOW + 5 * SECOND),
                },
                [4],
            ),
            (
                logging.INFO,
                {
                    "decision": "Wait",
                    "why": "its time has not come",
                    "next_at": format_instant(NOW + 9 * SECOND),
                },
                [5],
            ),
            (logging.INFO, {**gone, "message_status": "cancelled"}, [6]),
            (logging.WARNING, {**gone, "message_status": "unknown"}, [7]),
        ]
    ]


def test_messages_of_a_mailing_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings.by_id.clear()
    deliver(stage)
    keys = {"mailing_id": "m0000001", "decision": "Drop", "why": "the mailing is gone", **ONE}
    assert lines(caplog) == [(logging.INFO, "messages not sent now", keys)]


def test_what_was_decided_is_told_even_if_the_rest_fails(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    del stage.clients.by_id["c0000001"]
    stage.messages = before(stage.messages, "swap", second(outage))
    deliver(stage)
    [(_, _, keys)] = lines(caplog, "messages not sent now")
    assert keys["client_ids"] == ["c0000001"]
    [(_, _, keys)] = lines(caplog, "records put off")
    assert keys == {**MAILING, **ONE, **WHY, "why": "AWS does not answer"}


def test_whom_the_breaker_spares(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage(no_reply("connect", handed_over=False))
    with_messages(stage, FAILURES_TO_OPEN + 3)
    sender = stage.sender
    numbers = range(1, FAILURES_TO_OPEN + 1)
    sender.deliver([Record(f"r{n}", "", 1, doorbell(n)) for n in numbers], stage.budget())
    caplog.clear()
    others = [FAILURES_TO_OPEN + 1, FAILURES_TO_OPEN + 2]
    sender.deliver([Record(f"r{n}", "", 1, doorbell(n)) for n in others], stage.budget())
    [(level, _, keys)] = lines(caplog, "messages put off")
    delays = [int((each.at - NOW).total_seconds()) for each in list(stage.doorbells.queued)[-2:]]
    assert (level, keys) == (
        logging.INFO,
        {
            **MAILING,
            "why": "the breaker is open",
            "delay_s": min(delays),
            "delay_max_s": max(delays),
            "client_ids": [f"c{n:07d}" for n in others],
        },
    )


def test_whom_the_pace_puts_off(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.parts_per_s = 0.1
    with_messages(stage, 3)
    deliver_all(stage, 3)
    [(_, _, keys)] = lines(caplog, "messages put off")
    assert keys["why"] == "the pace is kept"
    assert keys["client_ids"] == ["c0000002", "c0000003"]


def test_records_for_which_no_time_is_left(caplog: pytest.LogCaptureFixture) -> None:
    deliver(on_stage(), left_s=5)
    why = "the invocation is nearly over"
    keys = {"mailing_id": "m0000001", "why": why, **ONE}
    assert lines(caplog) == [(logging.INFO, "records put off", keys)]


def test_records_put_off_while_aws_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    deliver(stage)
    keys = {"mailing_id": "m0000001", "why": "AWS does not answer", **ONE, **WHY}
    assert lines(caplog) == [(logging.WARNING, "records put off", keys)]


def test_records_that_nobody_can_be_rung_for(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "swap", once(lambda: stage.change_message(attempts=1)))
    stage.doorbells = before(stage.doorbells, "ring", outage)
    deliver(stage)
    keys = {**MAILING, "why": "AWS does not answer", **ONE, **WHY}
    assert lines(caplog)[1:] == [(logging.WARNING, "records put off", keys)]


def test_a_record_that_cannot_even_be_put_off(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    stage.doorbells = before(stage.doorbells, "defer", outage)
    deliver(stage)
    keys = {"mailing_id": "m0000001", "client_id": "c0000001", "record_id": "r1", **WHY}
    expected = (logging.WARNING, "record keeps its visibility", keys)
    assert lines(caplog, "record keeps its visibility") == [expected]


def test_an_answer_that_is_lost_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "swap", lambda: outage() if stage.calls.made else None)
    deliver(stage)
    expected = (logging.ERROR, "answers not recorded", {**MAILING, **ONE, **WHY})
    assert lines(caplog, "answers not recorded") == [expected]


def test_a_record_that_cannot_be_handled_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    stage = on_stage()

    class Unreadable:
        def get(self, mailing_id: str) -> Mailing | None:
            raise ValueError(mailing_id)

    stage.mailings = Unreadable()  # type: ignore[assignment]
    assert deliver(stage) == ["r1"]
    assert lines(caplog) == [
        (logging.ERROR, "batch failed", {"error": "ValueError", "records": 1}),
        (
            logging.ERROR,
            "record failed",
            {
                "mailing_id": "m0000001",
                "message_id": a_message().id,
                "client_id": "c0000001",
                "record_id": "r1",
                "receives": 1,
                "error": "ValueError",
            },
        ),
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
