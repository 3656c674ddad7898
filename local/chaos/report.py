"""Tells a person what a run had in it and what it proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from local.chaos.evidence import Evidence, Finding

WRONG_SHOWN = 20
"""Of each check; the rest is counted."""


def tell(evidence: Evidence, findings: Sequence[Finding]) -> str:
    """Each figure on a line of its own, and under a check that failed what is wrong."""
    lines = [f"  {name:<34}{figure}" for name, figure in _figures(evidence)]
    for finding in findings:
        mark = "✗" if finding.wrong else "✓"
        lines.append(f"{mark} {finding.what + ':':<48}{finding.figure}")
        lines += [f"    {wrong}" for wrong in finding.wrong[:WRONG_SHOWN]]
        if (hidden := len(finding.wrong) - WRONG_SHOWN) > 0:
            lines.append(f"    and {hidden} more")
    return "\n".join(lines)


def _figures(evidence: Evidence) -> Iterator[tuple[str, str]]:
    done = evidence.misfortunes
    functions = Counter(each.function.removesuffix("Function").lower() for each in done.kills)
    sent = sum(each["status"] == "sent" for each in evidence.messages)
    yield "lasted", f"{evidence.lasted_s:.0f} s"
    yield "sent", f"{sent / max(1, len(evidence.messages)):.1%} of {len(evidence.messages)}"
    yield "calls of the gateway", _told(Counter(each.answer for each in evidence.calls))
    yield "processes killed", _told(functions)
    yield "emulated AWS stopped and started", f"{len(done.restarts)}"
    yield "records in the queue when purged", ", ".join(map(str, done.purged)) or "none"
    yield "pauses", ", ".join(f"{each.end - each.begin:.0f} s" for each in done.pauses)
    yield "clients deleted", f"{len(done.deleted)}"
    yield "dead letters", f"{evidence.dead_letters}"


def _told(counts: Counter[str]) -> str:
    told = ", ".join(f"{number} {name}" for name, number in counts.most_common())
    return f"{counts.total()} ({told})"
