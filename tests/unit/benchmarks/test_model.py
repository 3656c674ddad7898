"""The model of a mailing at scale: what must hold whatever the numbers are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.model import shape
from benchmarks.model.advice import LEVERS, bottleneck, steps
from benchmarks.model.course import Course
from benchmarks.model.flow import Flow
from benchmarks.model.limits import AWS
from benchmarks.model.scenario import Scenario
from benchmarks.model.settings import DEFAULT, TUNED, Settings
from benchmarks.model.tables import Table, keys_on_hottest
from benchmarks.model.timings import Timings
from benchmarks.model.walls import GATEWAY, SPREAD, Account

FEW = settings(max_examples=6, deadline=None)

SOME_SETTINGS = st.builds(
    Settings,
    slices=st.integers(1, 64),
    fanout_concurrency=st.integers(2, 100),
    sender_concurrency=st.integers(2, 500),
    gateway_parts_per_s=st.none() | st.sampled_from([300.0, 6_000.0]),
    messages_warm_writes_per_s=st.none() | st.sampled_from([8_000, 24_000, 40_000]),
)
SOME_SCENARIOS = st.builds(
    Scenario,
    recipients=st.sampled_from([1, 99, 10_000, 50_001]),
    settings=SOME_SETTINGS,
    timings=st.builds(Timings, gateway_s=st.sampled_from([0.0, 0.2, 2.0])),
)


class Watched(Account):
    """An account that compares what goes through its walls with what they let through."""

    fullest = 0.0

    def spend(self, moved: Mapping[str, float], *, at: float, seconds: float) -> None:
        for wall in self.walls():
            self.fullest = max(self.fullest, wall.units(moved) / (wall.per_s * seconds))
        super().spend(moved, at=at, seconds=seconds)


def watched(scenario: Scenario) -> tuple[Course, Watched]:
    account = Watched(scenario.settings, scenario.limits, scenario.timings)
    flow = Flow(
        recipients=scenario.recipients,
        settings=scenario.settings,
        stages=scenario.stages,
        limits=scenario.limits,
        world=account,
        begins_s=scenario.begins_s,
        first_s=scenario.first_s,
    )
    return flow.run(), account


@FEW
@given(SOME_SCENARIOS)
def test_messages_are_conserved(scenario: Scenario) -> None:
    course = scenario.run()
    whole = scenario.recipients
    for before, after in zip(course.moments, course.moments[1:], strict=False):
        assert before.made <= after.made <= whole + 1e-6
        assert before.sent <= after.sent <= after.made + 1e-6
        assert 0 <= after.put_off <= after.made - after.sent + 1e-6
        assert after.counted <= after.made + 2 * after.sent + 1e-6
    assert course.moments[-1].sent == pytest.approx(whole)
    assert course.moments[-1].counted == pytest.approx(3 * whole)
    assert course.first_s <= course.last_s <= course.counted_s


@FEW
@given(SOME_SCENARIOS)
def test_no_limit_is_ever_passed(scenario: Scenario) -> None:
    course, account = watched(scenario)
    assert account.fullest <= 1 + 1e-6
    assert max(moment.in_flight for moment in course.moments) <= AWS.in_flight_max
    pace = scenario.settings.gateway_parts_per_s
    if pace is not None:
        assert course.last_s - course.first_s >= scenario.recipients / pace - 1


@FEW
@given(SOME_SCENARIOS, st.sampled_from(["slices", "fanout_concurrency", "sender_concurrency"]))
def test_more_at_once_is_never_slower(scenario: Scenario, name: str) -> None:
    more = replace(scenario.settings, **{name: 2 * getattr(scenario.settings, name)})
    # A part in a hundred: with whom a table is shared decides a little when it grows.
    assert scenario.with_settings(more).run().last_s <= 1.01 * scenario.run().last_s


@FEW
@given(SOME_SCENARIOS)
def test_more_recipients_take_longer(scenario: Scenario) -> None:
    more = replace(scenario, recipients=2 * scenario.recipients)
    assert scenario.run().last_s <= more.run().last_s


@pytest.mark.parametrize("recipients", [300_000, 5_000_000])
def test_raising_what_holds_it_up_helps_and_moves_the_limit(recipients: int) -> None:
    scenario = Scenario(recipients=recipients, settings=DEFAULT)
    course = scenario.run()
    found = steps(scenario, course)
    assert found[0].limit == bottleneck(course)[0]
    assert found[-1].last_s < 0.8 * course.last_s
    times = [course.last_s, *(step.last_s for step in found)]
    assert times == sorted(times, reverse=True)
    assert all(step.limit in LEVERS for step in found)


def test_a_limit_close_behind_another_is_raised_with_it() -> None:
    cpu_ms = {"fanout": 0.42, "sender": 0.7, "stats": 0.07}
    timings = Timings(cpu_ms=cpu_ms)
    scenario = Scenario(recipients=10_000_000, settings=DEFAULT, timings=timings)
    course = scenario.run()
    first, *_, last = steps(scenario, course)
    assert first.last_s > 0.99 * course.last_s  # nothing by itself
    assert last.last_s < 0.6 * course.last_s


def test_what_is_not_in_the_way_need_not_be_raised() -> None:
    scenario = Scenario(recipients=20_000, settings=DEFAULT.at_gateway(50))
    course = scenario.run()
    assert bottleneck(course)[0] == GATEWAY
    assert steps(scenario, course) == []
    faster = scenario.with_settings(replace(scenario.settings, sender_concurrency=200)).run()
    assert faster.last_s == pytest.approx(course.last_s, rel=0.01)


def test_the_advice_keeps_its_word() -> None:
    million = Scenario(recipients=1_000_000, settings=TUNED).run()
    ten_million = Scenario(recipients=10_000_000, settings=TUNED).run()
    assert million.last_s <= 10 * 60
    assert ten_million.last_s <= 60 * 60


def test_a_slow_pace_makes_a_long_backlog_go_round() -> None:
    """A record without a slot waits 15 minutes at most: what waits longer is received again."""
    short = Scenario(recipients=20_000, settings=DEFAULT.at_gateway(50)).run()
    long = Scenario(recipients=400_000, settings=DEFAULT.at_gateway(50)).run()
    assert 1 <= short.effort.looks / 20_000 <= 3
    assert long.effort.looks / 400_000 > 3


@pytest.mark.parametrize(
    ("keys", "partitions", "most"), [(16, 1, 16), (1, 4, 1), (2, 2, 1), (16, 4, 6), (16, 10_000, 1)]
)
def test_the_fullest_partition(keys: int, partitions: int, most: int) -> None:
    assert keys_on_hottest(keys, partitions) == most


@pytest.mark.parametrize("partitions", [4, 24])
def test_the_fullest_partition_is_the_one_that_chance_makes(partitions: int) -> None:
    chance = Random(7)
    drawn = (Counter(chance.choices(range(partitions), k=16)) for _ in range(999))
    most = sorted(max(each.values()) for each in drawn)
    assert keys_on_hottest(16, partitions) == most[len(most) // 2]


def test_a_table_grows_with_what_it_serves() -> None:
    table = Table(
        units_per_s=4_000,
        most_per_s=40_000,
        partition_per_s=1_000,
        doubles_after_s=1_800,
        splits_after_s=600,
        keys=shape.PARTITION_KEYS,
    )
    at_first = table.mailing_per_s
    assert at_first == pytest.approx(1_000 * 16 / 6)
    for second in range(600):
        table.spend(at_first, at=second, seconds=1)
    assert table.mailing_per_s == pytest.approx(2 * at_first)
    assert table.units_per_s == 4_000
    for second in range(600, 1_800):
        table.spend(3_900, at=second, seconds=1)
    assert table.units_per_s == 7_800


def test_the_limit_that_is_named_is_the_one_that_binds() -> None:
    scenario = Scenario(recipients=1_000_000, settings=replace(TUNED, slices=64))
    course, _ = watched(scenario)
    assert bottleneck(course)[0] == SPREAD
    wide = replace(AWS, partition_splits_after_s=1, partition_writes_per_s=100_000)
    assert replace(scenario, limits=wide).run().last_s < 0.8 * course.last_s
