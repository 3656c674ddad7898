"""From counts to money."""

from dataclasses import replace
from typing import Any

import pytest

from benchmarks.bill import Prices, Tick, alarm_metrics, bill, idle_month, polls
from benchmarks.counting import Counts, Tally, marginal

COUNTS = Counts(
    messages=1000,
    write_units={"messages": 3000, "stats": 50},
    read_units={"clients": 600.0},
    sqs_requests={"SendMessageBatch": 100, "ReceiveMessage": 110},
    invocations={"sender": 10},
    billed_ms={"sender": 4000},
    memory_mb={"sender": 512},
    gateway_calls=1000,
    log_bytes=400_000,
    stream_records=3000,
)
NOTHING = Counts(
    messages=0,
    write_units={},
    read_units={"mailings": 0.5},
    sqs_requests={"ReceiveMessage": 1, "DeleteMessageBatch": 1, "GetQueueAttributes": 4},
    invocations={"fanout": 1},
    billed_ms={"fanout": 20},
    memory_mb={"fanout": 1024},
    gateway_calls=0,
    log_bytes=1000,
    stream_records=0,
)


def test_a_million_messages_cost_what_their_parts_cost() -> None:
    found = bill(COUNTS, Prices())
    assert {name: round(line.list_usd, 4) for name, line in found.lines.items()} == {
        "write units": 1.9063,
        "read units": 0.0750,
        "SQS requests": 0.0840,
        "invocations": 0.0020,
        "GB-seconds": 0.0267,
        "GB of logs": 0.2000,
        "GB to the gateway": 0.0900,
    }
    assert found.total == pytest.approx(2.3839, abs=1e-4)


def test_allowances_are_used_up_once() -> None:
    items = {"a": (8.0, "alarm_metric"), "b": (8.0, "alarm_metric"), "c": (1.0, "secret")}
    found = Prices().bill(items)
    assert [round(each.free_usd, 2) for each in found.lines.values()] == [0.0, 0.6, 0.4]
    assert found.total == pytest.approx(2.0)
    assert found.total_with_allowances == pytest.approx(1.0)
    assert "together" in str(found)


def test_a_price_that_is_not_in_the_file_is_an_error() -> None:
    with pytest.raises(KeyError):
        Prices().bill({"x": (1.0, "gold")})


def _template(**resources: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "Resources": {
            name: {"Type": f"AWS::{kind}", "Properties": properties}
            for name, (kind, properties) in resources.items()
        }
    }


def test_an_alarm_costs_by_its_metrics_and_a_poller_by_its_maximum() -> None:
    math = [{"Expression": "a+b"}, {"MetricStat": {}}, {"MetricStat": {}}]
    template = _template(
        plain=("CloudWatch::Alarm", {"MetricName": "x"}),
        math=("CloudWatch::Alarm", {"Metrics": math}),
        stream=("Lambda::EventSourceMapping", {"StartingPosition": "LATEST"}),
        bounded=("Lambda::EventSourceMapping", {"ScalingConfig": {"MaximumConcurrency": 2}}),
        free=("Lambda::EventSourceMapping", {}),
    )
    assert alarm_metrics(template) == 3
    # Three asks a minute of each of seven pollers, for 730 hours.
    assert polls(template) == 7 * 3 * 60 * 730


def test_a_month_idle_is_what_stands_there_and_a_tick_a_minute() -> None:
    template = _template(
        secret=("SecretsManager::Secret", {}),
        board=("CloudWatch::Dashboard", {}),
        alarm=("CloudWatch::Alarm", {"MetricName": "x"}),
    )
    lines = idle_month(template, Tick(counts=NOTHING, metrics=2), Prices()).lines
    assert lines["secrets"].list_usd == 0.40
    assert (lines["dashboards"].list_usd, lines["dashboards"].free_usd) == (3.0, 0.0)
    assert lines["metrics of its own"].list_usd == pytest.approx(0.60)
    # The pollers receive; what is deleted, asked, and sent by Scheduler, comes with each tick.
    assert lines["SQS requests of ticks"].number == 6 * 43_800
    assert lines["read units of ticks"].number == 21_900
    assert lines["GB-seconds of ticks"].number == pytest.approx(0.02 * 43_800)


def test_what_a_mailing_costs_however_small_falls_out() -> None:
    larger = replace(
        COUNTS,
        messages=3000,
        write_units={"messages": 9000, "stats": 110, "gateway": 30},
        log_bytes=1_100_000,
    )
    each = marginal(COUNTS, larger)
    assert each.messages == 2000
    assert each.write_units == {"messages": 6000, "stats": 60, "gateway": 30}
    assert each.per_message()["log bytes"] == 350
    assert Counts.from_json(each.as_json()) == each


def test_requests_that_lambda_makes_for_us_are_counted_by_rule() -> None:
    tally = Tally()
    tally.sqs("SendMessageBatch", 1000)
    tally.sqs("SendMessageBatch", 64 * 1024 + 1)
    tally.polled(95)
    tally.polled(30, deleted=21)
    assert tally.sqs_requests == {
        "SendMessageBatch": 1 + 2,
        "ReceiveMessage": 10 + 3,
        "DeleteMessageBatch": 10 + 3,
    }
    tally.invoked("sender", ms=10.2)
    tally.logged("ab\nc\n")
    assert tally.billed_ms["sender"] == 11
    assert tally.log_bytes == 650 + 2 + 26 + 1 + 26
