"""Rules for the edges: the HTTP API, the tick, the outputs, and the template as a whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.assets import ROOT
from tests.infra.template import OPEN_ROUTES, Template, target, text

ROUTES = {
    "GET /api/v1/{proxy+}",
    "POST /api/v1/{proxy+}",
    "PATCH /api/v1/{proxy+}",
    "DELETE /api/v1/{proxy+}",
    *OPEN_ROUTES,
}

PAGE_ROUTES = {"GET /", "GET /assets/{proxy+}"}

OUTPUTS = {
    "UserPoolId",
    "ConsoleClientId",
    "MachineClientId",
    "ApiUrl",
    "ApiId",
    "GatewaySecretArn",
    "FanoutQueueUrl",
    "MessageQueueUrl",
    "MessageDeadLettersUrl",
    "FanoutDeadLettersUrl",
    "UndeliverableUrl",
    "ImportQueueUrl",
    "ImportDeadLettersUrl",
    "UploadsBucket",
    "UploadsOrigin",
    "ClientsTable",
    "MailingsTable",
    "MessagesTable",
    "StatsTable",
    "ImportsTable",
    "ScheduleGroup",
    "ApiFunction",
    "ApiLogs",
    "PlannerFunction",
    "PlannerLogs",
    "FanoutFunction",
    "FanoutLogs",
    "SenderFunction",
    "SenderLogs",
    "ImporterFunction",
    "ImporterLogs",
    "StatsFunction",
    "StatsLogs",
    "PageFunction",
    "PageLogs",
}

# Properties that would name a resource, and so keep two stacks out of one account.
PHYSICAL_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
}


def test_every_method_is_a_route_of_its_own_to_one_of_two_functions(template: Template) -> None:
    served: dict[str, set[str]] = {"api": set(), "page": set()}
    for route in template.of_type("AWS::ApiGatewayV2::Route").values():
        name = text(route["Target"]).removeprefix("integrations/{").removesuffix("}")
        served[_integrated(template, name)].add(route["RouteKey"])

    assert served == {"api": ROUTES - PAGE_ROUTES, "page": PAGE_ROUTES}
    for integration in template.of_type("AWS::ApiGatewayV2::Integration").values():
        assert integration["PayloadFormatVersion"] == "2.0"


def _integrated(template: Template, integration: str) -> str:
    """The name of the function behind an integration."""
    properties = template.resource(integration)["Properties"]
    function = template.resource(target(properties["IntegrationUri"]))["Properties"]
    [name] = [name for name, each in template.functions().items() if each == function]
    return name


def test_api_gateway_may_invoke_both_functions_for_our_api_only(template: Template) -> None:
    permissions = template.of_type("AWS::Lambda::Permission").values()
    [api] = template.of_type("AWS::ApiGatewayV2::Api")
    invoked = [
        template.resource(target(each["FunctionName"]))["Properties"] for each in permissions
    ]

    for permission in permissions:
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert permission["Action"] == "lambda:InvokeFunction"
        assert f":{{{api}}}/" in text(permission["SourceArn"])
    assert len(invoked) == 2
    assert template.functions()["api"] in invoked
    assert template.functions()["page"] in invoked


def test_the_stage_throttles(template: Template, passing_template: Template) -> None:
    for each, rate, burst in ((template, 100, 200), (passing_template, 7, 9)):
        [stage] = each.of_type("AWS::ApiGatewayV2::Stage").values()
        assert stage["StageName"] == "$default"
        assert stage["DefaultRouteSettings"] == {
            "ThrottlingRateLimit": rate,
            "ThrottlingBurstLimit": burst,
        }


def test_the_stage_logs_each_request_but_nothing_that_a_caller_wrote(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        [stage] = each.of_type("AWS::ApiGatewayV2::Stage").values()
        log = stage["AccessLogSettings"]
        fields = set(json.loads(log["Format"]).values())
        groups = each.of_type("AWS::Logs::LogGroup")

        assert {"$context.routeKey", "$context.status", "$context.requestId"} <= fields
        written_by_callers = ("query", "path", "header", "userAgent", "overrideTo", "body")
        assert not [field for field in fields if any(word in field for word in written_by_callers)]
        assert [name for name in groups if text(log["DestinationArn"]).endswith(f":{{{name}}}")]


def test_the_api_answers_before_api_gateway_gives_up(template: Template) -> None:
    assert template.functions()["api"]["Timeout"] < 30


def test_the_api_id_is_asked_for_only_when_given(
    template: Template, passing_template: Template
) -> None:
    [plain] = template.of_type("AWS::ApiGatewayV2::Api").values()
    [tagged] = passing_template.of_type("AWS::ApiGatewayV2::Api").values()

    assert "ms-custom-id" not in plain.get("Tags", {})
    assert tagged["Tags"]["ms-custom-id"] == "0123abcd"


def test_the_tick_goes_to_the_fanout_queue_every_minute(template: Template) -> None:
    [tick] = template.of_type("AWS::Scheduler::Schedule").values()
    [group] = template.of_type("AWS::Scheduler::ScheduleGroup")

    assert tick["ScheduleExpression"] == "rate(1 minute)"
    assert tick["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert target(tick["GroupName"]) == group
    assert tick["Target"]["Arn"] == template.event_sources()["fanout"]["EventSourceArn"]
    assert json.loads(tick["Target"]["Input"]) == {"kind": "tick"}
    assert tick["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == 60
    assert "Arn" in tick["Target"]["DeadLetterConfig"]


def test_the_planner_schedules_as_the_tick_does(template: Template) -> None:
    [tick] = template.of_type("AWS::Scheduler::Schedule").values()
    settings = template.functions()["planner"]["Environment"]["Variables"]

    assert settings["SCHEDULE_GROUP"] == tick["GroupName"]
    assert settings["SCHEDULE_ROLE_ARN"] == tick["Target"]["RoleArn"]
    assert settings["SCHEDULE_DLQ_ARN"] == tick["Target"]["DeadLetterConfig"]["Arn"]
    assert settings["FANOUT_QUEUE_ARN"] == tick["Target"]["Arn"]


def test_the_sender_gets_the_gateway_that_was_asked_for(
    template: Template, passing_template: Template
) -> None:
    for each, url, pace, retry_unknown in (
        (template, "https://probe.fbrq.cloud/v1", "", "true"),
        (passing_template, "http://127.0.0.1:9009/v1", "12.5", "false"),
    ):
        settings = each.functions()["sender"]["Environment"]["Variables"]
        assert settings["GATEWAY_URL"] == url
        assert settings["GATEWAY_TIMEOUT_S"] == "10"
        assert settings["GATEWAY_PARTS_PER_S"] == pace
        assert settings["GATEWAY_RETRY_UNKNOWN"] == retry_unknown


def test_outputs_keep_their_names(template: Template) -> None:
    assert set(template.content["Outputs"]) == OUTPUTS


def test_nothing_has_a_physical_name(template: Template) -> None:
    for kind, name in PHYSICAL_NAMES.items():
        resources = template.of_type(kind)
        assert resources, kind
        for properties in resources.values():
            assert name not in properties


def test_no_custom_resource_and_no_helper_function_came_along(template: Template) -> None:
    kinds = {resource["Type"] for resource in template.content["Resources"].values()}

    assert not [kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::"))]
    assert len(template.of_type("AWS::Lambda::Function")) == 7


@pytest.mark.parametrize(
    "which",
    [
        "template",
        pytest.param("passing_template", marks=pytest.mark.long),
        pytest.param("foreign_template", marks=pytest.mark.long),
    ],
)
def test_cfn_lint_finds_nothing(request: pytest.FixtureRequest, which: str) -> None:
    template: Template = request.getfixturevalue(which)
    lint = subprocess.run(
        [
            str(Path(sys.executable).with_name("cfn-lint")),
            *("--regions", "us-east-1", "--"),
            str(template.file),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
