"""What many seeds and all planted faults come to, in words for a terminal."""

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed

from tests.simulation.faults import FAULTS
from tests.simulation.planted import PLANTED, Planted
from tests.simulation.planting import Found, hunt
from tests.simulation.run import Result, play

SEEDS_A_TURN = 20
"""A process plays so many before it tells about them."""

RARE = 1000
"""Each kind of fault is to be injected more often than this within five minutes."""


def report_many(first: int, minutes: float) -> int:
    """Play seeds on all cores until the time is over; exit code 1 when a promise was broken."""
    injected: Counter[str] = Counter()
    seeds, steps, calls = 0, 0, 0
    for result in _results(first, time.monotonic() + minutes * 60):
        if result.breaches:
            print("\n".join(result.breaches))
            print(f"replay with: make simulate SEED={result.seed}")
            return 1
        injected.update(result.injected)
        seeds, steps, calls = seeds + 1, steps + result.steps, calls + result.calls
    print(f"{seeds} seeds, {steps} steps, {calls} calls: every promise was kept")
    for fault in FAULTS:
        print(f"  {injected.pop(fault.name, 0):8} {fault.name}: {fault.what}")
    for name, times in sorted(injected.items()):
        print(f"  {times:8} {name}")
    return 0


def report_planted() -> int:
    """Hunt each planted fault; exit code 1 when one was not found."""
    missed = 0
    with ThreadPoolExecutor(os.cpu_count()) as hunters:
        hunts: dict[Future[Found | None], Planted] = {
            hunters.submit(hunt, planted): planted for planted in PLANTED
        }
        for each in as_completed(hunts):
            planted, found = hunts[each], each.result()
            missed += found is None
            told = f"seed {found.seed}: {', '.join(found.checkers)}" if found else "NOT FOUND"
            print(f"{planted.name:45} within {planted.seeds:3}: {told}", flush=True)
    print(f"{len(PLANTED) - missed} of {len(PLANTED)} planted faults were found")
    return 1 if missed else 0


def _results(first: int, until: float) -> Iterator[Result]:
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, initializer=_be_quiet) as players:
        turns = [players.submit(_play, first + n * SEEDS_A_TURN) for n in range(cores)]
        begun = cores
        while turns:
            yield from turns.pop(0).result()
            if time.monotonic() < until:
                turns.append(players.submit(_play, first + begun * SEEDS_A_TURN))
                begun += 1


def _be_quiet() -> None:
    logging.disable(logging.CRITICAL)


def _play(first: int) -> list[Result]:
    return [play(seed)[1] for seed in range(first, first + SEEDS_A_TURN)]
