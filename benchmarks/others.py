"""What is measured by modules that can do without the stack, and may be missing something.

The reference needs servers that not everybody has. What cannot run says why, and the rest goes on.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.deliveries import Delivery
from local.errors import LocalError

PACKAGE = "benchmarks"

Deliver = Callable[[int, int], Delivery]
"""So many messages, at such a latency in ms."""


class NotThere(Exception):
    """Says what is missing, and how to get it."""


def module(name: str) -> ModuleType:
    """A module of the benchmarks; NotThere when it, or a library of it, is not installed."""
    try:
        return importlib.import_module(f"{PACKAGE}.{name}")
    except ModuleNotFoundError as error:
        raise NotThere(f"{PACKAGE}.{name} needs {error.name}, which is not installed") from error


def cold_starts(runs: int) -> dict[str, float]:
    """CPU seconds of importing each handler."""
    return dict(module("cold_start").cold_starts(runs))


def counts() -> dict[str, Any]:
    """Of one mailing as AWS would charge it, and the bill: for a million, and for an idle month.

    In a process of its own, for there the functions run in the very process that counts.
    """
    name = module("money").__name__
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
        raise NotThere("the model is fed by deliveries: measure `stack` first")
    return {"model": module("model.__main__").results(report)}


@contextmanager
def reference(log: Path) -> Iterator[Mapping[str, Deliver]]:
    """Celery, Redis and PostgreSQL: by default settings, and at their best."""
    theirs, gateways = module("reference"), module("gateway_process")
    with theirs.reference_servers() as servers, gateways.gateway_process(log) as gateway:

        def manner(name: str) -> Deliver:
            def deliver(clients: int, latency_ms: int) -> Delivery:
                delivery: Delivery = theirs.run(
                    name, clients=clients, latency_ms=latency_ms, gateway=gateway, servers=servers
                )
                return delivery

            return deliver

        yield {name: manner(name) for name in ("defaults", "best")}


@contextmanager
def bare_loop(log: Path) -> Iterator[Mapping[str, Deliver]]:
    """One process that posts, and does nothing else: with each of two libraries."""
    loop, gateways = module("bare_loop"), module("gateway_process")
    with gateways.gateway_process(log) as gateway:

        def library(name: str) -> Deliver:
            def deliver(clients: int, latency_ms: int) -> Delivery:
                gateway.restart_with(latency_ms)
                delivery: Delivery = loop.run(
                    name,
                    messages=clients,
                    latency_ms=latency_ms,
                    gateway_url=gateway.url,
                    token=gateway.token,
                )
                return delivery

            return deliver

        yield {name: library(name) for name in ("requests", "urllib3")}
