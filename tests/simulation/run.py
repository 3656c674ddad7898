"""One run: a rough time, then calm, then judgement."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from tests.simulation.checkers import breaches
from tests.simulation.faults import ROUGH
from tests.simulation.gateway import ANGRY, CALM
from tests.simulation.operators import BUSY_S, Operators
from tests.simulation.world import START, World

ROUGH_S = BUSY_S + 600
CALM_S = 16 * 3600
"""Longer than the longest mailing, so that after it everything must be over."""
STEPS_MAX = 400_000


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a seed; `trace` is the same for the same seed and code."""

    seed: int
    breaches: tuple[str, ...]
    injected: Counter[str]
    steps: int
    calls: int
    trace: str


def play(seed: int) -> tuple[World, Result]:
    """Run one seed from an empty world to rest."""
    world = World(seed)
    dice = world.kernel.dice
    world.faults.rates = ROUGH.scaled(dice.choice((0.0, 0.5, 1.0, 3.0)))
    world.gateway.mood = dice.choice((CALM, ANGRY, ANGRY))
    Operators(world).arrive()
    world.kernel.run(START + timedelta(seconds=ROUGH_S), STEPS_MAX)
    world.calm_down()
    world.gateway.mood = CALM
    world.kernel.run(START + timedelta(seconds=ROUGH_S + CALM_S), STEPS_MAX)
    return world, Result(
        seed=seed,
        breaches=tuple(breaches(world)),
        injected=world.faults.injected,
        steps=world.kernel.steps,
        calls=len(world.gateway.calls),
        trace=_trace(world),
    )


def _trace(world: World) -> str:
    told = "\n".join(lines(world))
    return sha256(told.encode()).hexdigest()[:16]


def lines(world: World) -> list[str]:
    """Everything on record, in order of time, for a person to read."""
    told = [(each.at, f"mailing {each.new!r}") for each in world.record.mailings]
    told += [(each.at, f"message {each.new!r}") for each in world.record.messages]
    told += [(each.at, f"client  {each.new!r}") for each in world.record.clients]
    told += [(each.begun, f"call    {each!r}") for each in world.gateway.calls]
    return [f"{at:%d %H:%M:%S.%f} {what}" for at, what in sorted(told, key=lambda each: each[0])]
