"""What the log groups of a deployed stack tell, line by line."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from local.stack import LocalStack
from tests.vocabulary import POWERTOOLS, documented

LOGS = "Logs"

OF_BATCHES = {
    "messages claimed",
    "messages put off",
    "messages not sent now",
    "messages were changed by others",
    "messages ended",
    "nothing is pending",
    "due work given out",
}
"""Lines about many records at once."""


def read_through(stack: LocalStack, mailing: Any, messages: list[Any]) -> None:
    """By the mailing's id alone: who did what and when, about it and each of its messages."""
    attempts = sum(message["attempts"] for message in messages)
    told = about(
        stack,
        mailing["id"],
        # On a busy machine a sender's lines may come after the counters': as its invocation ends.
        lambda found: ended(found) >= len(messages) and calls_told(found) >= attempts,
    )
    _assert_one_correlation(told)
    _assert_in_order(
        told,
        ("api", "mailing created"),
        ("planner", "mailing planned"),
        ("fanout", "mailing begun"),
        ("fanout", "clients selected"),
        ("sender", "messages claimed"),
        ("sender", "gateway called"),
        ("stats", "messages ended"),
        ("fanout", "mailing closed"),
    )
    for message in messages:
        _assert_told(message, [line for line in told if message["client_id"] in str(line)])
    assert any(message["attempts"] > 1 for message in messages), "retries are among what is told"


def lines(stack: LocalStack, text: str) -> list[dict[str, Any]]:
    """Every line of every function that holds this text, in order."""
    found = [line for group in groups(stack).values() for line in _lines(stack, group, text)]
    return sorted(found, key=lambda line: str(line["timestamp"]))


def groups(stack: LocalStack) -> dict[str, str]:
    """The log groups by the names of their functions, as the stack tells them."""
    return {
        name.removesuffix(LOGS).lower(): group
        for name, group in stack.outputs.items()
        if name.endswith(LOGS)
    }


def about(
    stack: LocalStack, text: str, complete: Callable[[list[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    """The same, once it is all there: the counters' lines come a moment later."""
    deadline = time.monotonic() + 20
    while not complete(found := lines(stack, text)):
        told = [(each["service"], each["message"]) for each in found]
        assert time.monotonic() < deadline, f"not complete: {told}"
        time.sleep(0.2)
    return found


def _lines(stack: LocalStack, group: str, text: str) -> Iterator[dict[str, Any]]:
    logs = stack.client("logs")
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern=f'"{text}"'
    )
    for page in pages:
        for event in page["events"]:
            if event["message"].startswith('{"level"'):
                line = json.loads(event["message"])
                yield {**line, "bytes": len(event["message"].strip().encode())}


def ended(told: list[dict[str, Any]]) -> int:
    """Of how many messages the end is told."""
    lines = [line for line in told if line["message"] == "messages ended"]
    return sum(len(line["client_ids"]) for line in lines)


def calls_told(told: list[dict[str, Any]]) -> int:
    """How many calls of the gateway are told."""
    return sum(len(_calls_in(line)[0]) for line in _called(told))


def _called(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in told if line["message"] == "gateway called"]


def _assert_one_correlation(told: list[dict[str, Any]]) -> None:
    created = next(line for line in told if line["message"] == "mailing created")
    assert created["correlation_id"] == created["request_id"]
    for service in ("api", "planner", "fanout", "sender"):
        # What is refused before the mailing is read has its id alone.
        of_service = [line for line in told if line["service"] == service and "problem" not in line]
        assert {line.get("correlation_id") for line in of_service} == {created["request_id"]}
    for line in told:
        assert set(line) - {"bytes"} <= documented() | POWERTOOLS, line
        assert line["function_request_id"]
        of_batch = line["message"] in OF_BATCHES or "durations_ms" in line
        assert {"record_id", "request_id"} & set(line) or of_batch, line


def _assert_in_order(told: list[dict[str, Any]], *steps: tuple[str, str]) -> None:
    seen = [(line["service"], line["message"]) for line in told]
    first = [seen.index(step) for step in steps]
    assert first == sorted(first), list(zip(steps, first, strict=True))


def _assert_told(message: dict[str, Any], told: list[dict[str, Any]]) -> None:
    """Each of its calls is a line with what came of it, and its end is one."""
    calls = _called(told)
    assert [line["attempt"] for line in calls] == list(range(1, message["attempts"] + 1))
    for line in calls:
        took = dict(zip(*_calls_in(line), strict=True))
        assert line["mailing_id"] == message["mailing_id"]
        assert took[message["client_id"]] >= 0
        assert ("answer" in line) == (line["verdict"] != "Accepted")
        assert line["level"] == ("INFO" if line["verdict"] == "Accepted" else "WARNING")
    assert message["status"] in [line.get("message_status") for line in told]


def _calls_in(line: dict[str, Any]) -> tuple[list[str], list[int]]:
    """Whom it is about and how long each call took; successes share a line."""
    if "durations_ms" in line:
        return line["client_ids"], line["durations_ms"]
    return [line["client_id"]], [line["duration_ms"]]
