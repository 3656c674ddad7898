"""The dashboard draws what is emitted, and what is emitted is drawn or watched by an alarm."""

import re
from itertools import combinations, pairwise
from typing import Any

import pytest

from carillon.models.measures import CATALOGUE, METRIC_MONTH_USD
from infra.assets import ROOT
from infra.dashboard import WIDTH
from tests.infra.alarming import Key, alarms
from tests.infra.drawing import expressions, metrics, table_of_measures, widgets
from tests.infra.template import Template
from tests.measuring import NAMESPACE, SCENES, Emitted, Recorder, emitted
from tests.unit.usecases.stage import Stage

OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SECTIONS = ["Is it well?", "Is it fast?", "What waits?", "What costs?", "The counts"]

AWS = {
    "AWS/SQS": (
        "QueueName",
        "AWS::SQS::Queue",
        {
            "ApproximateAgeOfOldestMessage",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesVisible",
            "NumberOfEmptyReceives",
            "NumberOfMessagesReceived",
            "NumberOfMessagesSent",
        },
    ),
    "AWS/Lambda": (
        "FunctionName",
        "AWS::Lambda::Function",
        {"Duration", "Errors", "Invocations", "IteratorAge", "Throttles"},
    ),
    "AWS/DynamoDB": (
        "TableName",
        "AWS::DynamoDB::Table",
        {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"},
    ),
    "AWS/ApiGateway": ("ApiId", "AWS::ApiGatewayV2::Api", {"4xx", "5xx", "Count", "Latency"}),
    "AWS/Logs": ("LogGroupName", "AWS::Logs::LogGroup", {"IncomingBytes"}),
}
"""What AWS emits of its own: by one dimension, for which resources, and under which names.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
"""


def drawn(template: Template) -> set[Key]:
    return {
        (each.namespace, each.name, each.dimensions)
        for widget in widgets(template)
        for each in metrics(widget)
    }


def watched(template: Template) -> set[Key]:
    return {key for alarm in alarms(template).values() for key in alarm.looks_at()}


def ours(keys: set[Key]) -> set[Key]:
    return {each for each in keys if not each[0].startswith("AWS/")}


@pytest.fixture(scope="module")
def told() -> set[Emitted]:
    """All that the use cases tell the real adapter, as it prints it in each function's name."""
    recorder = Recorder()
    for scene in SCENES:
        stage = Stage()
        with recorder.invocation(scene.service, stage):
            scene.happens(stage)
    return {metric for line in recorder.lines for metric in emitted(line)}


def test_what_is_drawn_or_watched_is_emitted_and_the_other_way_round(
    template: Template, told: set[Emitted]
) -> None:
    keys = {(each.namespace, each.name, each.dimensions) for each in told}
    of_logs = {
        (metric["MetricNamespace"], metric["MetricName"], ())
        for each in template.of_type("AWS::Logs::MetricFilter").values()
        for metric in each["MetricTransformations"]
    }
    assert ours(drawn(template) | watched(template)) == keys | of_logs
    assert len(of_logs) == 1, "errors of functions, which the dashboard draws for each by itself"
    assert ours(drawn(template)) == keys, "an alarm alone shows nobody what came before"


def test_what_is_emitted_is_the_catalogue_s(told: set[Emitted]) -> None:
    assert told == {
        Emitted(NAMESPACE, each.name, (("service", each.service),), each.unit) for each in CATALOGUE
    }


def test_functions_are_told_the_namespace_that_is_drawn(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        told = {
            function["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
            for function in each.functions().values()
        }
        assert told == {namespace for namespace, _, _ in ours(drawn(each))} == {NAMESPACE}


def test_metrics_of_aws_are_named_as_aws_names_them(template: Template) -> None:
    theirs = {each for each in drawn(template) | watched(template) if each[0].startswith("AWS/")}
    used: dict[str, set[str]] = {}
    with_other_dimensions = {each[:2] for each in theirs if len(each[2]) != 1}
    assert with_other_dimensions == {
        ("AWS/Lambda", "Throttles"),  # of all functions together
        ("AWS/DynamoDB", "ConsumedReadCapacityUnits"),  # of an index
    }
    for namespace, name, dimensions in (each for each in theirs if len(each[2]) == 1):
        dimension, kind, names = AWS[namespace]
        [(key, value)] = dimensions
        used.setdefault(namespace, set()).add(name)
        logical_id = value.strip("{}").removesuffix(".QueueName")
        assert (key, name in names) == (dimension, True)
        assert logical_id in template.of_type(kind), f"{namespace} {name}: {value}"
    assert used == {namespace: names for namespace, (_, _, names) in AWS.items()}


def test_every_function_queue_and_log_is_there(template: Template) -> None:
    def shown(namespace: str, name: str) -> int:
        return len([each for each in drawn(template) if each[:2] == (namespace, name)])

    functions = len(template.of_type("AWS::Lambda::Function"))
    assert shown("AWS/Lambda", "Errors") == shown("AWS/Lambda", "Invocations") == functions
    assert shown("AWS/Logs", "IncomingBytes") == functions
    assert shown("AWS/SQS", "NumberOfMessagesSent") == len(template.of_type("AWS::SQS::Queue"))
    assert shown("AWS/SQS", "ApproximateNumberOfMessagesVisible") == 7


def test_it_reads_from_top_to_bottom(template: Template) -> None:
    found = widgets(template)
    titles = [
        (each["y"], each["properties"]["markdown"].splitlines()[0].removeprefix("# "))
        for each in found
        if each["type"] == "text"
    ]
    assert [title for _, title in sorted(titles)] == SECTIONS
    assert all(upper < lower for (upper, _), (lower, _) in pairwise(titles))
    for one, other in combinations(found, 2):
        assert not _overlap(one, other), f"{one['properties']} on {other['properties']}"
    assert all(each["x"] + each["width"] <= WIDTH for each in found)


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def test_math_reckons_with_what_is_there(template: Template) -> None:
    reckoned = 0
    for widget in widgets(template):
        ids = {dict(each.options).get("id") for each in metrics(widget)}
        for expression in expressions(widget):
            reckoned += 1
            assert set(re.findall(r"\bm\d+\b", expression)) <= ids
            assert ids - {None} <= {*re.findall(r"\bm\d+\b", " ".join(expressions(widget)))}
    assert reckoned >= 5


def test_every_alarm_is_shown_first(template: Template, passing_template: Template) -> None:
    for each in (template, passing_template):
        [widget] = [found for found in widgets(each) if found["type"] == "alarm"]
        logical_ids = {
            arn.strip("{}").removesuffix(".Arn") for arn in widget["properties"]["alarms"]
        }
        assert logical_ids == set(each.of_type("AWS::CloudWatch::Alarm"))
        assert widget["y"] <= 2


def test_the_counts_are_drawn_by_our_widget(template: Template) -> None:
    [widget] = [each for each in widgets(template) if each["type"] == "custom"]
    logical_id = widget["properties"]["endpoint"].strip("{}").removesuffix(".Arn")
    [name] = [
        variables["POWERTOOLS_SERVICE_NAME"]
        for name, function in template.of_type("AWS::Lambda::Function").items()
        if name == logical_id
        for variables in [function["Environment"]["Variables"]]
    ]
    assert name == "widget"


def test_the_body_fits(template: Template) -> None:
    """A dashboard has at most 500 widgets and 500 metrics on one of them.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    """
    found = widgets(template)
    assert len(found) <= 500
    assert max(len(list(metrics(each))) for each in found) <= 500


def test_the_documents_list_what_is_measured_and_what_it_costs(template: Template) -> None:
    rows = [re.sub(r" +\|", " |", line) for line in OPERATIONS.splitlines()]
    for row in table_of_measures().splitlines()[2:]:
        assert row in rows, row
    looked_at = sum(len(alarm.looks_at()) for alarm in alarms(template).values())
    assert f"all {len(CATALOGUE)}: ${len(CATALOGUE) * METRIC_MONTH_USD:.2f}" in OPERATIONS
    assert f"{len(alarms(template))} alarms with {looked_at} metrics" in OPERATIONS
    assert f"${looked_at * 0.1:.2f} a month" in OPERATIONS


def test_the_documents_tell_of_every_alarm(template: Template) -> None:
    for name in alarms(template):
        assert re.search(rf"\| \[[^]]*\b{name}\b", OPERATIONS), name
