"""The promises, under seeded faults. A failure names the command that replays it."""

import pytest

from tests.simulation.run import play

SEEDS_A_TEST = 15


@pytest.mark.parametrize("first", range(0, 300, SEEDS_A_TEST))
def test_the_promises_hold(first: int) -> None:
    for seed in range(first, first + SEEDS_A_TEST):
        _, result = play(seed)
        assert not result.breaches, f"replay with: make simulate SEED={seed}\n" + "\n".join(
            result.breaches
        )


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 6000, 100))
def test_the_promises_hold_for_thousands_of_seeds(first: int) -> None:
    for seed in range(first, first + 100):
        _, result = play(seed)
        assert not result.breaches, f"replay with: make simulate SEED={seed}"


def test_the_same_seed_gives_the_same_trace() -> None:
    first, second, other = play(7)[1], play(7)[1], play(8)[1]
    assert first.trace == second.trace
    assert first.trace != other.trace


def test_faults_are_really_injected_and_messages_really_sent() -> None:
    results = [play(seed)[1] for seed in range(40)]
    injected = sum((each.injected for each in results), start=results[0].injected.__class__())
    assert set(injected) >= {
        "crash_before",
        "crash_after",
        "aws_fails",
        "answer_lost",
        "record_twice",
        "record_late",
        "stream_again",
        "schedule_lost",
        "tick_lost",
    }
    assert sum(each.calls for each in results) > 500
