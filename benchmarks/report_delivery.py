"""The report's sections about deliveries: ours, others', and where our time goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import comparing
from benchmarks.comparing import Results
from benchmarks.deliveries import OURS
from benchmarks.deployed import FUNCTIONS
from benchmarks.tables import number, spread, table

Runs = Sequence[Mapping[str, Any]]

_OTHERS = ("emulator", "servers", "gateway")


def ours(results: Results) -> Iterator[str]:
    """Carillon on the local stack, by latency and size."""
    sets = [
        (latency_ms, clients, _runs(results, latency_ms, clients))
        for latency_ms in comparing.latencies(results)
        for clients in comparing.sizes(results)
    ]
    keys = ("rate", "first_s", "last_s", "finished_s", "in_flight_max", "others")
    yield (
        "Seconds from the request that creates the mailing: until the gateway's first call, its"
        " last call, and until the mailing is `finished`. The median of the runs, with the least"
        f" and the greatest. The directory has {comparing.sizes(results)[1]:,} clients in all rows."
        " Others: processors that were busy with something else meanwhile."
    )
    yield from ("",)
    yield table(
        (
            "gateway",
            "clients",
            "messages/s",
            "first, s",
            "last, s",
            "finished, s",
            "calls at once",
            "others",
        ),
        [
            (f"{latency} ms", f"{clients:,}", *(_of(found, key) for key in keys))
            for latency, clients, found in sets
        ],
    )
    yield from ("", "CPU milliseconds for each message:", "")
    yield _by_group(sets, "cpu_ms")
    yield from ("", "Peak memory, MB:", "")
    yield _by_group(sets, "peak_mb")


def _by_group(sets: Sequence[tuple[int, int, Runs]], kind: str) -> str:
    """A column for all of ours, for each function that did anything, and for what is not ours."""
    seen = {group for _, _, found in sets for run in found for group in run[kind]}
    groups = [group for group in (OURS, *FUNCTIONS, "emulator", "gateway") if group in seen]
    return table(
        ("gateway", "clients", *groups),
        [
            (f"{latency} ms", f"{clients:,}", *(_group(found, kind, each) for each in groups))
            for latency, clients, found in sets
        ],
    )


def beside_the_reference(results: Results) -> Iterator[str]:
    """Ours, and Celery in both manners, at each latency."""
    yield (
        "The same job in the same run, in turns. What is compared, and how the reference is tuned,"
        " is told in [README.md](README.md). Ratios are ours against that row."
    )
    yield from ("", _beside(results, results["reference"], "Celery"))


def beside_the_bare_loop(results: Results) -> Iterator[str]:
    """Ours, and a process that only posts."""
    yield (
        "One process that posts the same messages over connections that stay open, and keeps"
        " nothing: no storage, no claim, no retry."
    )
    yield from ("", _beside(results, results["bare_loop"], "Bare loop"))


def _beside(results: Results, theirs: Mapping[str, Runs], name: str) -> str:
    rows = []
    latencies = sorted({run["latency_ms"] for found in theirs.values() for run in found})
    for latency_ms in latencies:
        mine = _mine(results, latency_ms)
        if mine:
            rows.append(_row(f"{latency_ms} ms", "Carillon", mine, ()))
        for manner, found in theirs.items():
            at_this = comparing.runs(found, latency_ms=latency_ms)
            rows.append(_row(f"{latency_ms} ms", f"{name}, {manner}", at_this, mine))
    head = ("gateway", "who", "messages", "messages/s", "ratio", "worker CPU, ms", "other CPU, ms")
    return table((*head, "worker memory, MB"), rows, left=2)


def _row(latency: str, who: str, found: Runs, mine: Runs) -> Sequence[str]:
    others = [sum(run["cpu_ms"].get(group, 0) for group in _OTHERS) for run in found]
    ratio = f"{number(comparing.rate(mine) / comparing.rate(found))} ×" if mine else ""
    return (
        latency,
        who,
        f"{found[0]['clients']:,}",
        _of(found, "rate"),
        ratio,
        _group(found, "cpu_ms", OURS),
        spread(others),
        _group(found, "peak_mb", OURS),
    )


def profile(results: Results) -> Iterator[str]:
    """A table for each function that works on every message."""
    told = results["profile"]
    if "functions" not in told:
        yield f"Not run: {told['not_run']}."
        return
    yield (
        "CPU milliseconds for each message, by stage and by whose code our own calls, in a mailing"
        f" to {told['clients']:,} clients. Our functions run in processes that are looked into"
        " every two milliseconds; AWS and the gateway are other processes."
    )
    for function, spent in told["functions"].items():
        libraries = sorted({name for stage in spent["stages"].values() for name in stage})
        rows = [
            (stage, number(sum(shares.values())), *(_cell(shares, each) for each in libraries))
            for stage, shares in spent["stages"].items()
        ]
        yield from ("", f"`{function}`, {number(spent['cpu_ms'])} ms in all:", "")
        yield table(("stage", "ms", *libraries), rows)


def _cell(shares: Mapping[str, float], library: str) -> str:
    """Nothing for what nobody would miss."""
    return number(shares[library]) if shares.get(library, 0) >= 0.0005 else ""


def _runs(results: Results, latency_ms: int, clients: int) -> Runs:
    return comparing.runs(results["deliveries"], latency_ms=latency_ms, clients=clients)


def _mine(results: Results, latency_ms: int) -> Runs:
    """None when ours was not measured."""
    return comparing.ours(results, latency_ms) if results.get("deliveries") else ()


def _of(found: Runs, key: str) -> str:
    return spread([run[key] for run in found])


def _group(found: Runs, kind: str, group: str) -> str:
    values = [run[kind][group] for run in found if group in run[kind]]
    return spread(values) if values else ""
