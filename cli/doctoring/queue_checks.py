"""The queues: whether anything was given up, or waits though nobody is at work."""

from __future__ import annotations

from collections.abc import Iterator

from cli.doctoring.findings import Finding, Patient, ok, problem, warning

REDRIVE = "carillon dead-letters list, and then redrive or discard"


def dead_letters(patient: Patient) -> Iterator[Finding]:
    """Whether records were given up."""
    found = {name: count for name, count in patient.queues["dead_letters"].items() if count}
    if not found:
        yield ok("dead letters", "none")
        return
    told = ", ".join(f"{count:,} of {name}" for name, count in found.items())
    yield problem("dead letters", f"given up: {told}", REDRIVE)


def waiting(patient: Patient) -> Iterator[Finding]:
    """Whether what waits has somebody to wait for."""
    queues = patient.queues
    ready = {name: queues[name]["ready"] for name in ("messages", "fanout", "imports")}
    told = ", ".join(f"{count:,} of {name}" for name, count in ready.items() if count)
    if not told:
        yield ok("queues", "nothing waits")
        return
    running = list(patient.api.items("/mailings", most=1, status="running"))
    if ready["messages"] and not running:
        yield warning(
            "queues",
            f"{told} wait, though no mailing runs",
            "Right after a mailing that is the rest of it. If it stays: are the functions well?",
        )
    else:
        yield ok("queues", f"at work: {told} wait")
