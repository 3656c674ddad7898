"""Deliveries through the deployed local stack: a mailing is created by HTTP and watched to its end.

The stand-in gateway knows when calls came and what it accepted, so the watching asks it and not
Carillon: what is measured is not also asked five times a second. Only the counters are looked at
once a second, as an operator would, which tells how far they lag behind.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psutil

from benchmarks.deliveries import OURS, Delivery
from benchmarks.deployed import POLL_S, Deployed, until
from benchmarks.usage import Usage
from local.errors import LocalError
from local.gateway.behaviour import Behaviour
from local.gateway.ledger import Summary
from local.progress import Update

STALL_LIMIT_S = 150.0
"""Longer than a message waits whose sender died: its record comes again after two minutes."""
END_LIMIT_S = 180.0
"""For `finished` and the counts after the last answer: a tick, a pass, and the queues' delays."""
LOOK_EVERY_S = 1.0
LAST_CALLS = 2_000
"""More than can be in flight at once, so the last answer is among so many last calls."""


@dataclass(frozen=True, kw_only=True)
class StackRun:
    """A delivery of ours, and what only a mailing has."""

    delivery: Delivery
    finished_s: float
    """Until the mailing is `finished`."""
    counted_s: float
    """Until the API's counts are complete."""
    lags_s: Sequence[float]
    """How old the API's count of sent messages was, at each look while messages were sent."""
    in_flight_max: int
    others: float
    """Processors that were busy with something else, the measuring itself among it."""

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        lags = sorted(self.lags_s)
        return self.delivery.as_json() | {
            "finished_s": self.finished_s,
            "counted_s": self.counted_s,
            "lag_s": median(lags) if lags else None,
            "lag_max_s": lags[-1] if lags else None,
            "in_flight_max": self.in_flight_max,
            "others": self.others,
        }


@dataclass
class _Looks:
    """When the API said how many messages are sent."""

    deployed: Deployed
    mailing_id: str
    seen: list[tuple[float, int]] = field(default_factory=list)

    def look(self) -> None:
        if not self.seen or time.time() > self.seen[-1][0] + LOOK_EVERY_S:
            sent = self.deployed.counts(self.mailing_id).get("sent", 0)
            self.seen.append((time.time(), sent))

    def lags_s(self, answers: Sequence[float]) -> list[float]:
        """From when the next answer came that is not counted yet to the look.

        `answers`: when each message's answer was given, in order.
        """
        return [
            max(0.0, at - answers[sent])
            for at, sent in self.seen
            if sent < len(answers) and at > answers[0] and at < answers[-1]
        ]


def deliver(deployed: Deployed, *, clients: int, latency_ms: int, update: Update) -> StackRun:
    """One mailing to so many; LocalError when a message is missing at its end."""
    deployed.gateway.reset()
    deployed.gateway.behave(Behaviour(latency_ms=latency_ms))
    busy_s = _busy_s()
    with Usage(deployed.processes.groups()) as usage:
        began = time.time()
        mailing_id = deployed.mail(clients)
        looks = _Looks(deployed, mailing_id)
        summary = _watch(deployed, clients, looks, update)
        finished_s = _finished(deployed, mailing_id) - began
        counted_s = _counted(deployed, mailing_id, clients) - began
    measured = sum(usage.cpu_s[group] for group in (OURS, "emulator", "gateway"))
    others = max(0.0, _busy_s() - busy_s - measured) / (time.time() - began)
    answers = _answers(deployed)
    deployed.clear(mailing_id)
    first, last = summary.first_call_at, summary.last_call_at
    if first is None or last is None:
        raise LocalError("the gateway was not called")
    delivery = Delivery(
        clients=clients,
        latency_ms=latency_ms,
        seconds=answers[-1] - began,
        first_s=first - began,
        last_s=last - began,
        cpu_s=_there(usage.cpu_s),
        peak_mb=_there(usage.peak_mb),
        accepted=summary.accepted,
    )
    return StackRun(
        delivery=delivery,
        finished_s=finished_s,
        counted_s=counted_s,
        lags_s=looks.lags_s(answers),
        in_flight_max=summary.in_flight_max,
        others=others,
    )


def _busy_s() -> float:
    """CPU seconds of everything on this machine since it was started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _watch(deployed: Deployed, clients: int, looks: _Looks, update: Update) -> Summary:
    """Until the gateway has accepted everything."""
    accepted, moved_at = 0, time.monotonic()
    while (summary := deployed.gateway.summary()).accepted < clients or summary.in_flight:
        if summary.accepted > accepted:
            accepted, moved_at = summary.accepted, time.monotonic()
        if time.monotonic() > moved_at + STALL_LIMIT_S:
            raise LocalError(f"{clients} messages: stuck at {accepted} for {STALL_LIMIT_S:g} s")
        update(f"{accepted:,} of {clients:,}")
        looks.look()
        time.sleep(POLL_S)
    return summary


def _answers(deployed: Deployed) -> list[float]:
    """When each call was answered, in order; all of them are remembered."""
    return sorted(call.ended_at for call in deployed.gateway.calls() if call.ended_at)


def _finished(deployed: Deployed, mailing_id: str) -> float:
    until(
        lambda: deployed.api.get(f"/mailings/{mailing_id}")["status"],
        lambda status: status == "finished",
        limit_s=END_LIMIT_S,
        what="the mailing is finished",
    )
    return time.time()


def _counted(deployed: Deployed, mailing_id: str, clients: int) -> float:
    until(
        lambda: deployed.counts(mailing_id),
        lambda counts: counts["sent"] == counts["total"] == clients,
        limit_s=END_LIMIT_S,
        what="the counts are complete",
    )
    return time.time()


def _there(values: Mapping[str, float]) -> dict[str, float]:
    """Without the functions that had nothing to do."""
    return {group: value for group, value in values.items() if value}
