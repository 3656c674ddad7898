"""mutmut, run quietly on the copy, with a line of progress now and then."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROGRESS_EVERY_S = 60.0


def plant_and_test(copy: Path, *, workers: int) -> None:
    """Plant each fault and run the tests that reach it; `workers` faults at a time.

    What mutmut prints goes to `mutmut.log` in the copy. Ends the program, with the end of that log,
    when mutmut fails: most often because a test fails without any fault.
    """
    log = copy / "mutmut.log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [Path(sys.executable).with_name("mutmut"), "run", "--max-children", str(workers)],
            cwd=copy,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _ended(running):
                _show_progress(copy)
        finally:
            running.terminate()
            running.wait()
    if running.returncode != 0:
        end = log.read_text(encoding="utf-8", errors="replace")[-4000:]
        sys.exit(f"{end}\nmutmut ended with {running.returncode}; its output is in {log}")


def _ended(running: "subprocess.Popen[bytes]") -> bool:
    try:
        running.wait(timeout=PROGRESS_EVERY_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _show_progress(copy: Path) -> None:
    ended: Sequence[int | None] = [
        code
        for results in (copy / "mutants").rglob("*.meta")
        for code in _results(results).values()
    ]
    tried = sum(code is not None for code in ended)
    print(f"{tried} of {len(ended)} faults tried", flush=True)


def _results(path: Path) -> dict[str, int | None]:
    try:
        found: dict[str, int | None] = json.loads(path.read_text())["exit_code_by_key"]
    except json.JSONDecodeError:
        return {}  # it is being written
    return found
