"""The promises, under seeded faults. A failure names the command that replays it."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.run import Result, play
from tests.simulation.trace import digest

SEEDS_A_TEST = 20


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    """What goes wrong on purpose is not worth a log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, 60, SEEDS_A_TEST))
def test_the_promises_hold(first: int) -> None:
    _assert_kept(range(first, first + SEEDS_A_TEST))


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 6000, 100))
def test_the_promises_hold_for_thousands_of_seeds(first: int) -> None:
    _assert_kept(range(first, first + 100))


def test_the_same_seed_gives_the_same_trace() -> None:
    first, second, other = (digest(play(seed)[0]) for seed in (7, 7, 8))
    assert first == second
    assert first != other


def test_every_fault_is_really_injected_and_messages_are_really_sent() -> None:
    injected: Counter[str] = Counter()
    calls = 0
    for result in _assert_kept(range(300, 350)):
        injected.update(result.injected)
        calls += result.calls
    assert {each.name for each in FAULTS} <= injected.keys()
    assert calls > 500


def _assert_kept(seeds: range) -> list[Result]:
    results = [play(seed)[1] for seed in seeds]
    for each in results:
        told = f"replay with: make simulate SEED={each.seed}\n" + "\n".join(each.breaches)
        assert not each.breaches, told
    return results
