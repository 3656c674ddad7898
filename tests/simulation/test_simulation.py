"""The promises, under seeded faults. A failure names the command that replays it."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.run import Result, play
from tests.simulation.trace import digest

SEEDS = range(60)


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """What goes wrong on purpose is not worth a log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def played() -> list[Result]:
    """The seeds that there is time for on every run of the tests."""
    logging.disable(logging.CRITICAL)  # this comes before the other fixture
    return [play(seed)[1] for seed in SEEDS]


def test_the_promises_hold(played: list[Result]) -> None:
    _assert_kept(played)


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 6000, 100))
def test_the_promises_hold_for_thousands_of_seeds(first: int) -> None:
    _assert_kept([play(seed)[1] for seed in range(first, first + 100)])


def test_the_same_seed_gives_the_same_trace() -> None:
    first, second, other = (digest(play(seed)[0]) for seed in (7, 7, 8))
    assert first == second
    assert first != other


def test_every_fault_is_really_injected_and_messages_are_really_sent(played: list[Result]) -> None:
    injected: Counter[str] = Counter()
    for result in played:
        injected.update(result.injected)
    assert {each.name for each in FAULTS} <= injected.keys()
    assert sum(result.calls for result in played) > 500


def _assert_kept(results: list[Result]) -> None:
    for each in results:
        told = f"replay with: make simulate SEED={each.seed}\n" + "\n".join(each.breaches)
        assert not each.breaches, told
