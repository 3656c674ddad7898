"""The pace: slots, bursts and slowing, without a table."""

from datetime import datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.pace import PaceState
from carillon.policy.pace import (
    BURST,
    HORIZON,
    SLOWEST,
    Slots,
    give_out,
    share,
    slowed,
    taken,
)
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)


def state(free_in_s: float = 0.0, **fields: object) -> PaceState:
    return PaceState(free_at=NOW + free_in_s * SECOND, token="t1", **fields)  # type: ignore[arg-type]


def seconds(slots: Slots) -> list[float]:
    """When each slot begins, counted from now."""
    return [(each - NOW).total_seconds() for each in slots.begin_at]


def given_out(before: PaceState | None, parts: list[int], *, parts_per_s: float = 4) -> Slots:
    return give_out(before, parts, parts_per_s=parts_per_s, now=NOW)


# Slots.


def test_a_message_begins_when_the_parts_before_it_are_through() -> None:
    slots = given_out(state(0), [1, 2, 1, 3])
    assert seconds(slots) == [0, 0.25, 0.75, 1]
    assert slots.free_at == NOW + 1.75 * SECOND


def test_slots_go_on_where_the_last_ones_ended() -> None:
    assert seconds(given_out(state(0.6), [1, 1])) == pytest.approx([0.6, 0.85])


def test_what_would_begin_beyond_the_horizon_gets_no_slot_but_a_time() -> None:
    assert timedelta(seconds=2) == HORIZON
    slots = given_out(state(0), [1] * 20)
    assert len(slots.begin_at) == 9
    assert slots.begin_at[-1] == NOW + HORIZON
    assert slots.free_at == NOW + 2.25 * SECOND


def test_a_long_message_may_end_beyond_the_horizon() -> None:
    slots = given_out(state(1.5), [40, 1])
    assert seconds(slots) == [1.5]
    assert slots.free_at == NOW + 11.5 * SECOND


def test_a_gateway_that_is_taken_beyond_the_horizon_has_no_slots() -> None:
    assert given_out(state(2.1), [1, 1]) == Slots([], free_at=NOW + 2.1 * SECOND)
    assert len(given_out(state(2), [1, 1]).begin_at) == 1


@pytest.mark.parametrize(
    ("free_in_s", "begin"),
    [
        (-3600, [0, 0, 0, 0, 0, 0, 0.05]),
        (-0.25, [0, 0, 0, 0, 0, 0, 0.05]),
        (-0.1, [0, 0, 0, 0.05]),
        (0, [0, 0.05]),
    ],
)
def test_a_rest_is_made_up_for_by_a_quarter_of_a_second_at_most(
    free_in_s: float, begin: list[float]
) -> None:
    slots = given_out(state(free_in_s), [1] * len(begin), parts_per_s=20)
    assert seconds(slots) == pytest.approx(begin)


def test_who_never_called_has_rested() -> None:
    assert given_out(None, [1] * 9) == given_out(state(-3600), [1] * 9)


def test_a_slow_pace_still_sends_its_first_message_at_once() -> None:
    slots = given_out(None, [1, 1], parts_per_s=0.1)
    assert seconds(slots) == [0]
    assert slots.free_at == NOW + 10 * SECOND - BURST


def test_slots_are_finer_than_a_millisecond() -> None:
    one = given_out(state(0), [1], parts_per_s=5000)
    assert one.free_at == NOW + timedelta(microseconds=200)


def test_taking_slots_moves_the_shared_instant_and_keeps_how_far_it_was_slowed() -> None:
    before = state(0, slowed_at=NOW, slowed_to=0.5)
    slots = Slots([NOW], free_at=NOW + SECOND)
    assert taken(before, slots, token="t2") == PaceState(NOW + SECOND, "t2", NOW, 0.5)
    assert taken(None, slots, token="t2") == PaceState(NOW + SECOND, "t2")


@given(
    rate=st.floats(0.05, 5000),
    batches=st.lists(
        st.tuples(st.floats(0, 5), st.lists(st.integers(1, 15), min_size=1, max_size=40)),
        max_size=25,
    ),
)
def test_no_second_gets_more_than_the_pace(
    rate: float, batches: list[tuple[float, list[int]]]
) -> None:
    """From any slot to any later one there is time for the parts between, but for the burst."""
    shared: PaceState | None = None
    now = NOW
    begun: list[tuple[datetime, int]] = []
    for pause_s, parts in batches:
        now += pause_s * SECOND
        slots = give_out(shared, parts, parts_per_s=rate, now=now)
        assert all(now <= each <= now + HORIZON for each in slots.begin_at)
        begun += zip(slots.begin_at, parts, strict=False)
        if slots.begin_at:
            shared = taken(shared, slots, token="t")
    before = [0, *accumulate(parts for _, parts in begun)]
    for later, (at, _) in enumerate(begun):
        for earlier, (since, _) in enumerate(begun[:later]):
            room_s = (at - since + BURST).total_seconds()
            assert before[later] - before[earlier] <= rate * (room_s + 1e-5 * len(begun))


# Slowing.


def test_a_pace_that_was_never_slowed_is_the_full_one() -> None:
    assert share(None, NOW) == share(state(), NOW) == 1.0


def test_a_wish_to_go_slower_halves_the_pace() -> None:
    assert slowed(None, now=NOW, token="t2") == PaceState(NOW, "t2", NOW, 0.5)
    slower = slowed(state(1), now=NOW, token="t2")
    assert slower == PaceState(NOW + SECOND, "t2", NOW, 0.5)
    assert seconds(given_out(slower, [1, 1])) == [1, 1.5]


def test_it_rises_evenly_and_is_full_after_a_minute() -> None:
    slower = state(slowed_at=NOW, slowed_to=0.5)
    shares = [share(slower, NOW + after_s * SECOND) for after_s in (0, 15, 30, 60, 600)]
    assert shares == [0.5, 0.625, 0.75, 1.0, 1.0]


def test_a_clock_that_is_behind_recovers_nothing() -> None:
    assert share(state(slowed_at=NOW, slowed_to=0.5), NOW - SECOND) == 0.5


def test_it_is_halved_from_where_it_is() -> None:
    slower = state(slowed_at=NOW - 30 * SECOND, slowed_to=0.5)
    again = slowed(slower, now=NOW, token="t2")
    assert again is not None
    assert (again.slowed_at, again.slowed_to) == (NOW, 0.375)


@pytest.mark.parametrize(("ago_s", "halved"), [(-0.4, False), (0, False), (0.99, False), (1, True)])
def test_it_is_halved_at_most_once_a_second(ago_s: float, halved: bool) -> None:
    before = state(slowed_at=NOW - ago_s * SECOND, slowed_to=0.5)
    assert (slowed(before, now=NOW, token="t2") is not None) == halved


def test_it_never_stops() -> None:
    shared: PaceState | None = None
    for second in range(20):
        shared = slowed(shared, now=NOW + second * SECOND, token="t")
    assert shared is not None
    assert shared.slowed_to == SLOWEST == 1 / 32
