"""The alternative beside Carillon: the same job on Celery, Redis and PostgreSQL, measured alike.

`benchmarks/celery_app` is the job itself; here it is started, fed and measured.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from benchmarks.celery_app.manner import BEST, DEFAULTS, Manner
from benchmarks.deliveries import OURS, Delivery
from benchmarks.gateway_process import GatewayProcess
from benchmarks.reference.servers import PROGRAMS, NotInstalled, Servers, reference_servers
from benchmarks.usage import Usage, tree
from local.errors import LocalError
from local.gateway import Mood
from local.places import PROJECT_ROOT
from local.processes import last_lines, wait_until

__all__ = ["MANNERS", "Manner", "NotInstalled", "Servers", "reference_servers", "run"]

MANNERS: Mapping[str, Manner] = {"defaults": DEFAULTS, "best": BEST}

START_MAX_S = 60.0
STOP_MAX_S = 60.0
STUCK_AFTER_S = 30.0
"""With nothing new at the gateway for so long, nothing more is to come."""
SETTLED_MAX_S = 60.0
LOOK_EVERY_S = 0.25
"""To look costs the gateway a little of its time."""
LOG_TAIL_LINES = 30
READY = "This worker is ready"


def run(
    manner: Literal["defaults", "best"] | Manner,
    *,
    clients: int,
    latency_ms: int,
    gateway: GatewayProcess,
    servers: Servers,
    shares: Mapping[Mood, float] | None = None,
) -> Delivery:
    """One mailing to so many clients, by workers that are up and warm when it begins.

    Of its calls, `shares` meet a gateway in such a mood and are tried again. The CPU of the group
    `command` is what it takes to make the messages and their tasks.

    `LocalError` when a worker does not start or a message is not sent.
    """
    chosen = MANNERS[manner] if isinstance(manner, str) else manner
    environment = _environment(chosen, gateway, servers)
    gateway.restart_with(latency_ms, shares)
    _command(environment, "fill", str(clients))
    with _workers(chosen, environment, servers.log) as workers:
        groups = {
            OURS: lambda: _families(workers),
            "servers": lambda: _families(servers.pids),
            "gateway": lambda: [gateway.pid],
        }
        with Usage(groups) as usage:
            begun = _command(environment, "begin")
            _wait_for_all(clients, gateway)
            if not wait_until(lambda: _is_stored(environment, clients), limit_s=SETTLED_MAX_S):
                raise LocalError(f"Messages by status: {_command(environment, 'stands')}")
    return gateway.delivery(
        clients=clients,
        latency_ms=latency_ms,
        begun_at=begun["begun_at"],
        cpu_s={**usage.cpu_s, "command": begun["cpu_s"]},
        peak_mb=usage.peak_mb,
    )


def _environment(manner: Manner, gateway: GatewayProcess, servers: Servers) -> Mapping[str, str]:
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(PROJECT_ROOT),
        "BROKER_URL": servers.broker_url,
        "DATABASE_URL": servers.database_url,
        "GATEWAY_URL": gateway.url,
        "GATEWAY_TOKEN": gateway.token,
        **manner.as_environment(),
    }


def _command(environment: Mapping[str, str], *arguments: str) -> Any:
    """What the operator's command printed, as JSON."""
    command = [str(PROGRAMS / "python"), "-m", "benchmarks.celery_app.command", *arguments]
    done = subprocess.run(
        command,
        cwd=PROJECT_ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LocalError(f"`{' '.join(arguments)}` of the reference failed:\n{done.stderr}")
    return json.loads(done.stdout)


@contextmanager
def _workers(
    manner: Manner, environment: Mapping[str, str], folder: Path
) -> Iterator[Sequence[int]]:
    """Their process ids, from when all take tasks until they are told to end."""
    logs = [folder / f"worker-{number}.log" for number in range(manner.processes)]
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(manner, environment, log)) for log in logs]
        if not wait_until(
            lambda: all(READY in log.read_text() for log in logs), limit_s=START_MAX_S
        ):
            raise LocalError(f"A worker does not start:\n{last_lines(logs[0], LOG_TAIL_LINES)}")
        yield workers


@contextmanager
def _worker(manner: Manner, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    command = [str(PROGRAMS / "celery"), "-A", "benchmarks.celery_app.app", "worker"]
    command += [*manner.options, "--hostname", f"{log.stem}@%h"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=dict(environment),
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches only us, and we stop things in order
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(STOP_MAX_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_all(clients: int, gateway: GatewayProcess) -> None:
    accepted, since = 0, time.monotonic()
    while accepted < clients:
        time.sleep(LOOK_EVERY_S)
        before, accepted = accepted, gateway.control.summary().accepted
        if accepted > before:
            since = time.monotonic()
        elif time.monotonic() > since + STUCK_AFTER_S:
            raise LocalError(f"Only {accepted} of {clients} messages arrived")


def _is_stored(environment: Mapping[str, str], clients: int) -> bool:
    return bool(_command(environment, "stands") == {"sent": clients})


def _families(pids: Sequence[int]) -> list[int]:
    return [each for pid in pids for each in tree(pid)]
