"""Plants a fault in a copy of our code, and plays seeds there until a checker finds it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.planted import Planted

ROOT = Path(__file__).parents[2]
COPIED = (
    "layers/shared/python",
    "functions",
    "local/__init__.py",
    "local/gateway",
    "tests/fakes",
    "tests/simulation",
)
SEED_TIMEOUT_S = 3.0
"""Twenty times what a seed takes on an idle machine."""


@dataclass(frozen=True, slots=True)
class Found:
    """At which seed a fault was found, after how many, and who complained."""

    seed: int
    after: int
    checkers: tuple[str, ...]


def hunt(planted: Planted, *, first: int = 0, seeds: int | None = None) -> Found | None:
    """Play seeds on a copy of our code with the fault in it; None when none of them finds it."""
    with tempfile.TemporaryDirectory() as folder:
        _copy(Path(folder))
        plant(planted, Path(folder))
        last = first + (seeds or planted.seeds)
        run = subprocess.run(
            [sys.executable, "-m", "tests.simulation.planting", str(first), str(last)],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": f".{os.pathsep}layers/shared/python",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            timeout=(last - first) * SEED_TIMEOUT_S,
            check=True,
        )
    seed, checkers = json.loads(run.stdout)
    return None if seed is None else Found(seed, seed - first + 1, tuple(checkers))


def plant(planted: Planted, root: Path) -> None:
    """Replace the piece of code; `ValueError` unless it is there exactly once."""
    path = root / planted.file
    code = path.read_text(encoding="utf-8")
    if code.count(planted.old) != 1:
        raise ValueError(f"{planted.name}: {planted.old!r} is not once in {planted.file}")
    path.write_text(code.replace(planted.old, planted.new), encoding="utf-8")


def _copy(folder: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "test_*")
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)


def _play(first: int, last: int) -> tuple[int | None, list[str]]:
    """The first seed with a breach, and who complained; a run that never ends is one as well."""
    from tests.simulation.run import play

    for seed in range(first, last):
        try:
            breaches = play(seed)[1].breaches
        except Exception as error:  # whatever breaks a run gives the fault away
            return seed, [type(error).__name__]
        if breaches:
            return seed, sorted({each.partition(":")[0] for each in breaches})
    return None, []


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(_play(int(sys.argv[1]), int(sys.argv[2]))))
