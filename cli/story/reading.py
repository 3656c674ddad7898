"""CloudWatch Logs, read for a story: all functions' groups, merged by time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cli.aws import Aws, speaking_to_aws
from cli.errors import NotFound
from cli.story.subjects import Subject

GROUP = "Logs"
"""The outputs with log groups are named `<Function>Logs`."""

FUNCTION = "Function"
PAGE = 10_000
"""The most events in one answer.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

AT_ONCE = 4
"""AWS permits few of these calls a second for an account; more at once would be turned away."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of a story."""

    at: datetime
    function: str
    line: Mapping[str, Any]
    event_id: str
    raw: str


def log_groups(aws: Aws) -> dict[str, str]:
    """Each function's log group, by the stack's outputs; the key is the function's name.

    A stack from before it told them is asked function by function.
    """
    outputs = aws.outputs
    told = {
        name.removesuffix(GROUP).lower(): value
        for name, value in outputs.items()
        if name.endswith(GROUP)
    }
    return told or dict(_configured(aws))


def _configured(aws: Aws) -> Iterator[tuple[str, str]]:
    functions = {
        name.removesuffix(FUNCTION).lower(): value
        for name, value in aws.outputs.items()
        if name.endswith(FUNCTION)
    }
    if not functions:
        raise NotFound(f"{aws.place} has no functions.", "Is it Carillon's? --stack")
    client = aws.client("lambda")
    for name, function in functions.items():
        with speaking_to_aws():
            found = client.get_function_configuration(FunctionName=function)
        yield name, found["LoggingConfig"]["LogGroup"]


def read(
    aws: Aws,
    groups: Mapping[str, str],
    subjects: Iterable[Subject],
    *,
    since: datetime,
    until: datetime | None = None,
) -> list[Told]:
    """The lines that belong to any of the subjects, oldest first."""
    client, wanted = aws.client("logs"), list(subjects)
    asked = [(name, group, subject) for name, group in groups.items() for subject in wanted]

    def ask(question: tuple[str, str, Subject]) -> list[Told]:
        name, group, subject = question
        events = _events(client, group, subject, since=since, until=until)
        return [told for event in events if (told := _told(name, event, subject))]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = {told.event_id: told for part in pool.map(ask, asked) for told in part}
    return sorted(found.values(), key=lambda told: (told.at, told.function))


def _events(
    client: Any, group: str, subject: Subject, *, since: datetime, until: datetime | None
) -> Iterator[Mapping[str, Any]]:
    """Page by page. Words in quotes that all must be there work alike on AWS and the emulator.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    query: dict[str, Any] = {
        "logGroupName": group,
        "filterPattern": " ".join(f'"{term}"' for term in subject.terms),
        "startTime": _ms(since),
        "limit": PAGE,
    }
    if until is not None:
        query["endTime"] = _ms(until)
    while True:
        with speaking_to_aws():
            page = client.filter_log_events(**query)
        yield from page["events"]
        if "nextToken" in page:
            query["nextToken"] = page["nextToken"]
        elif len(page["events"]) == PAGE and _ms_of(page) > query["startTime"]:
            # The emulator fills one page and tells of no other.
            query["startTime"] = _ms_of(page)
        else:
            return


def _ms_of(page: Mapping[str, Any]) -> int:
    return int(page["events"][-1]["timestamp"])


def _told(function: str, event: Mapping[str, Any], subject: Subject) -> Told | None:
    try:
        line = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(line, dict) or not subject.tells(line):
        return None
    return Told(
        at=_at(line, event),
        function=function,
        line=line,
        event_id=_id(event),
        raw=event["message"].strip(),
    )


def _id(event: Mapping[str, Any]) -> str:
    """AWS's own, or where the emulator has none, all that makes an event."""
    own = event.get("eventId")
    return str(own or (event.get("logStreamName"), event["timestamp"], event["message"]))


def _at(line: Mapping[str, Any], event: Mapping[str, Any]) -> datetime:
    """When the function said it; the event's own time may be that of a batch."""
    try:
        at = datetime.fromisoformat(str(line["timestamp"]))
    except (KeyError, ValueError):
        at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
