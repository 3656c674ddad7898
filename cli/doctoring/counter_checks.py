"""The counters against the messages themselves, for the latest mailings.

By default they are counted from here, page by page, which changes nothing. With `--recount`
Carillon does it, however many they are, and repairs what is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cli.doctoring.findings import Finding, Patient, ok, problem, warning
from cli.times import parse_api

MAILINGS = 5
COUNTED_MAX = 5_000
"""Messages of one mailing that are counted from here: 25 pages."""

TRIES = 3
PAUSE_S = 2.0
"""Counters follow the messages within a second or two."""

RECOUNT_LIMIT_S = 300.0
REPAIR = "carillon doctor --recount repairs them."


def match(patient: Patient) -> Iterator[Finding]:
    """Whether the latest mailings' counts are those of their messages."""
    latest = list(patient.api.items("/stats", most=MAILINGS))
    if patient.recount:
        yield from _recounted(patient, latest)
        return
    wrong, skipped, right = False, 0, 0
    for mailing in latest:
        mailing_id = mailing["mailing_id"]
        countable = mailing["counts"]["total"] <= COUNTED_MAX and not _may_be_gone(patient, mailing)
        difference = _difference(patient, mailing_id) if countable else None
        if difference is None:
            skipped += 1
        elif difference:
            wrong = True
            what = f"differ from the messages of {mailing_id} ({difference})"
            yield problem("counters", what, REPAIR)
        else:
            right += 1
    if not wrong:
        rest = f"; {skipped} not counted: large, old or in motion" if skipped else ""
        yield ok("counters", f"match the messages of {right} of the latest mailings{rest}")


def _may_be_gone(patient: Patient, mailing: Any) -> bool:
    """Whether some messages may have been removed: they are kept for a limited time."""
    kept = timedelta(days=int(patient.sender["RETENTION_DAYS"]))
    created = parse_api(patient.api.get(f"/mailings/{mailing['mailing_id']}")["created_at"])
    return patient.now() - created > kept


def _difference(patient: Patient, mailing_id: str) -> str | None:
    """What the counters hold too much or too little; empty when nothing.

    Pages are read one after the other, so of a mailing in motion nothing can be said: None when
    its counters moved during each try.
    """
    found: str | None = None
    for turn in range(TRIES):
        if turn:
            patient.sleep(PAUSE_S)
        before = patient.api.get(f"/mailings/{mailing_id}/stats")["counts"]
        messages = patient.api.items(f"/mailings/{mailing_id}/messages")
        counted = Counter(each["status"] for each in messages)
        told = patient.api.get(f"/mailings/{mailing_id}/stats")["counts"]
        if told != before:
            continue
        found = ", ".join(
            f"{status} {told[status] - counted[status]:+d}"
            for status in told
            if status != "total" and told[status] != counted[status]
        )
        if not found:
            return ""
    return found


def _recounted(patient: Patient, latest: list[Any]) -> Iterator[Finding]:
    """By Carillon itself."""
    repaired = 0
    for mailing in latest:
        mailing_id = mailing["mailing_id"]
        recount = _recount(patient, mailing_id)
        if recount is None:
            yield warning(
                "counters", f"the recount of {mailing_id} takes long", "Look again later."
            )
            continue
        difference = {name: by for name, by in (recount["difference"] or {}).items() if by}
        if difference:
            repaired += 1
            told = ", ".join(f"{name} {by:+d}" for name, by in difference.items())
            yield problem(
                "counters",
                f"differed from the messages of {mailing_id} ({told}), and are repaired",
                "If it happens again: look into the stats function's log.",
            )
    if not repaired:
        yield ok("counters", f"match a recount of the latest {len(latest)} mailings")


def _recount(patient: Patient, mailing_id: str) -> Any:
    """A recount at its end; None when that took too long."""
    recount = patient.api.act(f"/mailings/{mailing_id}/recount").json()
    path = f"/mailings/{mailing_id}/recounts/{recount['number']}"
    waited = 0.0
    while recount["status"] != "finished":
        if waited >= RECOUNT_LIMIT_S:
            return None
        patient.sleep(PAUSE_S)
        waited += PAUSE_S
        recount = patient.api.get(path)
    return recount
