"""A sender's breaker over a whole batch: whom it spares, and what is told."""

import logging
from collections.abc import Callable, Sequence

import pytest

from carillon.models.gateway import GatewayOutcome, NoReply
from carillon.models.message import MessageStatus
from carillon.models.records import Record, Ring
from carillon.policy.breaker import FAILURES_TO_OPEN, WINDOW
from carillon.usecases.delivering import Delivering
from tests.fakes.gateway import OK
from tests.fakes.samples import a_message
from tests.unit.usecases.replies import no_reply, reply
from tests.unit.usecases.stage import (
    HOUR,
    NOW,
    Stage,
    before,
    doorbell,
    outage,
    running,
    with_messages,
)

DOWN = no_reply("connect", handed_over=False)
TIMED_OUT = no_reply("timeout", handed_over=True)


def records(*numbers: int) -> list[Ring]:
    return [Record(f"r{n}", f"receipt-{n}", 1, doorbell(n, fresh_at=NOW)) for n in numbers]


def on_stage(messages: int) -> Stage:
    stage = Stage()
    stage.put(running(ends_at=NOW + 10 * HOUR))
    with_messages(stage, messages)
    return stage


def answer(stage: Stage, *answers: GatewayOutcome) -> None:
    """From now on, one after the other; the last one for all that follow."""
    left = list(answers)
    stage.calls.script = lambda _: left.pop(0) if len(left) > 1 else left[0]


def deliver(stage: Stage, sender: Delivering, numbers: Sequence[int]) -> list[str]:
    return sender.deliver(records(*numbers), stage.budget())


def opened(stage: Stage | None = None) -> tuple[Stage, Delivering]:
    """A sender whose first twenty calls met a gateway that is down."""
    stage = stage or on_stage(40)
    sender = stage.sender
    answer(stage, DOWN)
    deliver(stage, sender, range(1, FAILURES_TO_OPEN + 1))
    stage.doorbells.queued.clear()
    stage.calls.made.clear()
    return stage, sender


def test_while_it_is_open_nobody_is_claimed_or_called_and_all_are_rung_again() -> None:
    stage, sender = opened()
    assert deliver(stage, sender, range(21, 41)) == []
    assert not stage.calls.made
    for number in range(21, 41):
        assert stage.message(number) == a_message(number)
    rung = stage.doorbells.queued
    assert [each.value for each in rung] == [doorbell(n, fresh_at=NOW) for n in range(21, 41)]
    waits_s = [(each.at - NOW).total_seconds() for each in rung]
    assert 2.5 <= min(waits_s) <= max(waits_s) <= 15
    assert len(set(waits_s)) > 3


def test_one_failure_less_does_not_open_it() -> None:
    stage = on_stage(20)
    sender = stage.sender
    answer(stage, DOWN)
    deliver(stage, sender, range(1, FAILURES_TO_OPEN))
    deliver(stage, sender, [20])
    assert len(stage.calls.made) == 20


@pytest.mark.parametrize("timeouts", [20, 30])
def test_the_calls_of_a_batch_that_time_out_together_do_not_open_it(timeouts: int) -> None:
    stage = on_stage(WINDOW + 1)
    sender = stage.sender
    answer(stage, *[OK] * (WINDOW - timeouts), TIMED_OUT)
    deliver(stage, sender, range(1, WINDOW + 1))
    deliver(stage, sender, [WINDOW + 1])
    assert len(stage.calls.made) == WINDOW + 1


def test_a_gateway_that_goes_down_is_spared_after_a_batch() -> None:
    stage = on_stage(2 * WINDOW + 1)
    sender = stage.sender
    answer(stage, *[OK] * WINDOW, DOWN)
    deliver(stage, sender, range(1, WINDOW + 1))
    deliver(stage, sender, range(WINDOW + 1, 2 * WINDOW + 1))
    deliver(stage, sender, [2 * WINDOW + 1])
    assert len(stage.calls.made) == 2 * WINDOW


@pytest.mark.parametrize(
    "trouble",
    [
        reply(200, 7),
        reply(302),
        reply(401),
        reply(404),
        reply(408),
        reply(500),
        reply(503),
        TIMED_OUT,
        DOWN,
    ],
    ids=lambda each: str(getattr(each, "status", getattr(each, "cause", ""))),
)
def test_what_opens_it(trouble: GatewayOutcome) -> None:
    stage = on_stage(21)
    sender = stage.sender
    answer(stage, trouble)
    deliver(stage, sender, range(1, 21))
    deliver(stage, sender, [21])
    assert len(stage.calls.made) == 20


@pytest.mark.parametrize("at_work", [OK, reply(400), reply(422), reply(425), reply(429)])
def test_what_shows_the_gateway_at_work_does_not(at_work: GatewayOutcome) -> None:
    stage = on_stage(41)
    sender = stage.sender
    answer(stage, *[at_work] * 20, DOWN)
    deliver(stage, sender, range(1, 41))
    deliver(stage, sender, [41])
    assert len(stage.calls.made) == 41


def test_a_call_that_nobody_made_tells_nothing_of_the_gateway() -> None:
    stage = on_stage(42)
    sender = stage.sender
    not_called: GatewayOutcome = NoReply("not_called", False, "no token", 0.0)
    answer(stage, *[DOWN] * 19, *[not_called] * 20, DOWN)
    deliver(stage, sender, range(1, 40))
    deliver(stage, sender, [40])
    assert len(stage.calls.made) == 40
    deliver(stage, sender, [41, 42])
    assert len(stage.calls.made) == 40


def test_after_the_pause_exactly_one_is_let_through() -> None:
    stage, sender = opened()
    stage.clock.advance(5)
    deliver(stage, sender, range(21, 31))
    assert len(stage.calls.made) == 1
    assert stage.message(21).attempts == 1
    assert [stage.message(n) for n in range(22, 31)] == [a_message(n) for n in range(22, 31)]
    deliver(stage, sender, range(31, 41))
    assert len(stage.calls.made) == 1


def test_when_it_succeeds_all_are_called_again() -> None:
    stage, sender = opened()
    stage.clock.advance(5)
    answer(stage, OK)
    deliver(stage, sender, range(21, 31))
    assert stage.message(21).status is MessageStatus.SENT
    deliver(stage, sender, range(22, 41))
    assert len(stage.calls.made) == 20


def test_when_it_fails_the_next_pause_is_longer() -> None:
    stage, sender = opened()
    for number, least_s in ((21, 5.0), (22, 10.0), (23, 15.0), (24, 15.0)):
        stage.clock.advance(30)
        stage.doorbells.queued.clear()
        deliver(stage, sender, [number, 30])
        assert stage.message(number).attempts == 1
        stage.clock.advance(least_s - 0.01)
        deliver(stage, sender, [31])
        assert stage.message(31).attempts == 0


def test_a_probe_that_was_never_made_is_followed_by_another() -> None:
    stage = on_stage(40)
    trouble: list[Callable[[], None]] = []
    stage.messages = before(stage.messages, "swap", lambda: trouble.pop()() if trouble else None)
    stage, sender = opened(stage)
    stage.clock.advance(5)
    trouble.append(outage)
    assert deliver(stage, sender, [21]) == ["r21"]
    assert not stage.calls.made
    stage.clock.advance(5)
    answer(stage, OK)
    deliver(stage, sender, [21])
    assert stage.message(21).status is MessageStatus.SENT


def test_what_is_not_to_be_sent_is_decided_as_ever() -> None:
    stage, sender = opened()
    stage.clients.by_id.pop("c0000021")
    deliver(stage, sender, [21])
    assert stage.message(21).status is MessageStatus.CANCELLED


def test_opening_and_closing_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="carillon.usecases.breaker")
    stage, sender = opened()
    deliver(stage, sender, range(21, 31))
    stage.clock.advance(5)
    deliver(stage, sender, [21])
    stage.clock.advance(10)
    answer(stage, OK)
    deliver(stage, sender, [22])
    deliver(stage, sender, [23])
    lines = [
        (each.levelno, each.getMessage())
        for each in caplog.records
        if each.getMessage().startswith("breaker")
    ]
    assert lines == [(logging.WARNING, "breaker opened"), (logging.INFO, "breaker closed")]
    assert stage.calls.made


def test_spared_records_that_cannot_be_rung_for_come_again() -> None:
    stage = on_stage(40)
    silent: list[bool] = []
    stage.doorbells = before(stage.doorbells, "ring", lambda: outage() if silent else None)
    stage, sender = opened(stage)
    silent.append(True)
    assert deliver(stage, sender, [21, 22]) == ["r21", "r22"]
    assert stage.doorbells.deferred == {"receipt-21": 5, "receipt-22": 5}
