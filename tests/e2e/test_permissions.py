"""The deployed functions act as their roles, and the local AWS permits what these are granted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from local.stack import LocalStack
from tests.e2e.operator import Operator, until

AT_ONCE_S = 10


@contextmanager
def without(stack: LocalStack, function: str, action: str) -> Iterator[None]:
    """The function's role lacks the action meanwhile, on all resources."""
    configuration = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs[function]
    )
    iam, role = stack.client("iam"), configuration["Role"].rpartition("/")[2]
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]

    def put(statements: list[Any]) -> None:
        text = json.dumps({**document, "Statement": statements})
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=text)

    put([_less(statement, action) for statement in document["Statement"]])
    try:
        yield
    finally:
        put(document["Statement"])


def _less(statement: dict[str, Any], action: str) -> dict[str, Any]:
    actions = statement["Action"]
    actions = actions if isinstance(actions, list) else [actions]
    assert actions != [action]
    return {**statement, "Action": [each for each in actions if each != action]}


def test_the_whole_suite_runs_where_policies_are_enforced(stack: LocalStack) -> None:
    health = requests.get(f"{stack.emulator_url}/_ministack/health", timeout=10).json()

    assert health["auth"] == "enabled"


def test_a_function_cannot_do_what_its_role_may_not(stack: LocalStack) -> None:
    operator = Operator(stack, "permissions")

    with without(stack, "ApiFunction", "dynamodb:Scan"):
        assert operator.call("GET", "/clients").status_code == 500
        assert operator.call("GET", "/mailings").status_code == 200
    until(
        lambda: operator.call("GET", "/clients").status_code,
        lambda status: status == 200,
        limit_s=AT_ONCE_S,
    )


def test_a_stranger_can_do_nothing(stack: LocalStack) -> None:
    stranger = boto3.Session("AKIAUNKNOWNUNKNOWN00", "wrong", region_name="us-east-1")
    tables = stranger.client("dynamodb", endpoint_url=stack.emulator_url)

    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        tables.scan(TableName=stack.outputs["ClientsTable"])
