"""The report's sections about everything that is not a delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.comparing import Results
from benchmarks.tables import number, table, told


def api(results: Results) -> Iterator[str]:
    """Each call, idle and busy."""
    found = results["api"]
    calls = next(iter(found["idle"].values()))["calls"]
    yield (
        f"Milliseconds of {calls} calls each, by one caller that waits for each answer: while"
        " nothing else happens, and while a mailing runs at full speed (gateway at 0 ms)."
    )
    percentiles = ("p50", "p95", "p99")
    yield from ("",)
    yield table(
        (
            "call",
            *(f"idle {each}" for each in percentiles),
            *(f"busy {each}" for each in percentiles),
            "p95, busy / idle",
        ),
        [
            (
                name,
                *(number(found["idle"][name][each]) for each in percentiles),
                *(number(found["busy"][name][each]) for each in percentiles),
                f"{number(ratio)} ×",
            )
            for name, ratio in found["ratio_p95"].items()
        ],
    )
    if rate := found.get("busy_messages_per_s"):  # which earlier versions did not measure
        yield ""
        yield (
            f"Meanwhile the mailing sends {told(rate)} messages/s: on the local stack a page goes"
            " first, and this caller asks for one after the other."
        )


def rates(results: Results) -> Iterator[str]:
    """What is a number each."""
    rows = []
    if fanout := results.get("fanout"):
        rows += [
            (
                f"fan-out to {fanout['clients']:,} clients, all messages made and counted",
                told(fanout["clients_per_s"]),
                "clients/s",
            ),
            ("its CPU for each client", told(fanout["cpu_ms"]), "ms"),
        ]
    if imports := results.get("imports"):
        rows += [
            (
                f"import of {imports['rows']:,} new clients from a file",
                told(imports["rows_per_s"]),
                "rows/s",
            ),
            ("its CPU for each row", told(imports["cpu_ms"]), "ms"),
        ]
    if lag := results.get("stats_lag"):
        rows += [
            ("counters complete, after the gateway's last answer", number(lag["end_s"]), "s"),
            ("the same, at worst", number(lag["end_max_s"]), "s"),
        ]
        if "during_s" in lag:
            rows += [
                ("counters behind the gateway, while it runs", number(lag["during_s"]), "s"),
                ("the same, at worst", number(lag["during_max_s"]), "s"),
            ]
    yield table(("what", "median", "unit"), rows)


def emulator(results: Results) -> Iterator[str]:
    """Its ceiling, without our code."""
    yield (
        "Asked by two callers (invocations by one), with none of our code involved. A local run"
        " cannot be faster than this; AWS has no such ceiling."
    )
    yield from ("",)
    yield table(
        ("operation", "a second", "its CPU for each, ms"),
        [
            (what, number(found["per_s"]), number(found["cpu_ms"]))
            for what, found in results["emulator"].items()
        ],
    )


def counts(results: Results) -> Iterator[str]:
    """By count, and in dollars."""
    found = results["counts"]
    messages = found["messages"]
    yield (
        f"Counted in a mailing of {messages:,}, by AWS's rules: units from the sizes of items,"
        " requests as the service charges them."
    )
    yield from ("",)
    yield table(
        ("for each message", "count"),
        [(name, number(total / messages)) for name, total in _sums(found)],
    )
    for which, heading in (
        ("million", "A million delivered messages, USD:"),
        ("idle_month", "A month without a mailing, USD:"),
    ):
        yield from ("", heading, "", _bill(results["bill"][which]))


def _sums(found: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for kind in ("write_units", "read_units", "sqs_requests", "invocations"):
        yield kind.replace("_", " ").replace("sqs", "SQS"), sum(found[kind].values())
        if len(found[kind]) > 1:
            yield from ((f"… {name}", value) for name, value in found[kind].items())
    yield "billed ms", sum(found["billed_ms"].values())
    for kind in ("gateway_calls", "log_bytes", "stream_records"):
        yield kind.replace("_", " "), found[kind]


def _bill(bill: Mapping[str, Any]) -> str:
    """At list prices, and with what AWS gives every account."""
    lines = [
        (name, number(line["number"]), f"{line['list']:.3f}", f"{line['with_free']:.3f}")
        for name, line in bill["lines"].items()
    ]
    sums = ("together", "", f"**{bill['list']:.2f}**", f"**{bill['with_free']:.2f}**")
    return table(("", "number", "at list price", "less the free allowance"), [*lines, sums])


def cold_starts(results: Results) -> Iterator[str]:
    """CPU of the imports."""
    yield "CPU seconds of importing each handler in a new process, from the built layers."
    yield from ("",)
    starts = sorted(results["cold_starts"].items(), key=lambda start: -start[1])
    yield table(("function", "s"), [(name, f"{seconds:.2f}") for name, seconds in starts])


def model(results: Results) -> Iterator[str]:
    """A row for each size and setting; what they mean is told in docs/scale.md."""
    yield table(
        ("recipients", "gateway", "deployment", "finished, s", "peak, /s", "bottleneck", "USD"),
        [
            (
                number(row["recipients"]),
                f"{row['gateway_per_s']:g}/s" if row["gateway_per_s"] else "any pace",
                row["deployment"],
                number(row["finished_s"]),
                number(row["peak_per_s"]),
                row["bottleneck"],
                f"{row['bill']['total']:,.2f}",
            )
            for row in results["model"]["rows"]
        ],
    )
