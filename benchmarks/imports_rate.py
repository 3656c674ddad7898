"""How fast a file becomes clients: uploaded as a browser does it, all rows new."""

from __future__ import annotations

import time
from typing import Any

import requests

from benchmarks.deployed import Deployed, until
from benchmarks.figures import Spread
from benchmarks.plan import Plan
from benchmarks.usage import Usage
from local.errors import LocalError
from local.progress import Progress

FIRST_PHONE = 79_200_000_000
"""Away from the numbers of the directory."""
UPLOAD_LIMIT_S = 60
LIMIT_S = 900


def measure(deployed: Deployed, plan: Plan, progress: Progress) -> dict[str, Any]:
    """`rows_per_s` from the upload to the import's end."""
    rates, cpu_ms = [], []
    for run in range(plan.runs):
        what = f"Import of {plan.import_rows:,} rows: run {run + 1} of {plan.runs}"
        with progress.step(what), Usage(deployed.processes.groups()) as usage:
            took_s = _import(deployed, _file(run * plan.import_rows, plan.import_rows))
        rates.append(plan.import_rows / took_s)
        cpu_ms.append(1000 * usage.cpu_s["importer"] / plan.import_rows)
    return {
        "rows": plan.import_rows,
        "rows_per_s": Spread.of(rates).as_json(),
        "cpu_ms": Spread.of(cpu_ms).as_json(),
    }


def _file(first: int, rows: int) -> bytes:
    lines = (f"{FIRST_PHONE + n},imported,Europe/Moscow" for n in range(first, first + rows))
    return "\n".join(["phone,tags,timezone", *lines]).encode()


def _import(deployed: Deployed, content: bytes) -> float:
    """The seconds that it took."""
    view = deployed.api.create("/imports", None)
    began = time.monotonic()
    _upload(view["upload"], content)
    ended = until(
        lambda: deployed.api.get(f"/imports/{view['id']}"),
        lambda seen: seen["status"] in ("finished", "failed"),
        limit_s=LIMIT_S,
        what="the import is over",
    )
    took_s = time.monotonic() - began
    if ended["status"] == "failed":
        raise LocalError(f"The import failed: {ended}")
    return took_s


def _upload(way: dict[str, Any], content: bytes) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            way["method"], way["url"], data=content, headers=way["headers"], timeout=UPLOAD_LIMIT_S
        )
    answer.raise_for_status()
