"""`python -m tests.simulation`: many seeds, one with its trace, coverage, or planted faults.

With `--seed N` prints what happened in order, then the breaches. Without, plays seeds until the
time is over and says how often each fault was injected.
"""

import argparse
import logging
import sys

from tests.simulation.reached import report_reached
from tests.simulation.report import report_many, report_planted
from tests.simulation.run import play
from tests.simulation.trace import digest, lines


def main() -> int:
    """Exit code 1 when a promise was broken, or a planted fault was not found."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="play only this one, with its trace")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long to go on")
    parser.add_argument("--first", type=int, default=100_000, help="the first of many seeds")
    parser.add_argument("--coverage", action="store_true", help="which branches are reached")
    parser.add_argument("--planted", action="store_true", help="find the planted faults")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if chosen.planted:
        return report_planted()
    if chosen.coverage:
        return report_reached(chosen.first)
    if chosen.seed is not None:
        return _one(chosen.seed)
    return report_many(chosen.first, chosen.minutes)


def _one(seed: int) -> int:
    world, result = play(seed)
    print("\n".join(lines(world)))
    print(f"seed {seed}: {result.steps} steps, {result.calls} calls, trace {digest(world)}")
    print("\n".join(result.breaches) or "every promise was kept")
    return 1 if result.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
