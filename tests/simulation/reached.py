"""Which branches of the engine the simulation reaches."""

import io
import sys
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parents[2]
SEEDS = 400
ENGINE = (
    "layers/shared/python/carillon/usecases",
    "layers/shared/python/carillon/policy",
    "functions/fanout/invocation.py",
    "functions/planner/invocation.py",
    "functions/sender/invocation.py",
    "functions/stats/invocation.py",
)

NOT_ITS_JOB = {
    "usecases/messages.py": "reads only, for the API",
    "usecases/statistics.py": "reads only, for the API",
}
"""Modules that have no part in a run."""


def report_reached(first: int, seeds: int = SEEDS) -> int:
    """Play seeds under branch coverage and list what none of them reached."""
    coverage = Coverage(
        branch=True,
        concurrency=["greenlet"],
        data_file=None,
        include=[f"{ROOT}/{each}*" for each in ENGINE],
        config_file=False,
    )
    for module in [name for name in sys.modules if name.startswith(("carillon", "functions", "tests.simulation", "tests.fakes"))]:
        del sys.modules[module]  # what was read before is not measured
    with coverage.collect():
        from tests.simulation.run import play

        for seed in range(first, first + seeds):
            play(seed)
    told = io.StringIO()
    total = coverage.report(file=told, show_missing=True, skip_covered=True)
    print(told.getvalue())
    print(f"{total:.1f} % of lines and branches in {seeds} seeds")
    return 0
