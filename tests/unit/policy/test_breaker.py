"""The breaker: when it opens, whom it lets through, and what closes it."""

from datetime import datetime, timedelta

import pytest

from carillon.policy.breaker import (
    FAILURES_TO_OPEN,
    WINDOW,
    Breaker,
    Closed,
    Open,
    after_answer,
    let_through,
)
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)


def answered(
    breaker: Breaker, about: str = "x", *, trouble: bool, now: datetime = NOW, jitter: float = 0.0
) -> Breaker:
    return after_answer(breaker, about, trouble=trouble, now=now, jitter=jitter)


def so_often(answers: int, failures: int = 0) -> Closed:
    """So many answers of a gateway at work, then so many failures."""
    return Closed((False,) * answers + (True,) * failures)


def after_so_many(breaker: Breaker, failures: int) -> Breaker:
    for _ in range(failures):
        breaker = answered(breaker, trouble=True)
    return breaker


def test_a_gateway_that_is_down_from_the_beginning_opens_it() -> None:
    almost = after_so_many(Closed(), FAILURES_TO_OPEN - 1)
    assert almost == so_often(0, failures=19)
    assert answered(almost, trouble=True) == Open(5, probe_at=NOW + 5 * SECOND)


@pytest.mark.parametrize("timeouts", [20, 30, 89])
def test_the_timeouts_at_the_end_of_a_batch_do_not(timeouts: int) -> None:
    after = after_so_many(so_often(WINDOW - timeouts), timeouts)
    assert after == so_often(WINDOW - timeouts, failures=timeouts)


def test_a_gateway_that_goes_down_opens_it_once_nine_in_ten_of_the_last_answers_say_so() -> None:
    almost = after_so_many(so_often(WINDOW), 89)
    assert almost == so_often(11, failures=89)
    assert isinstance(answered(almost, trouble=True), Open)


@pytest.mark.parametrize(("good", "opens"), [(2, True), (3, False)])
def test_of_few_answers_the_same_share_is_taken(good: int, opens: bool) -> None:
    almost = so_often(good, failures=FAILURES_TO_OPEN - 1)
    assert isinstance(answered(almost, trouble=True), Open) == opens


def test_only_the_last_answers_count() -> None:
    assert answered(so_often(WINDOW), trouble=False) == so_often(WINDOW)


def test_what_shows_the_gateway_at_work_never_opens_it() -> None:
    few = so_often(0, failures=FAILURES_TO_OPEN - 1)
    assert answered(few, trouble=False) == Closed((*few.met_trouble, False))


def test_until_its_time_nobody_is_let_through() -> None:
    breaker = Open(5, probe_at=NOW + SECOND)
    assert let_through(breaker, "p", now=NOW, jitter=0) == (breaker, False)


def test_then_one_probe_is_and_if_it_never_answers_another_one_a_pause_later() -> None:
    breaker, through = let_through(Open(5, probe_at=NOW), "p", now=NOW, jitter=0)
    assert through
    assert breaker == Open(5, probe_at=NOW + 5 * SECOND, probe="p")
    assert let_through(breaker, "q", now=NOW + 4.9 * SECOND, jitter=0)[1] is False
    again, through = let_through(breaker, "q", now=NOW + 5 * SECOND, jitter=0)
    assert through
    assert again == Open(5, probe_at=NOW + 10 * SECOND, probe="q")


def test_a_closed_one_needs_no_probe() -> None:
    closed = so_often(3, failures=3)
    assert let_through(closed, "p", now=NOW, jitter=0) == (closed, False)


def test_the_probes_success_closes_it() -> None:
    assert answered(Open(20, NOW, "p"), "p", trouble=False) == Closed()


def test_so_does_any_other_answer_that_shows_the_gateway_at_work() -> None:
    assert answered(Open(20, NOW, "p"), "other", trouble=False) == Closed()


@pytest.mark.parametrize(("pause_s", "next_s"), [(5, 10), (10, 20), (20, 30), (30, 30)])
def test_the_probes_failure_doubles_the_pause_up_to_half_a_minute(
    pause_s: float, next_s: float
) -> None:
    failed = answered(Open(pause_s, NOW, "p"), "p", trouble=True)
    assert failed == Open(next_s, probe_at=NOW + next_s * SECOND)


def test_failures_of_calls_from_before_say_nothing_new() -> None:
    for breaker in (Open(5, NOW), Open(5, NOW, "p")):
        assert answered(breaker, "other", trouble=True) == breaker


def test_jitter_cuts_up_to_half_of_a_pause() -> None:
    almost = so_often(0, failures=FAILURES_TO_OPEN - 1)
    opened = answered(almost, trouble=True, jitter=0.999)
    assert isinstance(opened, Open)
    assert opened.pause_s == 5
    assert NOW + 2.5 * SECOND < opened.probe_at < NOW + 2.51 * SECOND
