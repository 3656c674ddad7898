"""What is to be reached, as data: a figure, its bound, and how it is made of the results.

Every comparison is a ratio within one run on one machine. Where a figure was measured several
times, at several latencies or sizes, the worst median counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from benchmarks.comparing import (
    Measure,
    Results,
    bare_share,
    counted,
    dearest_lines,
    dearest_stages,
    emulator_bound,
    growth,
    growth_told,
    memory_mb,
    most_cpu_ms,
    seconds,
    share_of_best,
    slowest_calls,
    slowest_imports,
    times_as_fast,
)

NOT_MEASURED = (KeyError, ValueError, TypeError, IndexError)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A figure and its bound: "at least" or "at most"."""

    figure: str
    bound: Literal["≥", "≤"]
    limit: float
    unit: str
    measure: Measure
    because: Callable[[Results], str] = lambda _results: ""
    """Where the rest goes, from the same results: shown when it is not reached."""

    def verdict(self, results: Results) -> dict[str, Any]:
        """`measured` and `reached` are None when it was not measured."""
        told = {"figure": self.figure, "at_least": f"{self.bound} {self.limit:g}{self.unit}"}
        try:
            measured = self.measure(results)
        except NOT_MEASURED:
            return told | {"measured": None, "reached": None, "because": ""}
        reached = measured >= self.limit if self.bound == "≥" else measured <= self.limit
        because = "" if reached else _reason(self.because, results)
        return told | {"measured": measured, "reached": reached, "because": because}


def verdicts(results: Results) -> list[dict[str, Any]]:
    """Of all targets, in the order of the table."""
    return [target.verdict(results) for target in TARGETS]


def _reason(because: Callable[[Results], str], results: Results) -> str:
    try:
        return because(results)
    except NOT_MEASURED:
        return ""


TARGETS: Sequence[Target] = (
    Target(
        figure="messages/s at 200 ms, against the reference's defaults",
        bound="≥",
        limit=40,
        unit=" ×",
        measure=times_as_fast(200, "defaults"),
        because=emulator_bound,
    ),
    Target(
        figure="messages/s at 200 ms, against the reference's best",
        bound="≥",
        limit=2,
        unit=" ×",
        measure=times_as_fast(200, "best"),
        because=emulator_bound,
    ),
    Target(
        figure="messages/s at 0 ms, against the reference's best",
        bound="≥",
        limit=1.5,
        unit=" ×",
        measure=times_as_fast(0, "best"),
        because=emulator_bound,
    ),
    Target(
        figure="CPU per message, our code",
        bound="≤",
        limit=1.5,
        unit=" ms",
        measure=most_cpu_ms,
        because=dearest_stages,
    ),
    Target(
        figure="CPU per message, our code / the best reference's worker",
        bound="≤",
        limit=0.5,
        unit="",
        measure=share_of_best,
        because=dearest_stages,
    ),
    Target(
        figure="CPU per message, bare loop with requests / our code",
        bound="≥",
        limit=0.4,
        unit="",
        measure=bare_share("requests"),
        because=dearest_stages,
    ),
    Target(
        figure="CPU per message, bare loop with urllib3 / our code",
        bound="≥",
        limit=0.4,
        unit="",
        measure=bare_share("urllib3"),
        because=dearest_stages,
    ),
    Target(
        figure="write units per message",
        bound="≤",
        limit=3.05,
        unit="",
        measure=counted("write_units"),
    ),
    Target(
        figure="read units per message",
        bound="≤",
        limit=0.7,
        unit="",
        measure=counted("read_units"),
    ),
    Target(
        figure="SQS requests per message",
        bound="≤",
        limit=0.35,
        unit="",
        measure=counted("sqs_requests"),
    ),
    Target(
        figure="bill per million delivered, at list prices, with what the gateway is sent",
        bound="≤",
        limit=2.40,
        unit=" USD",
        measure=lambda results: float(results["bill"]["million"]["list"]),
        because=dearest_lines("million"),
    ),
    Target(
        figure="bill of an idle month, at list prices",
        bound="≤",
        limit=1.50,
        unit=" USD",
        measure=lambda results: float(results["bill"]["idle_month"]["list"]),
        because=dearest_lines("idle_month"),
    ),
    Target(
        figure="bill of an idle month, less what AWS gives every account for ever",
        bound="≤",
        limit=1.50,
        unit=" USD",
        measure=lambda results: float(results["bill"]["idle_month"]["with_free"]),
        because=dearest_lines("idle_month"),
    ),
    Target(
        figure="API p95 under full delivery / idle, the worst call",
        bound="≤",
        limit=4,
        unit=" ×",
        measure=lambda results: float(max(results["api"]["ratio_p95"].values())),
        because=slowest_calls,
    ),
    Target(
        figure="import of a handler, cold, the slowest",
        bound="≤",
        limit=0.4,
        unit=" s CPU",
        measure=lambda results: float(max(results["cold_starts"].values())),
        because=slowest_imports,
    ),
    Target(
        figure="four times the clients: time",
        bound="≤",
        limit=4.4,
        unit=" ×",
        measure=growth(seconds),
        because=growth_told(seconds, " s"),
    ),
    Target(
        figure="four times the clients: our memory",
        bound="≤",
        limit=1.1,
        unit=" ×",
        measure=growth(memory_mb),
        because=growth_told(memory_mb, " MB"),
    ),
)
