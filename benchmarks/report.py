"""`report.md`: what was measured, for a reader. The verdicts first, then each table.

Each section is made of its part of the results and left out when that was not measured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks import report_delivery, report_other
from benchmarks.machine import in_words
from benchmarks.tables import number, table

Section = Callable[[Mapping[str, Any]], Iterator[str]]

SECTIONS: Sequence[tuple[tuple[str, ...], str, Section]] = (
    (("deliveries",), "A mailing from its creation to its end", report_delivery.ours),
    (("reference",), "Beside Celery, Redis and PostgreSQL", report_delivery.beside_the_reference),
    (("bare_loop",), "Beside a bare loop", report_delivery.beside_the_bare_loop),
    (("profile",), "Where our time goes", report_delivery.profile),
    (("api",), "How long the API takes", report_other.api),
    (("fanout", "imports", "stats_lag"), "Fan-out, imports, counters", report_other.rates),
    (("emulator",), "What the emulated AWS can do by itself", report_other.emulator),
    (("counts",), "What AWS would count and charge", report_other.counts),
    (("cold_starts",), "Cold starts", report_other.cold_starts),
    (("model",), "At scale, by the model", report_other.model),
)
"""Of what something must have been measured, the heading, and what is said."""


def markdown(results: Mapping[str, Any]) -> str:
    """The whole report."""
    return "\n".join(_paragraphs(results)).rstrip() + "\n"


def _paragraphs(results: Mapping[str, Any]) -> Iterator[str]:
    yield from ("# What was measured", "")
    yield from ("Written by `make bench`; the same figures are in `report.json`.", "")
    if "machine" in results:
        yield from (f"The machine: {in_words(results['machine'])}.", "")
    if any(part.get("quick") for part in results["parts"].values()):
        yield from ("**A quick run: these figures show an order of magnitude and no more.**", "")
    for part, reason in results["not_run"].items():
        yield from (f"**Not run: `{part}`.** {reason}", "")
    yield from ("## To reach", "", *_targets(results["targets"]), "")
    for keys, heading, section in SECTIONS:
        if any(results.get(key) for key in keys):
            yield from (f"## {heading}", "", *section(results), "")
    yield from ("## What was run when", "", *_parts(results["parts"]), "")


def _targets(verdicts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    words = {True: "reached", False: "**not reached**", None: "not measured"}
    yield table(
        ("figure", "to reach", "measured", "verdict"),
        [
            (
                verdict["figure"],
                verdict["at_least"],
                "" if verdict["measured"] is None else number(verdict["measured"]),
                words[verdict["reached"]],
            )
            for verdict in verdicts
        ],
    )
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for verdict in verdicts:
        if verdict["because"]:
            reasons[verdict["because"]].append(verdict["figure"])
    if reasons:
        yield from ("", "Where the rest goes:", "")
        yield from (f"- {'; '.join(figures)}: {because}." for because, figures in reasons.items())


def _parts(parts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield table(
        ("part", "when", "commit", "how", "runs", "took, s", "load before"),
        [
            (
                name,
                part["at"],
                part["commit"],
                "quick" if part["quick"] else "full",
                number(part["runs"]),
                number(part["took_s"]),
                number(part["load_before"]),
            )
            for name, part in parts.items()
        ],
        left=4,
    )
    yield from ("", "A plus behind the commit: the code was changed since.")
