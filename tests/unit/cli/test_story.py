"""Which lines belong to a story, in which order, and how they read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.text import Text

from cli.story import reading, telling
from cli.story.subjects import (
    AtLeast,
    Client,
    Everything,
    Level,
    Mailing,
    Message,
    Request,
    Subject,
)
from tests.unit.cli.stage import MOSCOW, NOW, FakeAws

A_MESSAGE = Message("m1", "c1")


class Logs:
    """FilterLogEvents: terms that must all be there, pages of two."""

    def __init__(self, **groups: list[dict[str, Any]]) -> None:
        self.groups = groups
        self.asked: list[dict[str, Any]] = []

    def filter_log_events(self, **asked: Any) -> Any:
        self.asked.append(asked)
        terms = [term.strip('"') for term in asked["filterPattern"].split()]
        found = [
            event
            for event in self.groups[asked["logGroupName"]]
            if all(term in event["message"] for term in terms)
            and event["timestamp"] >= asked["startTime"]
        ]
        begin = int(asked.get("nextToken", 0))
        more = {"nextToken": str(begin + 2)} if found[begin + 2 :] else {}
        return {"events": found[begin : begin + 2], **more}


def event(after_s: float, **line: Any) -> dict[str, Any]:
    at = NOW + timedelta(seconds=after_s)
    message = json.dumps({"timestamp": at.isoformat(), "message": "said", **line})
    return {"timestamp": int(NOW.timestamp() * 1000), "message": message, "eventId": message}


@pytest.mark.parametrize(
    ("subject", "line", "belongs"),
    [
        (Mailing("m1"), {"mailing_id": "m1"}, True),
        (Mailing("m1"), {"message_id": "m1-c1"}, True),
        (Mailing("m1"), {"path": "/api/v1/mailings/m1/pause"}, True),
        (Mailing("m1"), {"path": "/api/v1/mailings/m10"}, False),
        (Mailing("m1"), {"message_id": "m10-c1"}, False),
        (Mailing("m1"), {"error": "m1"}, False),
        (Client("c1"), {"client_id": "c1"}, True),
        (Client("c1"), {"client_ids": ["c0", "c1"]}, True),
        (Client("c1"), {"message_id": "m1-c1"}, True),
        (Client("c1"), {"client_ids": ["c10"]}, False),
        (A_MESSAGE, {"message_id": "m1-c1"}, True),
        (A_MESSAGE, {"mailing_id": "m1", "client_id": "c1"}, True),
        (A_MESSAGE, {"mailing_id": "m1", "client_ids": ["c2", "c1"]}, True),
        (A_MESSAGE, {"mailing_id": "m2", "client_ids": ["c1"]}, False),
        (A_MESSAGE, {"mailing_id": "m1", "client_ids": ["c2"]}, False),
        (A_MESSAGE, {"path": "/api/v1/messages/m1-c1"}, True),
        (Everything(), {}, True),
        (AtLeast(Level.WARNING, Everything()), {"level": "INFO"}, False),
        (AtLeast(Level.WARNING, Everything()), {"level": "WARNING"}, True),
        (AtLeast(Level.WARNING, Everything()), {"level": "ERROR"}, True),
        (AtLeast(Level.WARNING, Everything()), {"_aws": {}}, False),
        (AtLeast(Level.ERROR, Client("c1")), {"level": "ERROR", "client_id": "c1"}, True),
        (AtLeast(Level.ERROR, Client("c1")), {"level": "ERROR", "client_id": "c2"}, False),
        (Request("r"), {"correlation_id": "r"}, True),
        (Request("r"), {"correlation_id": "r", "mailing_id": "m2"}, False),
    ],
)
def test_a_line_belongs_by_its_keys(subject: Subject, line: dict[str, Any], belongs: bool) -> None:
    assert subject.tells(line) is belongs


def test_a_story_is_in_order_over_all_functions_and_pages() -> None:
    logs = Logs(
        a=[event(9, mailing_id="m1", n=4), event(1, mailing_id="m1", n=1), event(2, error="m1")],
        s=[event(number, mailing_id="m1", n=number) for number in (3, 2, 5)],
    )
    logs.groups["s"].append({"timestamp": 0, "message": "REPORT m1", "eventId": "x"})
    aws = FakeAws({"ApiLogs": "a", "SenderLogs": "s", "ApiUrl": "u"}, logs=logs)
    groups = reading.log_groups(aws)
    assert groups == {"api": "a", "sender": "s"}
    found = reading.read(aws, groups, [Mailing("m1"), Mailing("m1")], since=NOW)
    assert [(told.function, told.line["n"]) for told in found] == [
        *(("api", 1), ("sender", 2), ("sender", 3), ("sender", 5), ("api", 4))
    ]
    assert {asked["filterPattern"] for asked in logs.asked} == {'"m1"'}


def test_what_a_function_said_is_read_without_an_id() -> None:
    said = [event(1, level="ERROR", n=1), event(2, level="INFO", n=2), event(3, n=3)]
    logs = Logs(s=said)
    aws = FakeAws({"SenderLogs": "s"}, logs=logs)
    for subject, pattern, lines in (
        (Everything(), "", [1, 2, 3]),
        (AtLeast(Level.INFO, Everything()), "", [1, 2]),
        (AtLeast(Level.ERROR, Everything()), '"ERROR"', [1]),
    ):
        found = reading.read(aws, {"sender": "s"}, [subject], since=NOW)
        assert [told.line["n"] for told in found] == lines
        assert logs.asked[-1]["filterPattern"] == pattern


def test_an_older_stack_is_asked_function_by_function() -> None:
    class Lambda:
        def get_function_configuration(self, **asked: str) -> Any:
            return {"LoggingConfig": {"LogGroup": f"/aws/{asked['FunctionName']}"}}

    aws = FakeAws({"SenderFunction": "f"}, **{"lambda": Lambda()})
    assert reading.log_groups(aws) == {"sender": "/aws/f"}


def test_a_call_reads_as_a_sentence() -> None:
    line = {
        "level": "INFO",
        "message": "gateway called",
        "mailing_id": "m1",
        "client_id": "c1",
        "message_id": "m1-c1",
        "attempt": 2,
        "verdict": "TryAgain",
        "status": 503,
        "code": 7,
        "answer": "Service [red]",
        "duration_ms": 120,
        "service": "sender",
    }
    at = datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=UTC)
    told = reading.Told(at=at, function="sender", line=line, event_id="1", raw="")
    cells = telling.cells(told, MOSCOW, known=frozenset({"m1"}))
    assert " ".join(Text.from_markup(cell).plain for cell in cells) == (
        "13:00:00.123 sender   gateway called"
        " attempt 2 · TryAgain · HTTP 503 · code 7 · 120 ms · Service [red] client_id=c1"
    )


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (frozenset({"m1"}), "12-120 ms client_ids=[c1, c2]"),
        (frozenset({"m1", "c2"}), "120 ms client_ids=[c2 … 2 in all]"),
    ],
)
def test_calls_that_went_well_share_a_sentence(known: frozenset[str], told: str) -> None:
    line = {
        "level": "INFO",
        "message": "gateway called",
        "mailing_id": "m1",
        "client_ids": ["c1", "c2"],
        "attempt": 1,
        "verdict": "Accepted",
        "status": 200,
        "code": 0,
        "durations_ms": [12, 120],
    }
    read = reading.Told(at=NOW, function="sender", line=line, event_id="1", raw="")
    text = Text.from_markup(telling.cells(read, MOSCOW, known=known)[2]).plain
    assert text == f"gateway called attempt 1 · Accepted · HTTP 200 · code 0 · {told}"


def test_long_lists_are_counted() -> None:
    line = {"message": "page written", "client_ids": [f"c{n}" for n in range(9)], "level": "INFO"}
    told = reading.Told(at=NOW, function="fanout", line=line, event_id="1", raw="")
    text = Text.from_markup(telling.cells(told, MOSCOW)[2]).plain
    assert text == "page written client_ids=[c0, c1, c2 … 9 in all]"


def test_of_a_long_list_the_one_that_was_asked_for_is_shown() -> None:
    line = {"message": "page written", "client_ids": [f"c{n}" for n in range(9)]}
    told = reading.Told(at=NOW, function="fanout", line=line, event_id="1", raw="")
    text = Text.from_markup(telling.cells(told, MOSCOW, known=frozenset({"c7"}))[2]).plain
    assert text == "page written client_ids=[c7 … 9 in all]"
