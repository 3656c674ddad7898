"""Which branches of the engine the simulation reaches, by `coverage` in a process of its own."""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.simulation.run import play

SEEDS = 400
ENGINE = (
    "*/carillon/usecases/*",
    "*/carillon/policy/*",
    "*/functions/*/invocation.py",
)
NO_PART = (
    "*/carillon/usecases/messages.py",
    "*/carillon/usecases/statistics.py",
)
"""Reads for the API, which change nothing."""


def report_reached(first: int, seeds: int = SEEDS) -> int:
    """Play seeds under branch coverage and list what none of them reached."""
    with tempfile.TemporaryDirectory() as folder:
        data, figures = f"--data-file={Path(folder) / 'reached'}", Path(folder) / "figures.json"
        _coverage(
            "run",
            data,
            "--branch",
            "--concurrency=greenlet",
            f"--include={','.join(ENGINE)}",
            "-m",
            "tests.simulation.reached",
            str(first),
            str(first + seeds),
        )
        omitted = f"--omit={','.join(NO_PART)}"
        _coverage("report", data, "--show-missing", "--skip-covered", omitted)
        _coverage("json", data, "-q", "-o", str(figures), omitted)
        totals = json.loads(figures.read_text())["totals"]
    reached, of = totals["covered_branches"], totals["num_branches"]
    print(f"Branches alone: {reached} of {of}, {reached / of:.1%}")
    return 0


def _coverage(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "coverage", *arguments], check=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for seed in range(int(sys.argv[1]), int(sys.argv[2])):
        play(seed)
