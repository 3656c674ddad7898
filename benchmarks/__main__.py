"""`make bench`: measure everything, or parts of it, on a stack of its own; write the report.

What was measured is written after each part, so that what an interruption leaves is not lost. A
quick run writes beside its state, never over the report in the repository.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import NoReturn

from benchmarks import machine, plan, targets
from benchmarks.parts import NAMES, PARTS, Bench, Part, run
from benchmarks.report import markdown
from benchmarks.results import Results
from local.account import forget_the_callers
from local.cdk import QUIET
from local.errors import LocalError
from local.places import LocalPaths
from local.progress import Progress

FOLDER = Path(__file__).parent
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130
"""What a shell calls a program that Ctrl-C ended."""


def main() -> int:
    """1 when a part failed; what merely could not run here says so in the report."""
    options = _options()
    forget_the_callers()
    os.environ.update(QUIET)  # the CDK's library would have its say about Node
    for each in ENDS:
        signal.signal(each, _stop)
    how_much = plan.quick(options.runs) if options.quick else plan.full(options.runs)
    home = LocalPaths().home / "bench"
    paths = LocalPaths(home / time.strftime("%Y%m%d-%H%M%S"))
    folder = home if options.quick else FOLDER
    progress = Progress()
    results = Results.load(folder / "report.json")
    bench = Bench(how_much, paths, progress, results)
    results.values["machine"] = machine.shape()
    began = time.monotonic()
    try:
        with bench.opened:
            _measure(bench, options.only, folder)
    except KeyboardInterrupt:
        shutil.rmtree(paths.home, ignore_errors=True)
        progress.say(f"Interrupted; parts that were measured are in {folder / 'report.md'}")
        return INTERRUPTED
    minutes = (time.monotonic() - began) / 60
    progress.say(f"{folder / 'report.md'}, after {minutes:.1f} minutes")
    if results.failed:
        progress.say(f"Failed: {', '.join(results.failed)}; logs and state: {paths.home}")
        return 1
    shutil.rmtree(paths.home, ignore_errors=True)
    return 0


def _measure(bench: Bench, wanted: tuple[str, ...], folder: Path) -> None:
    """The report is written after each part."""
    for part in PARTS:
        if chosen := [name for name in part.names if name in wanted]:
            _measure_part(part, bench, chosen)
            _write(bench.results, folder)


def _measure_part(part: Part, bench: Bench, chosen: list[str]) -> None:
    """What could not run here, or failed, is said loudly, and the rest goes on."""
    results = bench.results
    load = machine.load()
    try:
        found, took_s = run(part, bench, chosen)
    except Exception as error:  # a mistake in one part must not cost the others' figures
        for name in chosen:
            results.miss(name, f"{type(error).__name__}: {error}", failed=True)
        if not isinstance(error, LocalError):
            traceback.print_exc()
    else:
        for name in [name for name in chosen if name not in results.missed]:
            how = {"runs": bench.plan.runs, "quick": bench.plan.quick, "load_before": load}
            results.merge(name, found, took_s=took_s, **how)
    for name in [name for name in chosen if name in results.missed]:
        bench.progress.say(f"[red]NOT RUN[/red] {name}: {results.values['not_run'][name]}")


def _write(results: Results, folder: Path) -> None:
    results.values["targets"] = targets.verdicts(results.values)
    results.save(folder / "report.json")
    (folder / "report.md").write_text(markdown(results.values))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few clients, one run: to develop by")
    parser.add_argument("--runs", type=int, help=f"of each measurement; {plan.RUNS}, quick 1")
    parser.add_argument(
        "--only", type=_names, default=NAMES, help=f"parts, separated by commas: {', '.join(NAMES)}"
    )
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in NAMES]:
        raise argparse.ArgumentTypeError(f"no part is called {', '.join(unknown)}")
    return names


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave through every `with`, so that no process is left behind, and be not stopped in it."""
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
