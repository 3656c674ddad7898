"""Rules for every grant: exact actions on exact resources, and the matrix as it was agreed."""

import re

import pytest

from tests.infra.template import Statement, Template, target, text

# The only places where a name is open, each because AWS forms the rest of it.
OPEN_NAMES = {
    # The planner names a schedule after its mailing; the group is ours alone.
    "scheduler": re.compile(r"arn:.*:schedule/\{SchedulesGroup\w+\}/\*"),
    # Listing a table's streams is asked of all of them; Lambda does so before it reads ours.
    "dynamodb": re.compile(r"\{TablesM\w+\.Arn\}/stream/\*"),
    # Files and refused rows carry their import's id; each prefix is granted for one thing.
    "s3": re.compile(r"\{UploadsBucket\w+\.Arn\}/(imports|rejected)/\*"),
}


def all_grants(template: Template) -> list[Statement]:
    grants = list(template.grants())
    assert len(grants) > 20
    return grants


def test_every_grant_names_its_actions(template: Template) -> None:
    for grant in all_grants(template):
        assert grant.effect == "Allow"
        for action in grant.actions:
            assert re.fullmatch(r"[a-z0-9]+:[A-Z][A-Za-z]+", action), f"{grant.owner}: {action}"


def test_every_grant_names_its_resources(template: Template) -> None:
    for grant in all_grants(template):
        for resource in map(text, grant.resources):
            service = grant.actions[0].split(":")[0]
            is_open = service in OPEN_NAMES and OPEN_NAMES[service].fullmatch(resource)
            assert is_open or "*" not in resource, f"{grant.owner}: {grant.actions} on {resource}"


def test_streams_are_listed_and_nothing_else_is_done_to_an_open_name(template: Template) -> None:
    for grant in all_grants(template):
        for resource in map(text, grant.resources):
            if resource.endswith("/stream/*"):
                assert grant.actions == ("dynamodb:ListStreams",)
            if resource.endswith("}/*") and "Schedules" in resource:
                assert set(grant.actions) == {
                    "scheduler:CreateSchedule",
                    "scheduler:DeleteSchedule",
                }


def test_only_the_planner_passes_a_role_and_only_to_the_scheduler(template: Template) -> None:
    [grant] = [grant for grant in all_grants(template) if "iam:PassRole" in grant.actions]
    [role] = grant.resources
    assumed_by = template.resource(target(role))["Properties"]["AssumeRolePolicyDocument"]

    assert grant in template.grants_of("planner")
    assert grant.actions == ("iam:PassRole",)
    assert grant.conditions == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    [trust] = assumed_by["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}


def test_the_scheduler_acts_for_our_group_only_and_may_only_send(template: Template) -> None:
    [(_, tick)] = template.of_type("AWS::Scheduler::Schedule").items()
    role = target(tick["Target"]["RoleArn"])
    [trust] = template.resource(role)["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    [grant] = [grant for grant in all_grants(template) if grant.owner == role]

    conditions = {key: text(value) for key, value in trust["Condition"]["StringEquals"].items()}
    group = target(tick["GroupName"])
    assert conditions["aws:SourceAccount"] == "{AWS::AccountId}"
    assert conditions["aws:SourceArn"].endswith(f":schedule-group/{{{group}}}")
    assert grant.actions == ("sqs:SendMessage",)
    assert set(map(str, grant.resources)) == {
        str(tick["Target"]["Arn"]),
        str(tick["Target"]["DeadLetterConfig"]["Arn"]),
    }


@pytest.mark.parametrize(
    "function", ["api", "fanout", "importer", "page", "planner", "sender", "stats", "widget"]
)
def test_lambda_alone_assumes_a_function_role(template: Template, function: str) -> None:
    role = template.resource(target(template.functions()[function]["Role"]))["Properties"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "Policies" not in role


def test_only_the_sender_reads_the_token(template: Template) -> None:
    readers = [
        grant for grant in all_grants(template) if "secretsmanager:GetSecretValue" in grant.actions
    ]

    assert len(readers) == 1
    assert readers[0] in template.grants_of("sender")
    [secret] = template.of_type("AWS::SecretsManager::Secret")
    assert [target(resource) for resource in readers[0].resources] == [secret]


def test_the_api_touches_nothing_but_tables_uploads_and_its_log_and_looks_at_the_queues(
    template: Template,
) -> None:
    asked: dict[str, set[str]] = {}
    for grant in template.grants_of("api"):
        for action in grant.actions:
            asked.setdefault(action.split(":")[0], set()).add(action)

    assert asked.keys() == {"dynamodb", "logs", "s3", "sqs"}
    assert asked["sqs"] == {"sqs:GetQueueAttributes"}
    looked_at = {
        target(resource)
        for grant in template.grants_of("api")
        if "sqs:GetQueueAttributes" in grant.actions
        for resource in grant.resources
    }
    assert looked_at == set(template.of_type("AWS::SQS::Queue"))


@pytest.mark.parametrize(
    ("function", "tables"),
    [
        ("api", {"Clients", "Phones", "Idempotency", "Mailings", "Imports"}),
        ("importer", {"Clients", "Phones", "Imports"}),
        ("page", set()),
        ("planner", set()),
        ("fanout", {"Mailings", "Messages", "Stats"}),
        ("sender", {"Mailings", "Messages", "Gateway"}),
        ("stats", {"Stats"}),
        ("widget", set()),
    ],
)
def test_who_writes_to_which_table(template: Template, function: str, tables: set[str]) -> None:
    writes = re.compile(r"dynamodb:(Put|Update|Delete|BatchWrite|PartiQL)\w+")
    written = {
        match[1]
        for grant in template.grants_of(function)
        if any(map(writes.fullmatch, grant.actions))
        for resource in map(text, grant.resources)
        if (match := re.match(r"\{Tables([A-Za-z]+)[0-9A-F]{8}\.Arn\}", resource))
    }

    assert written == tables


def on(template: Template, function: str, resource: object) -> set[str]:
    """The actions that a function's role has on just this resource."""
    return {
        action
        for grant in template.grants_of(function)
        if resource in grant.resources
        for action in grant.actions
    }


@pytest.mark.parametrize("function", ["fanout", "importer", "sender"])
def test_a_consumer_may_take_from_its_queue(template: Template, function: str) -> None:
    """What Lambda's pollers do in the function's name; the rest the function does itself.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
    """
    polls = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    itself = {"sqs:SendMessage", "sqs:ChangeMessageVisibility"}
    queue = template.event_sources()[function]["EventSourceArn"]

    assert on(template, function, queue) == polls | itself


@pytest.mark.parametrize("function", ["planner", "stats"])
def test_a_reader_of_a_stream_may_read_it_and_not_its_table(
    template: Template, function: str
) -> None:
    """Lambda's four actions; listing is asked of all streams of the table.

    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-eventsourcemapping.html#events-dynamodb-permissions
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
    """
    stream = template.event_sources()[function]["EventSourceArn"]
    table = {"Fn::GetAtt": [target(stream), "Arn"]}
    reads = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
    listed = [
        text(grant.resources[0])
        for grant in template.grants_of(function)
        if grant.actions == ("dynamodb:ListStreams",)
    ]

    assert on(template, function, stream) == reads
    assert on(template, function, table) == set()
    assert listed == [text(table) + "/stream/*"]


@pytest.mark.parametrize("function", ["planner", "stats"])
def test_what_a_stream_gives_up_goes_where_the_role_may_send(
    template: Template, function: str
) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"""
    source = template.event_sources()[function]
    discarded = source["DestinationConfig"]["OnFailure"]["Destination"]

    assert on(template, function, discarded) == {"sqs:SendMessage"}


@pytest.mark.parametrize(
    "function", ["api", "fanout", "importer", "page", "planner", "sender", "stats", "widget"]
)
def test_a_function_writes_its_own_log_and_makes_no_other(
    template: Template, function: str
) -> None:
    """The group stands in the template, so that it has a retention: none has to be created.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    """
    logging = template.functions()[function]["LoggingConfig"]
    group = {"Fn::GetAtt": [target(logging["LogGroup"]), "Arn"]}
    everywhere = {
        action
        for grant in template.grants_of(function)
        for action in grant.actions
        if action.startswith("logs:")
    }

    assert on(template, function, group) == everywhere
    assert everywhere == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_template_grants_nothing_else_in_another_way(template: Template) -> None:
    """No managed policies, no policies inside roles, no resource that opens itself to others."""
    for role in template.of_type("AWS::IAM::Role").values():
        assert not {"ManagedPolicyArns", "Policies"} & set(role)
    opened = [
        statement["Principal"]
        for kind in ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy")
        for policy in template.of_type(kind).values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] != "Deny"
    ]
    # Looked at in test_uploads.py and test_alarms.py.
    services = [{"Service": "s3.amazonaws.com"}, {"Service": "cloudwatch.amazonaws.com"}]
    assert opened == services
    kinds = {resource["Type"] for resource in template.content["Resources"].values()}
    assert not kinds & {
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::User",
        "AWS::SecretsManager::ResourcePolicy",
    }


def test_the_widget_reads_counts_and_mailings_and_nobody_else_is_let_in(
    template: Template,
) -> None:
    """CloudWatch invokes it with the rights of who looks at the dashboard."""
    asked = {action for grant in template.grants_of("widget") for action in grant.actions}
    widget = target(template.functions()["widget"]["LoggingConfig"]["LogGroup"])

    assert {each for each in asked if not each.startswith("logs:")} == {
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
    }
    assert widget.startswith("MonitoringWidget")
    for permission in template.of_type("AWS::Lambda::Permission").values():
        assert "Widget" not in target(permission["FunctionName"])
