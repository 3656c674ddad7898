"""How fast a mailing becomes messages: nobody may be written to yet, so nothing is sent."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.deployed import Deployed, until
from benchmarks.figures import Spread
from benchmarks.plan import Plan
from benchmarks.usage import Usage
from local.progress import Progress

ZONE = ZoneInfo("Europe/Moscow")
"""Where all clients of the directory live."""
HOURS_S = 86_400
"""The end of the mailing: far enough for its hours to come, so that nothing expires."""
LIMIT_S = 600


def measure(deployed: Deployed, plan: Plan, progress: Progress) -> dict[str, Any]:
    """`clients_per_s` from the creation to the last message that the counters know."""
    rates, cpu_ms = [], []
    for run in range(1, plan.runs + 1):
        what = f"Fan-out to {deployed.large:,} clients: run {run} of {plan.runs}"
        with progress.step(what), Usage(deployed.processes.groups()) as usage:
            began = time.monotonic()
            mailing_id = _mail_later(deployed)
            _wait_for_all(deployed, mailing_id)
            rates.append(deployed.large / (time.monotonic() - began))
        cpu_ms.append(1000 * usage.cpu_s["fanout"] / deployed.large)
        deployed.clear(mailing_id)
    return {
        "clients": deployed.large,
        "clients_per_s": Spread.of(rates).as_json(),
        "cpu_ms": Spread.of(cpu_ms).as_json(),
    }


def _wait_for_all(deployed: Deployed, mailing_id: str) -> None:
    until(
        lambda: deployed.counts(mailing_id)["total"],
        lambda total: total == deployed.large,
        limit_s=LIMIT_S,
        what="all messages are made",
    )


def _mail_later(deployed: Deployed) -> str:
    """To everybody, at once, but only in hours that open in six hours."""
    now = datetime.now(UTC)
    opens = now.astimezone(ZONE) + timedelta(hours=6)
    return deployed.mail(
        deployed.large,
        ends_at=(now + timedelta(seconds=HOURS_S)).isoformat(),
        time_window={
            "start": opens.strftime("%H:%M"),
            "end": (opens + timedelta(hours=2)).strftime("%H:%M"),
        },
    )
