"""The stand-in gateway in a process of its own, so that its CPU can be told apart."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.deliveries import Delivery
from local.gateway import Behaviour, Control, Mood
from local.places import LOOPBACK, PROJECT_ROOT
from local.processes import wait_until

TOKEN = "made-up"  # noqa: S105 - of a gateway that reaches nobody
START_MAX_S = 20.0
STOP_MAX_S = 5.0


@dataclass(frozen=True, kw_only=True)
class GatewayProcess:
    """A gateway that listens: call `{url}/send/{id}` with this token; `pid` is its process."""

    url: str
    token: str
    pid: int
    control: Control

    def restart_with(self, latency_ms: int, shares: Mapping[Mood, float] | None = None) -> None:
        """Forget everything, wait so long before each answer, and answer so many otherwise."""
        self.control.reset()
        self.control.behave(Behaviour(latency_ms=latency_ms, shares=dict(shares or {})))

    def delivery(
        self,
        *,
        clients: int,
        latency_ms: int,
        begun_at: float,
        cpu_s: Mapping[str, float],
        peak_mb: Mapping[str, float],
    ) -> Delivery:
        """What it saw since it was restarted, as one run that began at this Unix time."""
        calls = self.control.calls()
        return Delivery(
            clients=clients,
            latency_ms=latency_ms,
            seconds=max(call.ended_at or 0.0 for call in calls) - begun_at,
            first_s=calls[0].begun_at - begun_at,
            last_s=calls[-1].begun_at - begun_at,
            cpu_s=cpu_s,
            peak_mb=peak_mb,
            accepted=self.control.summary().accepted,
        )


@contextmanager
def gateway_process(log: Path) -> Iterator[GatewayProcess]:
    """Start one on a free port of this machine, and end it afterwards."""
    command = [sys.executable, "-m", "local.gateway", "--port", "0", "--token", TOKEN]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        if not wait_until(lambda: _port(log) is not None, limit_s=START_MAX_S):
            raise RuntimeError(f"The stand-in gateway does not listen; see {log}")
        root = f"http://{LOOPBACK}:{_port(log)}"
        with Control(root) as control:
            yield GatewayProcess(url=f"{root}/v1", token=TOKEN, pid=process.pid, control=control)
    finally:
        process.terminate()
        process.wait(STOP_MAX_S)


def _port(log: Path) -> int | None:
    found = re.search(r"listens on http://[^:]+:(\d+)/", log.read_text())
    return int(found[1]) if found else None
