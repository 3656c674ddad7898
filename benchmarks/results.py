"""What was measured so far: `report.json`, part by part, each with when and how it was run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from local.places import PROJECT_ROOT

EMPTY: Final[Mapping[str, Any]] = {"parts": {}, "not_run": {}}


class Results:
    """A dictionary that becomes the file; a part that is run again replaces its old figures."""

    def __init__(self, values: Mapping[str, Any] = EMPTY) -> None:
        """Take over what there is."""
        self.values = dict(json.loads(json.dumps(values)))
        self.missed: set[str] = set()
        self.failed: set[str] = set()

    @classmethod
    def load(cls, path: Path) -> Self:
        """From a report of an earlier run, if there is one."""
        return cls(json.loads(path.read_text())) if path.exists() else cls()

    def save(self, path: Path) -> None:
        """Whole, or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_text(json.dumps(self.values, indent=1, ensure_ascii=False) + "\n")
        beside.replace(path)

    def merge(self, part: str, found: Mapping[str, Any], *, took_s: float, **how: Any) -> None:
        """A part's figures, with when it was run and `how`."""
        self.values |= found
        self.values["not_run"].pop(part, None)
        self.values["parts"][part] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "took_s": round(took_s, 1),
            "commit": commit(),
            **how,
        }

    def miss(self, part: str, reason: str, *, failed: bool = False) -> None:
        """A part that could not be run here or, worse, `failed` where it should not have.

        What an earlier run measured of it stays, with its time.
        """
        self.values["not_run"][part] = reason
        self.missed.add(part)
        if failed:
            self.failed.add(part)


def commit() -> str:
    """Of the code that runs, with a plus when it was changed since; empty outside a clone."""
    hashed = _git("rev-parse", "--short", "HEAD")
    return f"{hashed}+" if hashed and _git("status", "--porcelain", "-uno") else hashed


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(PROJECT_ROOT), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
