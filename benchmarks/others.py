"""What is measured without the stack: cold starts, counts, the model, the reference, the bare loop.

The reference needs servers that not everybody has: `LocalError` says how to get them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, get_args

from benchmarks import bare_loop as loop
from benchmarks import cold_start, money
from benchmarks import reference as theirs
from benchmarks.deliveries import Delivery
from benchmarks.gateway_process import gateway_process
from benchmarks.model import __main__ as model_of
from local.errors import LocalError

Manner = Literal["defaults", "best"]
Deliver = Callable[[int, int], Delivery]
"""So many messages, at such a latency in ms."""


STARTS = 3
"""For each run of the others: a start is short, and a moment's noise a large part of it."""


def cold_starts(runs: int) -> dict[str, float]:
    """CPU seconds of importing each handler."""
    return dict(cold_start.cold_starts(STARTS * runs))


def counts() -> dict[str, Any]:
    """Of one mailing as AWS would charge it, and the bill: for a million, and for an idle month.

    In a process of its own, for there the functions run in the very process that counts.
    """
    name = money.__name__
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", name, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"{name} failed: {done.stderr.strip().splitlines()[-1]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def model(report: Mapping[str, Any]) -> dict[str, Any]:
    """What it says of large mailings, from what was measured so far."""
    if "deliveries" not in report:
        raise LocalError("the model is fed by deliveries: measure `stack` first")
    return {"model": model_of.results(report)}


@contextmanager
def reference(log: Path) -> Iterator[Mapping[str, Deliver]]:
    """Celery, Redis and PostgreSQL: by default settings, and at their best."""
    with theirs.reference_servers() as servers, gateway_process(log) as gateway:

        def manner(name: Manner) -> Deliver:
            return lambda clients, latency_ms: theirs.run(
                name, clients=clients, latency_ms=latency_ms, gateway=gateway, servers=servers
            )

        yield {name: manner(name) for name in get_args(Manner)}


@contextmanager
def bare_loop(log: Path) -> Iterator[Mapping[str, Deliver]]:
    """One process that posts, and does nothing else: with each of two libraries."""
    with gateway_process(log) as gateway:

        def library(name: loop.Library) -> Deliver:
            def deliver(clients: int, latency_ms: int) -> Delivery:
                gateway.restart_with(latency_ms)
                return loop.run(
                    name,
                    messages=clients,
                    latency_ms=latency_ms,
                    gateway_url=gateway.url,
                    token=gateway.token,
                )

            return deliver

        yield {name: library(name) for name in get_args(loop.Library)}
