"""One run: a rough time, then calm until nothing is left to be done, then judgement."""

from collections import Counter
from dataclasses import dataclass

from tests.simulation.accidents import expect_accidents
from tests.simulation.checkers import breaches
from tests.simulation.operators import arrive
from tests.simulation.world import World

BUSY_S = (1200.0, 3600.0, 3600.0, 10800.0)
"""Operators act for so long; things go wrong for as long, and for a little longer."""

CALM_S = 16 * 3600.0
"""Longer than the longest mailing, so that within it everything must be over."""

LOOKS_EVERY_S = 300.0
STILL_S = 240.0
"""After all is done the world goes on for a few ticks, which must not change anything."""

STEPS_MAX = 400_000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a seed."""

    seed: int
    breaches: tuple[str, ...]
    injected: Counter[str]
    steps: int
    calls: int


def play(seed: int) -> tuple[World, Result]:
    """Run one seed from an empty world to rest."""
    world = World(seed)
    dice = world.kernel.dice
    busy_s = dice.choice(BUSY_S)
    asking = arrive(world, busy_s)
    world.run_for(1.0, STEPS_MAX)
    world.choose_poison()
    expect_accidents(world, asking)
    world.run_for(busy_s + 60, STEPS_MAX)
    world.calm_down()
    for _ in range(int(CALM_S / LOOKS_EVERY_S)):
        world.run_for(LOOKS_EVERY_S, STEPS_MAX)
        if world.is_at_rest:
            break
    world.run_for(STILL_S, STEPS_MAX)
    return world, Result(
        seed=seed,
        breaches=tuple(breaches(world)),
        injected=world.faults.injected,
        steps=world.kernel.steps,
        calls=len(world.cloud.gateway.calls),
    )
