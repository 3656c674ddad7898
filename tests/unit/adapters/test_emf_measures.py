"""The lines that become metrics, and that they never stand in the way of the work."""

import io
import json
import logging
from contextlib import redirect_stdout
from typing import Any

import pytest

from carillon.adapters.emf_measures import EmfMeasures
from carillon.models.measures import ACCEPTED, LATENCY, RUNNING
from tests.measuring import emitted

VALUES_MAX = 100
"""Of one metric in one line.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""


@pytest.fixture(autouse=True)
def _function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Carillon")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "sender")


def flushed(measures: EmfMeasures) -> list[dict[str, Any]]:
    output = io.StringIO()
    with redirect_stdout(output):
        measures.flush()
    return [json.loads(line) for line in output.getvalue().splitlines()]


def values(line: dict[str, Any]) -> dict[str, list[float]]:
    return {each.name: found for each, found in emitted(line).items()}


def test_one_line_tells_all_of_an_invocation() -> None:
    measures = EmfMeasures()
    for ms in (120, 80):
        measures.add(LATENCY, ms)
        measures.add(ACCEPTED)
    measures.add(RUNNING, 3)
    measures.add(RUNNING, 2)
    [line] = flushed(measures)
    assert values(line) == {
        "GatewayLatency": [120, 80],
        "GatewayAccepted": [2],
        "MailingsRunning": [2],
    }
    assert {each.unit for each in emitted(line)} == {"Milliseconds", "Count"}
    assert {each.dimensions for each in emitted(line)} == {(("service", "sender"),)}
    assert {each.namespace for each in emitted(line)} == {"Carillon"}


def test_what_was_told_is_forgotten() -> None:
    measures = EmfMeasures()
    measures.add(ACCEPTED)
    flushed(measures)
    assert flushed(measures) == []


@pytest.mark.parametrize("number", [1, VALUES_MAX - 1, VALUES_MAX, 3 * VALUES_MAX])
def test_no_line_holds_more_values_than_one_may_and_none_is_lost(number: int) -> None:
    measures = EmfMeasures()
    for ms in range(number):
        measures.add(LATENCY, ms)
    found = [values(line)["GatewayLatency"] for line in flushed(measures)]
    assert all(len(each) <= VALUES_MAX for each in found)
    assert [ms for each in found for ms in each] == list(range(number))


def test_a_line_passes_where_lesser_levels_are_dropped() -> None:
    levels = {}
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        measures = EmfMeasures(level)
        measures.add(ACCEPTED)
        [line] = flushed(measures)
        levels[level] = line.get("level")
    assert levels == {
        logging.DEBUG: None,
        logging.INFO: None,
        logging.WARNING: "WARN",
        logging.ERROR: "ERROR",
    }


def test_a_handler_that_fails_tells_what_it_saw() -> None:
    measures = EmfMeasures()

    def handler(_event: str, _context: object) -> None:
        measures.add(ACCEPTED)
        raise RuntimeError("the work failed")

    output = io.StringIO()
    with redirect_stdout(output), pytest.raises(RuntimeError, match="the work failed"):
        measures.flushed(handler)("event", None)
    assert "GatewayAccepted" in output.getvalue()


def test_what_cannot_be_told_is_logged_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE")
    measures = EmfMeasures()
    measures.add(ACCEPTED)
    assert measures.flushed(lambda event, _: event)("answer", None) == "answer"
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == ("WARNING", "measures not told")


def test_a_whole_batch_is_one_line_of_a_dozen_bytes_a_message() -> None:
    measures = EmfMeasures()
    for number in range(VALUES_MAX):
        measures.add(LATENCY, 100 + number)
        measures.add(ACCEPTED)
    output = io.StringIO()
    with redirect_stdout(output):
        measures.flush()
    assert len(output.getvalue().splitlines()) == 1
    assert len(output.getvalue()) / VALUES_MAX < 12
