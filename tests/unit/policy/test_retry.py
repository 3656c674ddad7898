"""When a message is tried again: bounds, jitter, the end."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carillon.models.gateway import GatewayCall, PlannedCall
from carillon.models.message import gateway_id
from carillon.policy.retry import (
    BACKOFF_MAX_S,
    BACKOFF_MIN_S,
    LAST_CALL_BEFORE_END,
    LONG_OUTAGE_ATTEMPTS,
    LONG_OUTAGE_BACKOFF_MAX_S,
    WAIT_MAX_S,
    NoTimeLeft,
    RetryAt,
    after_failure,
    last_call_at,
    may_begin,
)
from tests.fakes.system import SOME_MOMENT

FAR = SOME_MOMENT + timedelta(days=30)
ALMOST_ONE = 1 - 2**-53


def wait_s(
    attempts: int, jitter: float, *, after_s: float | None = None, left_s: float = 1e6
) -> float | None:
    decision = after_failure(
        attempts=attempts,
        now=SOME_MOMENT,
        ends_at=SOME_MOMENT + timedelta(seconds=left_s),
        jitter=jitter,
        after_s=after_s,
    )
    return (decision.at - SOME_MOMENT).total_seconds() if isinstance(decision, RetryAt) else None


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(1, 10), (2, 20), (3, 40), (4, 60), (10, 60), (11, 300), (12, 300), (10_000, 300)],
)
def test_the_longest_wait_doubles_up_to_a_minute_and_in_a_long_outage_to_five(
    attempts: int, longest: float
) -> None:
    assert wait_s(attempts, 0) == BACKOFF_MIN_S
    assert wait_s(attempts, ALMOST_ONE) == pytest.approx(longest)
    assert wait_s(attempts, 0.5) == pytest.approx((BACKOFF_MIN_S + longest) / 2)


@pytest.mark.parametrize(
    ("after_s", "shortest", "longest"),
    [
        (0, 5, 10),
        (1, 5, 10),
        (8, 8, 10),
        (60, 60, 75),
        (800, 800, 900),
        (900, 900, 900),
        (86_400, 900, 900),
    ],
)
def test_the_gateways_own_wish_is_a_floor_within_bounds(
    after_s: float, shortest: float, longest: float
) -> None:
    assert wait_s(1, 0, after_s=after_s) == pytest.approx(shortest)
    assert wait_s(1, ALMOST_ONE, after_s=after_s) == pytest.approx(longest)


@pytest.mark.parametrize(
    ("left_s", "after_s", "some"),
    [
        (5.5, None, False),
        (5.501, None, True),
        (0, None, False),
        (-60, None, False),
        (60.5, 60, False),
        (61, 60, True),
    ],
)
def test_what_cannot_begin_before_the_end_is_not_tried(
    left_s: float, after_s: float | None, some: bool
) -> None:
    assert (wait_s(1, 0, left_s=left_s, after_s=after_s) is not None) == some


@example(attempts=12, left_s=20.0, jitter=0.99, after_s=None)  # more backoff than time
@example(attempts=1, left_s=70.0, jitter=0.99, after_s=60.0)  # more spread than time
@given(
    attempts=st.integers(1, 10**6),
    left_s=st.floats(-100, 10**7),
    jitter=st.floats(0, 1, exclude_max=True),
    after_s=st.none() | st.floats(0, 10**6),
)
def test_no_attempt_is_too_early_too_late_or_at_the_end(
    attempts: int, left_s: float, jitter: float, after_s: float | None
) -> None:
    ends_at = SOME_MOMENT + timedelta(seconds=left_s)
    decision = after_failure(
        attempts=attempts, now=SOME_MOMENT, ends_at=ends_at, jitter=jitter, after_s=after_s
    )
    if isinstance(decision, NoTimeLeft):
        floor_s = min(WAIT_MAX_S, max(BACKOFF_MIN_S, after_s or 0))
        assert left_s <= floor_s + LAST_CALL_BEFORE_END.total_seconds() + 1e-6
        return
    waited = (decision.at - SOME_MOMENT).total_seconds()
    assert min(WAIT_MAX_S, max(BACKOFF_MIN_S, after_s or 0)) - 1e-6 <= waited <= WAIT_MAX_S
    assert decision.at <= last_call_at(ends_at)


@given(attempts=st.integers(1, LONG_OUTAGE_ATTEMPTS), jitter=st.floats(0, 1, exclude_max=True))
def test_a_short_outage_delays_nobody_for_more_than_a_minute(attempts: int, jitter: float) -> None:
    waited = wait_s(attempts, jitter)
    assert waited is not None
    assert waited <= BACKOFF_MAX_S < LONG_OUTAGE_BACKOFF_MAX_S


@pytest.mark.parametrize(
    ("begin_by_s", "until_s", "may"),
    [(1, 0.5, True), (1, 0.499, False), (0.001, 10, True), (0, 10, False)],
)
def test_a_call_begins_while_its_facts_hold_and_an_answer_may_still_come(
    begin_by_s: float, until_s: float, may: bool
) -> None:
    begin_by, until = (SOME_MOMENT + timedelta(seconds=each) for each in (begin_by_s, until_s))
    call = GatewayCall(gateway_id("m0000001-c0000001"), "79000000001", "Hello")
    planned = PlannedCall(call, not_before=SOME_MOMENT, begin_by=begin_by, until=until)
    assert may_begin(planned, SOME_MOMENT) == may


def test_the_last_call_begins_half_a_second_before_the_end() -> None:
    assert FAR - last_call_at(FAR) == timedelta(milliseconds=500)
