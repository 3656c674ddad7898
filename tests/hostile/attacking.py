"""Schemathesis over our OpenAPI document, against any address that serves the API.

It makes requests that the document allows and such that it does not, follows what it created from
call to call, and complains of every 5xx and of every answer that the document does not foresee.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.api.openapi import FILE

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
REQUEST_LIMIT_S = 30
GRACE_S = 90
"""Beyond the time it was given: it finishes a scenario, and takes seconds to start."""


@dataclass(frozen=True)
class Attack:
    """How it went: the report's last part, for people, and how many requests were made."""

    found_something: bool
    cases: int
    report: str

    @property
    def summary(self) -> str:
        """The last part of the report."""
        return self.report.partition("SUMMARY")[2] or self.report


PHASES = "examples,coverage,fuzzing,stateful"


def attack(
    url: str,
    folder: Path,
    *,
    seed: int,
    cases: int,
    for_s: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Attack:
    """Let it loose; `cases` bounds those per operation, `for_s` goes on until so much time is over.

    `headers` are sent with each request. What it writes down lies in `folder`.
    """
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)),
        *("--no-color", "run", str(FILE), "--url", url, "--phases", PHASES),
        *("--max-examples", str(cases), "--seed", str(seed)),
        *("--request-timeout", str(REQUEST_LIMIT_S), "--generation-database", "none"),
        *(("--max-time", str(for_s)) if for_s else ()),
        *(part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")),
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=(for_s or 600) + GRACE_S,
    )
    generated = re.search(r"(\d+) generated", done.stdout)
    return Attack(
        found_something=done.returncode != 0,
        cases=int(generated[1]) if generated else 0,
        report=done.stdout + done.stderr,
    )
