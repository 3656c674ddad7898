"""The breaker: when it opens, whom it lets through, and what closes it."""

from datetime import datetime, timedelta

import pytest

from carillon.policy.breaker import (
    FAILURES_TO_OPEN,
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


def test_so_many_failures_in_a_row_open_it() -> None:
    breaker: Breaker = Closed()
    for count in range(1, FAILURES_TO_OPEN):
        breaker = answered(breaker, trouble=True)
        assert breaker == Closed(count)
    assert answered(breaker, trouble=True) == Open(5, probe_at=NOW + 5 * SECOND)


def test_one_success_starts_the_count_anew() -> None:
    assert answered(Closed(FAILURES_TO_OPEN - 1), trouble=False) == Closed()


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
    assert let_through(Closed(3), "p", now=NOW, jitter=0) == (Closed(3), False)


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
    opened = answered(Closed(FAILURES_TO_OPEN - 1), trouble=True, jitter=0.999)
    assert isinstance(opened, Open)
    assert opened.pause_s == 5
    assert NOW + 2.5 * SECOND < opened.probe_at < NOW + 2.51 * SECOND
