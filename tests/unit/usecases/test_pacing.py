"""The shared pace: slots under races, how long those without one wait, and slowing."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from carillon.errors import Unavailable
from carillon.models.pace import PaceState
from carillon.policy.pace import SLOWEST, Slots
from carillon.usecases.pacing import Pacing
from carillon.usecases.races import RACES_MAX
from tests.unit.usecases.stage import NOW, SECOND, Stage, after, before, doorbell, once, outage

PARTS_PER_S = 10.0


def pacing(stage: Stage, parts_per_s: float = PARTS_PER_S) -> Pacing:
    """A sender's; any number of them share the stage's table."""
    return Pacing(
        stage.pace, stage.doorbells, stage.clock, stage.chance, parts_per_s, stage.measures
    )


def shared(stage: Stage) -> PaceState:
    """What all senders see."""
    state = stage.pace.read()
    assert state is not None
    return state


def at(free_in_s: float, **fields: object) -> PaceState:
    return PaceState(NOW + timedelta(seconds=free_in_s), "before", **fields)  # type: ignore[arg-type]


def rival(stage: Stage) -> Callable[[], None]:
    """Another sender takes a slot."""
    other = pacing(stage)

    def take() -> None:
        other.reserve([1])

    return take


# Slots.


def test_slots_are_written_down_before_they_are_used() -> None:
    stage = Stage()
    stage.pace.state = at(1)
    slots = pacing(stage).reserve([1, 2, 1])
    begin_s = [(each - NOW).total_seconds() for each in slots.begin_at]
    assert begin_s == pytest.approx([1, 1.1, 1.3])
    assert shared(stage).free_at == slots.free_at == NOW + 1.4 * SECOND
    assert shared(stage).token != "before"


def test_senders_share_one_pace() -> None:
    stage = Stage()
    first, second = pacing(stage), pacing(stage)
    slots = [*first.reserve([1] * 10).begin_at, *second.reserve([1] * 10).begin_at]
    assert len(slots) == 20
    assert slots[-1] - slots[0] == pytest.approx(1.65 * SECOND, abs=0.001 * SECOND)


def test_who_gets_no_slot_writes_nothing() -> None:
    stage = Stage()
    stage.pace.state = taken = at(2.5)
    assert pacing(stage).reserve([1]) == Slots([], free_at=NOW + 2.5 * SECOND)
    assert stage.pace.state is taken


def test_of_two_that_reserve_at_once_both_get_slots_of_their_own() -> None:
    stage = Stage()
    other = pacing(stage)
    theirs: list[Slots] = []
    race = once(lambda: theirs.append(other.reserve([1] * 5)))
    stage.pace = before(stage.pace, "replace", race)
    ours = pacing(stage).reserve([1] * 5)
    assert ours.begin_at[0] == theirs[0].free_at
    assert len(ours.begin_at) == 5


def test_who_loses_every_race_gets_no_slot_and_asks_again_soon() -> None:
    stage = Stage()
    stage.pace = before(stage.pace, "replace", rival(stage))
    assert pacing(stage).reserve([1]) == Slots((), free_at=NOW + SECOND)
    assert shared(stage).free_at == NOW + (RACES_MAX * 0.1 - 0.25) * SECOND


def test_slots_are_given_out_at_the_pace_that_the_gateway_asked_for() -> None:
    stage = Stage()
    slowed = at(0, slowed_at=NOW, slowed_to=0.5)
    stage.pace.state = slowed
    sender = pacing(stage)
    assert [len(sender.reserve([1] * 5).begin_at) for _ in range(2)] == [5, 5]
    assert (shared(stage).slowed_at, shared(stage).slowed_to) == (NOW, 0.5)
    assert shared(stage).free_at == NOW + 2 * SECOND


def test_without_the_table_there_are_no_slots() -> None:
    stage = Stage()
    stage.pace = before(stage.pace, "read", outage)
    with pytest.raises(Unavailable):
        pacing(stage).reserve([1])


# How long the others wait.


def delays(stage: Stage, *, parts: int = 1, free_in_s: float = 2.5, count: int = 500) -> list[int]:
    paced = pacing(stage)
    return [paced.delay_s(NOW + free_in_s * SECOND, parts) for _ in range(count)]


def with_backlog(records: int) -> Stage:
    stage = Stage()
    stage.doorbells.ring([(doorbell(), 0)] * records)
    return stage


def test_the_last_few_come_back_at_the_next_free_slot() -> None:
    assert set(delays(with_backlog(5))) == {3}


def test_a_backlog_comes_back_spread_over_the_time_that_it_takes() -> None:
    waits = delays(with_backlog(1000))
    assert 3 <= min(waits) < 6
    assert 97 < max(waits) <= 100
    assert sum(waits) / len(waits) == pytest.approx(51, abs=4)


def test_long_messages_take_longer() -> None:
    assert 290 < max(delays(with_backlog(1000), parts=3)) <= 300


def test_no_wait_is_longer_than_a_queue_holds_a_record() -> None:
    waits = delays(with_backlog(200_000))
    assert max(waits) == 900
    assert sum(each == 900 for each in waits) > 450
    assert set(delays(Stage(), free_in_s=4000)) == {900}


def test_the_queue_is_asked_once_in_a_while() -> None:
    stage = Stage()
    asked: list[None] = []
    stage.doorbells = before(stage.doorbells, "waiting", lambda: asked.append(None))
    paced = pacing(stage)
    for _ in range(100):
        paced.delay_s(NOW + 3 * SECOND, 1)
    assert len(asked) == 1
    stage.clock.advance(5)
    paced.delay_s(NOW + 9 * SECOND, 1)
    assert len(asked) == 1
    stage.clock.advance(0.001)
    paced.delay_s(NOW + 9 * SECOND, 1)
    assert len(asked) == 2


# Slowing.


def test_a_wish_to_go_slower_is_shared_by_all(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    pacing(stage).slow()
    assert (shared(stage).slowed_at, shared(stage).slowed_to) == (NOW, 0.5)
    slots = pacing(stage).reserve([1] * 100)
    assert len(slots.begin_at) == 2 * PARTS_PER_S / 2 + 1
    [line] = caplog.records
    assert (line.levelno, line.getMessage()) == (logging.WARNING, "pace slowed")
    assert vars(line)["share"] == 0.5


def test_many_wishes_within_a_second_are_one_whoever_hears_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage()
    senders = [pacing(stage) for _ in range(3)]
    for _ in range(5):
        for sender in senders:
            sender.slow()
    assert shared(stage).slowed_to == 0.5
    stage.clock.advance(1)
    senders[1].slow()
    assert shared(stage).slowed_to == pytest.approx(0.254, abs=0.001)
    assert [vars(each)["share"] for each in caplog.records] == [0.5, 0.254]


def test_a_sender_asks_the_table_once_a_second_to_slow_down() -> None:
    stage = Stage()
    read: list[None] = []
    stage.pace = before(stage.pace, "read", lambda: read.append(None))
    sender = pacing(stage)
    for _ in range(10):
        sender.slow()
    assert len(read) == 1
    stage.clock.advance(1)
    sender.slow()
    assert len(read) == 2


def test_it_can_be_slowed_down_to_a_thirty_second_only() -> None:
    stage = Stage()
    sender = pacing(stage)
    for _ in range(30):
        sender.slow()
        stage.clock.advance(1)
    assert shared(stage).slowed_to == SLOWEST


@pytest.mark.parametrize("trouble", ["outage", "races"])
def test_a_wish_that_cannot_be_written_down_does_no_harm(
    trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage()
    disturb = outage if trouble == "outage" else rival(stage)
    stage.pace = before(stage.pace, "replace", disturb)
    pacing(stage).slow()
    assert [each.getMessage() for each in caplog.records] == ["pace not slowed"]


def test_a_wish_whose_answer_is_lost_is_written_down() -> None:
    stage = Stage()
    table = stage.pace
    stage.pace = after(stage.pace, "replace", once(outage))
    pacing(stage).slow()
    assert table.state is not None
    assert table.state.slowed_to == 0.5
