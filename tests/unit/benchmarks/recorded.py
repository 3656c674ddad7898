"""Results as a run writes them, small enough to be reckoned in the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.deliveries import OURS, Delivery
from benchmarks.stack_runs import StackRun

SMALL, LARGE = 100, 400
MACHINE = {
    "cpu": "Some CPU",
    "cores": 2,
    "memory_gb": 4.0,
    "system": "Some Linux",
    "kernel": "6.1",
    "python": "3.11.7",
}
PART = {"at": "2026-11-21T12:00:00+00:00", "took_s": 9.5, "commit": "abc", "runs": 3}


def delivery(clients: int, latency_ms: int, seconds: float, cpu_ms: float, mb: float) -> Delivery:
    return Delivery(
        clients=clients,
        latency_ms=latency_ms,
        seconds=seconds,
        first_s=0.5,
        last_s=seconds,
        cpu_s={OURS: clients * cpu_ms / 1000, "emulator": clients * 0.002, "gateway": 0.01},
        peak_mb={OURS: mb, "emulator": 200.0, "gateway": 40.0},
        accepted=clients,
    )


def mine(clients: int, latency_ms: int, seconds: float, cpu_ms: float) -> Mapping[str, Any]:
    return StackRun(
        delivery=delivery(clients, latency_ms, seconds, cpu_ms, 500.0),
        finished_s=seconds + 1,
        counted_s=seconds + 0.5,
        lags_s=[0.2, 0.4],
        in_flight_max=7,
        others=0.25,
    ).as_json()


def theirs(clients: int, latency_ms: int, seconds: float, cpu_ms: float) -> Mapping[str, Any]:
    return delivery(clients, latency_ms, seconds, cpu_ms, 300.0).as_json()


def calls(p95: float) -> Mapping[str, Any]:
    of_runs = {"median": p95, "least": p95, "greatest": p95, "runs": 1}
    return {
        "get a mailing": {
            "calls": 20, "p50": 5.0, "p95": p95, "p99": 50.0, "p95_of_runs": of_runs
        }
    }  # fmt: skip


def results(seconds_large: Sequence[float] = (4.0, 4.2, 9.0)) -> dict[str, Any]:
    """Ours sends 100 in 1 s with 1.2 ms of CPU each; the best reference takes 2 s and 3 ms."""
    spread = {"median": 700.0, "least": 650.0, "greatest": 760.0, "runs": 3}
    return {
        "machine": MACHINE,
        "parts": {"stack": PART | {"quick": False, "load_before": 0.5}},
        "not_run": {},
        "deliveries": [
            *(mine(SMALL, ms, seconds, 1.2) for ms in (0, 200) for seconds in (0.9, 1.0, 1.1)),
            *(mine(LARGE, ms, seconds, 1.4) for ms in (0, 200) for seconds in seconds_large),
        ],
        "stats_lag": {"end_s": 0.5, "end_max_s": 0.6, "during_s": 0.3, "during_max_s": 0.9},
        "reference": {
            "defaults": [theirs(SMALL, 0, 3.0, 9.0), theirs(SMALL, 200, 10.0, 9.0)],
            "best": [theirs(SMALL, 0, 2.0, 3.0), theirs(SMALL, 200, 2.0, 3.0)],
        },
        "bare_loop": {
            "requests": [theirs(SMALL, 0, 0.2, 0.6), theirs(SMALL, 200, 0.5, 0.6)],
            "urllib3": [theirs(SMALL, 0, 0.1, 0.3), theirs(SMALL, 200, 0.4, 0.3)],
        },
        "api": {
            "idle": calls(10.0),
            "busy": calls(35.0),
            "ratio_p95": {"get a mailing": 3.5},
            "busy_messages_per_s": spread,
        },
        "fanout": {"clients": LARGE, "clients_per_s": spread, "cpu_ms": spread},
        "profile": {
            "clients": SMALL,
            "functions": {
                "sender": {"cpu_ms": 1.0, "stages": {"call": {"our code": 0.7}, "log": {"x": 0.3}}}
            },
        },
        "cold_starts": {"api": 0.5, "sender": 0.3},
    }
