"""Figures made of the results: ratios, the worst of several, and where the rest goes.

What was not measured is a KeyError, ValueError or TypeError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.deliveries import OURS
from benchmarks.tables import number

Results = Mapping[str, Any]
Figure = Callable[[Mapping[str, Any]], float]
"""Of one run."""
Measure = Callable[[Results], float]
"""Raises KeyError, ValueError or TypeError when what it needs was not measured."""


def runs(
    deliveries: Iterable[Mapping[str, Any]], *, latency_ms: int, clients: int | None = None
) -> Sequence[Mapping[str, Any]]:
    """Those at this latency and, unless None, to so many."""
    return [
        run
        for run in deliveries
        if run["latency_ms"] == latency_ms and clients in (None, run["clients"])
    ]


def sizes(results: Results) -> tuple[int, int]:
    """The small and the large number of clients that were measured."""
    found = {run["clients"] for run in results["deliveries"]}
    return min(found), max(found)


def latencies(results: Results) -> Sequence[int]:
    """That ours was measured at."""
    return sorted({run["latency_ms"] for run in results["deliveries"]})


def rate(found: Sequence[Mapping[str, Any]]) -> float:
    """The median of messages a second."""
    return float(median(run["rate"] for run in found))


def cpu_ms(found: Sequence[Mapping[str, Any]], group: str = OURS) -> float:
    """The median of CPU milliseconds for each message."""
    return float(median(run["cpu_ms"][group] for run in found))


def ours(results: Results, latency_ms: int) -> Sequence[Mapping[str, Any]]:
    """To the small number of clients, as the reference at its best."""
    return runs(results["deliveries"], latency_ms=latency_ms, clients=sizes(results)[0])


def times_as_fast(latency_ms: int, manner: str) -> Measure:
    """Ours, against the reference in this manner."""

    def measure(results: Results) -> float:
        theirs = runs(results["reference"][manner], latency_ms=latency_ms)
        return rate(ours(results, latency_ms)) / rate(theirs)

    return measure


def most_cpu_ms(results: Results) -> float:
    """Of our functions for a message, at any size and latency."""
    return max(
        cpu_ms(runs(results["deliveries"], latency_ms=latency_ms, clients=clients))
        for latency_ms in latencies(results)
        for clients in sizes(results)
    )


def share_of_best(results: Results) -> float:
    """Our CPU, of that of the best reference's worker, at any latency."""
    best = results["reference"]["best"]
    return max(
        cpu_ms(ours(results, latency_ms)) / cpu_ms(runs(best, latency_ms=latency_ms))
        for latency_ms in latencies(results)
    )


def bare_share(library: str) -> Measure:
    """What a message cannot be had without, of what ours takes, at any latency."""

    def measure(results: Results) -> float:
        bare = results["bare_loop"][library]
        return min(
            cpu_ms(runs(bare, latency_ms=latency_ms)) / cpu_ms(ours(results, latency_ms))
            for latency_ms in latencies(results)
        )

    return measure


def counted(kind: str) -> Measure:
    """Units or requests of this kind for each message."""

    def measure(results: Results) -> float:
        counts = results["counts"]
        return float(sum(counts[kind].values()) / counts["messages"])

    return measure


def seconds(run: Mapping[str, Any]) -> float:
    """From the creation to the last answer."""
    return float(run["seconds"])


def memory_mb(run: Mapping[str, Any]) -> float:
    """Of all our functions together."""
    return float(run["peak_mb"][OURS])


def growth(of: Figure) -> Measure:
    """From the small number of clients to the large, at any latency."""
    return lambda results: max(large / small for _, small, large in _grown(results, of))


def growth_told(of: Figure, unit: str) -> Callable[[Results], str]:
    """At each latency."""

    def because(results: Results) -> str:
        return "; ".join(
            f"at {latency_ms} ms from {number(small)} to {number(large)}{unit}"
            for latency_ms, small, large in _grown(results, of)
        )

    return because


def _grown(results: Results, of: Figure) -> Iterator[tuple[int, float, float]]:
    """(latency, median for the small number of clients, and for the large)."""
    small, large = sizes(results)
    if large == small:
        raise ValueError("one size only")
    for latency_ms in latencies(results):
        few, many = (
            median(map(of, runs(results["deliveries"], latency_ms=latency_ms, clients=clients)))
            for clients in (small, large)
        )
        yield latency_ms, few, many


def emulator_bound(results: Results) -> str:
    """How much of a message's CPU time is not ours."""
    found = runs(results["deliveries"], latency_ms=0, clients=sizes(results)[1])
    emulator_ms, ours_ms = cpu_ms(found, "emulator"), cpu_ms(found)
    return (
        f"at 0 ms the emulated AWS, one process, uses {emulator_ms:.2f} ms of CPU for each message"
        f" and our functions {ours_ms:.2f} ms, so one core for the emulator allows"
        f" {1000 / emulator_ms:,.0f} messages/s at most"
    )


def dearest_stages(results: Results) -> str:
    """Of the profile."""
    stages = [
        (sum(libraries.values()), f"{function}: {stage}")
        for function, told in results["profile"]["functions"].items()
        for stage, libraries in told["stages"].items()
    ]
    named = [f"{name} {spent:.2f} ms" for spent, name in sorted(stages, reverse=True)[:5]]
    return f"the most goes into {', '.join(named)}"


def dearest_lines(which: str) -> Callable[[Results], str]:
    """Of a bill."""

    def because(results: Results) -> str:
        lines = results["bill"][which]["lines"]
        ranked = sorted(lines.items(), key=lambda line: -line[1]["list"])[:4]
        return ", ".join(f"{name} ${line['list']:.2f}" for name, line in ranked)

    return because


def slowest_calls(results: Results) -> str:
    """Busy against idle."""
    ratios = sorted(results["api"]["ratio_p95"].items(), key=lambda call: -call[1])[:3]
    return ", ".join(f"{name} {ratio:.1f} times" for name, ratio in ratios)


def slowest_imports(results: Results) -> str:
    """In CPU seconds."""
    starts = sorted(results["cold_starts"].items(), key=lambda start: -start[1])[:4]
    return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in starts)
