"""Measures as they really come out: lines in the functions' logs, and the dashboard they are for.

Whatever was measured on this stack until now is looked at, by whichever test; what this one needs
it brings about itself.
"""

import json
from typing import Any

import pytest

from carillon.models import measures as m
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until
from tests.measuring import Emitted, emitted

TELLING = ("FanoutFunction", "SenderFunction", "StatsFunction")

CALM = {
    m.MADE,
    m.SENT,
    m.FIRST_AFTER,
    m.LATENCY,
    m.ACCEPTED,
    m.SERVED,
    m.SELECTED,
    m.LAST_AFTER,
}
"""What one mailing without any trouble measures."""


@pytest.fixture(scope="module")
def mailing(stack: LocalStack) -> Any:
    operator = Operator(stack, "measured")
    operator.add_clients(70_000, 3)
    mailing = operator.mail(ends_at=in_s(600))
    operator.wait_for(mailing, "finished", limit_s=30)
    return mailing


def told(stack: LocalStack) -> set[Emitted]:
    """Every metric in the logs of the functions, as CloudWatch would take it from there."""
    functions, logs = stack.client("lambda"), stack.client("logs")
    found: set[Emitted] = set()
    for name in TELLING:
        function = functions.get_function_configuration(FunctionName=stack.outputs[name])
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=function["LoggingConfig"]["LogGroup"], filterPattern="CloudWatchMetrics"
        )
        for event in (event for page in pages for event in page["events"]):
            found |= emitted(json.loads(event["message"])).keys()
    return found


def drawn(stack: LocalStack) -> set[tuple[str, ...]]:
    """Namespace, name and dimensions of each metric on the dashboard that is deployed."""
    dashboard = stack.client("cloudwatch").get_dashboard(DashboardName=stack.outputs["Dashboard"])
    lines = [
        line
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]
        for line in widget["properties"].get("metrics", [])
    ]
    return {tuple(line[:-1]) for line in lines if len(line) > 1}


def test_what_is_drawn_is_what_the_functions_tell(stack: LocalStack, mailing: Any) -> None:
    wanted = {each.name for each in CALM}
    seen = until(
        lambda: told(stack), lambda seen: wanted <= {each.name for each in seen}, limit_s=20
    )

    catalogue = {(each.name, (("service", each.service),), each.unit) for each in m.CATALOGUE}
    assert {(each.name, each.dimensions, each.unit) for each in seen} <= catalogue
    on_it = drawn(stack)
    for each in seen:
        [(dimension, value)] = each.dimensions
        assert (each.namespace, each.name, dimension, value) in on_it


def test_the_dashboard_shows_mailings_and_leads_to_them(stack: LocalStack, mailing: Any) -> None:
    shown = look(stack, {"widgetContext": {"dashboardName": "Carillon"}})
    assert f"#/mailings/{mailing['id']}" in shown
    assert "7900" not in shown
    assert look(stack, {"describe": True}).startswith("## ")


def look(stack: LocalStack, event: Any) -> str:
    """What the widget answers."""
    answer = stack.client("lambda").invoke(
        FunctionName=stack.outputs["WidgetFunction"], Payload=json.dumps(event)
    )
    assert "FunctionError" not in answer
    shown: str = json.loads(answer["Payload"].read())
    return shown
