"""What is reached and what is not, from results that were written down."""

import pytest

from benchmarks.targets import TARGETS, verdicts
from tests.unit.benchmarks.recorded import results

REACHED = {
    "messages/s at 200 ms, against the reference's best": 2.0,
    "messages/s at 0 ms, against the reference's best": 2.0,
    "CPU per message, our code": 1.4,
    "CPU per message, our code / the best reference's worker": 0.4,
    "CPU per message, bare loop with requests / our code": 0.5,
    "API p95 under full delivery / idle, the worst call": 3.5,
    "four times the clients: time": 4.2,
    "four times the clients: our memory": 1.0,
}
NOT_REACHED = {
    "messages/s at 200 ms, against the reference's defaults": 10.0,
    "CPU per message, bare loop with urllib3 / our code": 0.25,
    "import of a handler, cold, the slowest": 0.5,
}


def test_every_figure_is_judged_by_the_medians_of_its_runs() -> None:
    told = {verdict["figure"]: verdict for verdict in verdicts(results())}
    for figure, measured in (REACHED | NOT_REACHED).items():
        assert told[figure]["measured"] == pytest.approx(measured)
        assert told[figure]["reached"] is (figure in REACHED)
    unmeasured = {figure for figure, verdict in told.items() if verdict["reached"] is None}
    assert unmeasured == set(told) - set(REACHED) - set(NOT_REACHED)


def test_what_is_not_reached_says_where_the_rest_goes() -> None:
    told = {verdict["figure"]: verdict["because"] for verdict in verdicts(results((9.0,)))}
    assert "sender: call 0.70 ms" in told["CPU per message, bare loop with urllib3 / our code"]
    assert "api 0.50 s" in told["import of a handler, cold, the slowest"]
    assert "at 200 ms from 1.00 to 9.00 s" in told["four times the clients: time"]
    assert told["CPU per message, our code"] == ""


def test_nothing_measured_is_no_verdict() -> None:
    told = verdicts({})
    assert len(told) == len(TARGETS)
    assert {verdict["reached"] for verdict in told} == {None}


def test_counts_and_bills_are_for_one_message_and_at_list_price() -> None:
    counted = {
        "counts": {
            "messages": 1000,
            "write_units": {"messages": 3000, "stats": 40},
            "read_units": {"messages": 800},
            "sqs_requests": {"SendMessageBatch": 100, "ReceiveMessage": 200},
        },
        "bill": {
            "million": {
                "lines": {"write units": {"list": 1.9}, "logs": {"list": 0.6}},
                "list": 2.5,
            },
            "idle_month": {"lines": {}, "list": 1.2},
        },
    }
    told = {verdict["figure"]: verdict for verdict in verdicts(results() | counted)}
    assert told["write units per message"]["measured"] == pytest.approx(3.04)
    assert told["read units per message"]["reached"] is False
    assert told["SQS requests per message"]["reached"] is True
    assert (
        told["bill per million delivered, at list prices, with what the gateway is sent"]["because"]
        == "write units $1.90, logs $0.60"
    )
    assert told["bill of an idle month, at list prices"]["reached"] is True
