"""EventBridge Scheduler against the mailings: is there a hint for each time that lies ahead?

A schedule is named `<mailing>-start-<time>` or `<mailing>-end-<time>`. What is nearer than two
minutes waits in the queue instead. A missing hint delays a mailing by a minute at most, because the
tick looks every minute; without the tick it would not start at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from cli.aws import output, speaking_to_aws
from cli.doctoring.findings import Finding, Patient, ok, problem, warning
from cli.times import parse_api

IN_THE_QUEUE = timedelta(minutes=3)
"""Two minutes, and one for the planner: nearer times need no schedule."""

SETTLED = timedelta(seconds=15)
"""A mailing that was changed just now may be on the planner's way still."""

LOOKED_AT = 100
_HINT = re.compile(r"(?P<mailing>.+)-(start|end)-\d{8}T\d{12}")


def tick(patient: Patient) -> Iterator[Finding]:
    """The safety net: whether the schedule that looks every minute is there and enabled."""
    ours = [each for each in _schedules(patient) if not _HINT.fullmatch(each["Name"])]
    if any(each.get("State") == "ENABLED" for each in ours):
        yield ok("tick", "looks every minute for what is due")
    else:
        yield problem(
            "tick",
            "is missing or disabled: what gets lost is never found again",
            "Deploy again, or enable it in EventBridge Scheduler.",
        )


def match(patient: Patient) -> Iterator[Finding]:
    """Whether each mailing has its hints, and each hint its mailing."""
    mailings = [
        mailing
        for status in ("scheduled", "running", "paused")
        for mailing in islice(patient.api.items("/mailings", status=status), LOOKED_AT)
    ]
    now = patient.now()
    awaited = {name for mailing in mailings for name in expected(mailing, now)}
    missing = sorted(name for name in awaited if not _named(patient, name))
    if missing:
        yield warning(
            "schedules",
            f"{len(missing)} missing, such as {missing[0].rstrip('-')}",
            "The tick makes up for it within a minute. Look into the planner's log.",
        )
    known = {str(mailing["id"]) for mailing in mailings}
    stray = _stray(patient, known)
    if stray:
        yield warning(
            "schedules",
            f"{len(stray)} for mailings that are over or gone, such as {stray[0]}",
            "They are harmless: a hint that no longer fits does nothing.",
        )
    if not missing and not stray:
        yield ok("schedules", f"match the mailings ({len(awaited)} ahead)")


def expected(mailing: Any, now: datetime) -> list[str]:
    """How the names of the schedules begin that a mailing must have."""
    if now - parse_api(mailing["updated_at"]) < SETTLED:
        return []
    kinds = [("end", mailing["ends_at"])]
    if mailing["status"] == "scheduled":
        kinds.append(("start", mailing["starts_at"]))
    return [
        f"{mailing['id']}-{kind}-{parse_api(at):%Y%m%dT%H%M%S}"
        for kind, at in kinds
        if parse_api(at) - now > IN_THE_QUEUE
    ]


def _stray(patient: Patient, known: set[str]) -> list[str]:
    """Mailings that have schedules and are not open; each is looked up, as there may be more open
    ones than were read."""
    hinted = {
        found["mailing"]
        for each in _schedules(patient)
        if (found := _HINT.fullmatch(each["Name"])) and found["mailing"] not in known
    }
    return sorted(each for each in hinted if not _is_open(patient, each))


def _is_open(patient: Patient, mailing_id: str) -> bool:
    from cli.errors import NotFound

    try:
        mailing = patient.api.get(f"/mailings/{mailing_id}")
    except NotFound:
        return False
    return mailing["status"] in ("scheduled", "running", "paused")


def _schedules(patient: Patient) -> list[Any]:
    """The first page of the group: a hundred."""
    with speaking_to_aws():
        found: list[Any] = patient.aws.client("scheduler").list_schedules(
            GroupName=output(patient.aws, "ScheduleGroup")
        )["Schedules"]
    return found


def _named(patient: Patient, prefix: str) -> bool:
    """Whether there is a schedule whose name begins so: there may be more than a page of them."""
    with speaking_to_aws():
        found = patient.aws.client("scheduler").list_schedules(
            GroupName=output(patient.aws, "ScheduleGroup"), NamePrefix=prefix
        )
    return bool(found["Schedules"])
