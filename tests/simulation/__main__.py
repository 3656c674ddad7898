"""`python -m tests.simulation`: many seeds, or one with its trace.

With `--seed N` prints everything that happened in order, then the breaches. Without, plays seeds
until the time is over and says how many faults were injected.
"""

import argparse
import logging
import sys
import time
from collections import Counter

from tests.simulation.run import lines, play


def main() -> int:
    """Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="play only this one, with its trace")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long to go on")
    parser.add_argument("--first", type=int, default=100_000, help="the first of many seeds")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    return _many(chosen.first, chosen.minutes) if chosen.seed is None else _one(chosen.seed)


def _one(seed: int) -> int:
    world, result = play(seed)
    print("\n".join(lines(world)))
    print(f"seed {seed}: {result.steps} steps, {result.calls} calls, trace {result.trace}")
    print("\n".join(result.breaches) or "every promise was kept")
    return 1 if result.breaches else 0


def _many(first: int, minutes: float) -> int:
    ends_at = time.monotonic() + minutes * 60
    injected: Counter[str] = Counter()
    seed, steps, calls = first, 0, 0
    while time.monotonic() < ends_at:
        _, result = play(seed)
        if result.breaches:
            print("\n".join(result.breaches))
            print(f"replay with: make simulate SEED={seed}")
            return 1
        injected.update(result.injected)
        steps, calls, seed = steps + result.steps, calls + result.calls, seed + 1
    print(f"{seed - first} seeds, {steps} steps, {calls} calls: every promise was kept")
    for name, times in sorted(injected.items()):
        print(f"  {name}: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
