"""The copy of the sources in which faults are planted.

mutmut finds modules only below `src`, so the copy has the domain there and everything else where it
is. It is made anew for each run: what mutmut remembers of an earlier one knows nothing of the tests
that were changed since.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPY = ROOT / ".build" / "mutants"

DOMAIN = "layers/shared/python/carillon"
BESIDE = ("functions", "local", "tests")
"""What the unit tests import besides the domain; `local` is for `tests/conftest.py`."""

TESTS = (
    "tests/unit/policy",
    "tests/unit/usecases",
    # What operators do is tested through the API.
    "tests/unit/api/test_actions.py",
    "tests/unit/api/test_answered.py",
    "tests/unit/api/test_clients.py",
    "tests/unit/api/test_gateway.py",
    "tests/unit/api/test_idempotency.py",
    "tests/unit/api/test_imports.py",
    "tests/unit/api/test_mailings.py",
    "tests/unit/api/test_messages.py",
    "tests/unit/api/test_recounts.py",
    "tests/unit/api/test_resending.py",
    "tests/unit/api/test_trials.py",
)
MUTATED = ("policy/*", "usecases/*")
"""Below `carillon`: what decides and what acts. The adapters have their own contract tests."""


def lay_out(only: Sequence[str]) -> Path:
    """Make the copy, for faults in `only` these modules (`usecases/closing.py`), or in all."""
    shutil.rmtree(COPY, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / DOMAIN, COPY / "src" / "carillon", ignore=ignored)
    for folder in BESIDE:
        shutil.copytree(ROOT / folder, COPY / folder, ignore=ignored)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = "".join(f"{key} = {json.dumps(value)}\n" for key, value in _settings(only).items())
    (COPY / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{settings}", encoding="utf-8")
    return COPY


def _settings(only: Sequence[str]) -> dict[str, Sequence[str]]:
    return {
        "source_paths": ["src/carillon"],
        "only_mutate": [f"src/carillon/{module}" for module in only or MUTATED],
        "pytest_add_cli_args_test_selection": TESTS,
        # The profile for CI draws the same examples each time: a fault is found always or never.
        "pytest_add_cli_args": ["--hypothesis-profile=ci"],
        "also_copy": ["src", *BESIDE],
    }
