"""What is said of the gateway by its last minutes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.models.conduct import (
    EDGES_MS,
    BreakerNote,
    Conduct,
    Trouble,
    bucket_of,
    rounded_up_ms,
)
from carillon.policy.health import breaker_until, health, last_trouble, percentile_ms
from tests.fakes.system import SOME_MOMENT

MINUTE = timedelta(minutes=1)
NOW = SOME_MOMENT + timedelta(seconds=30)


def ago(minutes: int, **fields: Any) -> dict[datetime, Conduct]:
    return {SOME_MOMENT - minutes * MINUTE: Conduct(**fields)}


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        ({}, "idle"),
        (ago(0), "idle"),
        (ago(6, accepted=10), "idle"),
        (ago(5, accepted=10), "well"),
        (ago(0, accepted=1), "well"),
        (ago(0, accepted=91, retried=9), "well"),
        (ago(0, accepted=90, retried=10), "troubled"),
        (ago(0, accepted=11, retried=89), "troubled"),
        (ago(0, accepted=10, retried=90), "down"),
        (ago(0, accepted=51, refused=49), "well"),
        (ago(0, accepted=50, refused=50), "troubled"),
        (ago(0, refused=100), "troubled"),
        (ago(0, retried=1), "down"),
        ({**ago(2, retried=900), **ago(1, accepted=10), **ago(0, accepted=10)}, "well"),
        ({**ago(4, retried=10), **ago(1, accepted=10), **ago(0)}, "troubled"),
    ],
)
def test_it_is_judged_by_its_last_calls(minutes: dict[datetime, Conduct], said: str) -> None:
    assert health(minutes, NOW) == said


def test_five_minutes_of_silence_are_counted_to_the_end_of_a_minute() -> None:
    minutes = ago(0, accepted=1)
    assert health(minutes, SOME_MOMENT + 6 * MINUTE - timedelta(milliseconds=1)) == "well"
    assert health(minutes, SOME_MOMENT + 6 * MINUTE) == "idle"


def test_it_is_down_while_a_breaker_is_open() -> None:
    until = NOW + timedelta(seconds=5)
    minutes = ago(0, accepted=9, breaker=BreakerNote(until))
    assert health(minutes, NOW) == "down"
    assert breaker_until(minutes, NOW) == until
    assert health(minutes, until) == "well"
    assert breaker_until(minutes, until) is None


def test_the_last_note_of_a_breaker_counts() -> None:
    until = NOW + timedelta(seconds=5)
    opened, closed = BreakerNote(until), BreakerNote(None)
    assert breaker_until({**ago(1, breaker=opened), **ago(0)}, NOW) == until
    assert breaker_until({**ago(0, breaker=closed), **ago(1, breaker=opened)}, NOW) is None
    assert breaker_until({**ago(1, breaker=closed), **ago(0, breaker=opened)}, NOW) == until
    assert breaker_until(ago(0), NOW) is None


def test_the_last_error_is_told() -> None:
    first, second = Trouble("HTTP 500", NOW - MINUTE), Trouble("timeout", NOW)
    minutes = {**ago(0), **ago(1, trouble=second), **ago(2, trouble=first)}
    assert last_trouble(minutes) == second
    assert last_trouble(ago(0)) is None


@pytest.mark.parametrize(
    ("took", "slowest", "p50", "p95"),
    [
        ({0: 1}, 3, 2, 3),
        ({4: 100}, 100, 75, 98),
        ({4: 100}, 80, 65, 78),
        ({4: 50, 5: 50}, 200, 100, 190),
        ({4: 90, 11: 10}, 20_000, 78, 15_000),
        ({12: 2}, 30_000, 25_000, 29_500),
        ({6: 4}, 210, 205, 210),
        ({4: 50, 11: 50}, 20_000, 100, 19_000),
        ({0: 10, 4: 80, 5: 10}, 200, 75, 150),
        ({6: 1}, 0, 200, 200),
    ],
)
def test_times_lie_in_their_buckets(took: dict[int, int], slowest: int, p50: int, p95: int) -> None:
    conduct = Conduct(accepted=sum(took.values()), took=took, slowest_ms=slowest)
    assert percentile_ms(conduct, 0.5) == p50
    assert percentile_ms(conduct, 0.95) == p95


def test_without_a_histogram_the_slowest_is_all_that_is_known() -> None:
    assert percentile_ms(Conduct(accepted=1, slowest_ms=7), 0.5) == 7


@pytest.mark.parametrize(
    ("took_s", "bucket"),
    [(0.0, 0), (0.005, 0), (0.0051, 1), (0.01, 1), (0.2, 5), (20.0, 11), (20.1, 12), (900.0, 12)],
)
def test_a_call_has_one_bucket(took_s: float, bucket: int) -> None:
    assert bucket_of(took_s) == bucket
    assert len(EDGES_MS) == 12


@pytest.mark.parametrize(
    ("took_s", "shown_ms"),
    [
        (0.0, 0), (0.0001, 1), (0.004, 4), (0.0991, 100), (0.1, 100), (0.1001, 110),
        (1.2345, 1300), (9.99, 10_000), (29.3, 30_000), (30.0, 30_000),
    ],
)  # fmt: skip
def test_the_slowest_is_never_said_to_be_quicker(took_s: float, shown_ms: int) -> None:
    assert rounded_up_ms(took_s) == shown_ms


def test_of_the_slowest_there_are_few_values() -> None:
    assert len({rounded_up_ms(ms / 1000) for ms in range(30_001)}) < 320


def test_two_together() -> None:
    trouble, later = Trouble("a", NOW), Trouble("b", NOW + MINUTE)
    one = Conduct(1, 2, 3, {4: 6}, 80, trouble, BreakerNote(NOW))
    other = Conduct(10, 20, 30, {4: 50, 5: 10}, 70, later, BreakerNote(None))
    both = {4: 56, 5: 10}
    assert one.plus(other) == Conduct(11, 22, 33, both, 80, later, BreakerNote(None))
    assert one.plus(Conduct()) == one
    assert (one.calls, other.calls) == (6, 60)
