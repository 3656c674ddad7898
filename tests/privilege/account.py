"""An emulated account that enforces IAM, with the template's tables, queues and roles in it.

Functions, their sources and the API are left out: the functions run in the tests' own process, as
their roles. Each grant stands in a statement of its own, so that any single one can be left out.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3

from tests.infra.template import Template, target, text

REGION = "us-east-1"
ACCOUNT = "000000000000"

_DEPLOYED = {
    "AWS::DynamoDB::Table",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::Secret",
}
_TESTS_MAY_ASSUME = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "sts:AssumeRole",
}

_REFERENCE = re.compile(r"\{(?:(Table|Queue|Schedule)s)?(\w+?)(?:[0-9A-F]{8})?(?:\.\w+)?\}")

_stacks = itertools.count()


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource; `resource` has references as `{logical id.attribute}`."""

    function: str
    action: str
    resource: str

    @property
    def on(self) -> str:
        """The resource without its hash: `Table Messages`, `Table Mailings/index/newest`."""
        return _REFERENCE.sub(_in_words, self.resource).rpartition(":")[2]

    def __str__(self) -> str:
        return f"{self.function}: {self.action} on {self.on}"


@dataclass(frozen=True)
class Granted:
    """A grant as the account has it."""

    grant: Grant
    statement: Mapping[str, Any]


def grants(template: Template) -> dict[Grant, dict[str, Any]]:
    """Every grant of every function, with the statement that makes it alone."""
    found = {}
    for function in template.functions():
        for statement in template.grants_of(function):
            assert statement.effect == "Allow"
            for action, resource in itertools.product(statement.actions, statement.resources):
                alone = {"Effect": "Allow", "Action": action, "Resource": resource}
                if statement.conditions:
                    alone["Condition"] = statement.conditions
                found[Grant(function, action, text(resource))] = alone
    return found


@dataclass
class Account:
    """One deployment of the template into the emulator at `address`, without the grants `but`."""

    address: str
    template: Template
    but: frozenset[Grant] = frozenset()
    _stack: str = field(init=False)

    def __post_init__(self) -> None:
        self._stack = f"privilege-{next(_stacks)}"
        cloudformation = self.client("cloudformation")
        body = json.dumps(self._reduced())
        cloudformation.create_stack(
            StackName=self._stack, TemplateBody=body, Capabilities=["CAPABILITY_IAM"]
        )
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=self._stack, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300}
        )

    def client(self, service: str) -> Any:
        """A client of the account's root, who may do anything."""
        root = boto3.Session("test", "test", region_name=REGION)
        return root.client(service, endpoint_url=self.address)  # type: ignore[call-overload]

    def keys(self, function: str) -> tuple[str, str, str]:
        """Access key, secret key and token of a session of the function's role."""
        arn = f"arn:aws:iam::{ACCOUNT}:role/{self._physical[self._role(function)]}"
        answer = self.client("sts").assume_role(RoleArn=arn, RoleSessionName=function)
        found = answer["Credentials"]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]

    def settings(self, function: str) -> dict[str, str]:
        """The function's environment, resolved; empty where it names what is left out."""
        return {
            name: self._outputs.get(_output(function, name), "")
            for name in self._variables(function)
        }

    def granted(self) -> Iterator[Granted]:
        """What the account has of the template's grants, with ARNs instead of references."""
        iam = self.client("iam")
        for function in self.template.functions():
            role = self._physical[self._role(function)]
            [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            ours = [each for each in self._grants if each.function == function]
            for grant, statement in zip(ours, document["Statement"], strict=True):
                yield Granted(grant, statement)

    @cached_property
    def _grants(self) -> dict[Grant, dict[str, Any]]:
        found = grants(self.template)
        assert self.but <= set(found)
        return {each: statement for each, statement in found.items() if each not in self.but}

    def _reduced(self) -> dict[str, Any]:
        whole = json.loads(json.dumps(self.template.content["Resources"]))
        resources = {
            name: resource
            for name, resource in whole.items()
            if resource["Type"] in _DEPLOYED and "lambda:InvokeFunction" not in str(resource)
        }
        for resource in resources.values():
            first = [each for each in resource.pop("DependsOn", []) if each in resources]
            resource["DependsOn"] = first
            resource.get("Properties", {}).pop("CorsConfiguration", None)  # it names the API
        for function in self.template.functions():
            role = self._role(function)
            trust = resources[role]["Properties"]["AssumeRolePolicyDocument"]
            trust["Statement"].append(_TESTS_MAY_ASSUME)
            [policy] = [
                each["Properties"]
                for each in resources.values()
                if each["Type"] == "AWS::IAM::Policy"
                and [target(one) for one in each["Properties"]["Roles"]] == [role]
            ]
            policy["PolicyDocument"]["Statement"] = [
                statement for each, statement in self._grants.items() if each.function == function
            ]
        outputs = {
            _output(function, name): {"Value": value}
            for function in self.template.functions()
            for name, value in self._variables(function).items()
            if value != "" and _referred_to(value) <= set(resources)
        }
        return {"Resources": resources, "Outputs": outputs}

    def _role(self, function: str) -> str:
        return target(self.template.functions()[function]["Role"])

    def _variables(self, function: str) -> dict[str, Any]:
        return dict(self.template.functions()[function]["Environment"]["Variables"])

    @cached_property
    def _outputs(self) -> dict[str, str]:
        [stack] = self.client("cloudformation").describe_stacks(StackName=self._stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    @cached_property
    def _physical(self) -> dict[str, str]:
        answer = self.client("cloudformation").describe_stack_resources(StackName=self._stack)
        return {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for each in answer["StackResources"]
        }


def _referred_to(value: Any) -> set[str]:
    """The resources that a variable's value is made of."""
    names = re.findall(r"\{(\w+)(?:\.\w+)?\}", text(value))
    return set(names)


def _in_words(reference: re.Match[str]) -> str:
    return " ".join(filter(None, reference.groups()))


def _output(function: str, variable: str) -> str:
    """The name of the output that tells a variable's value: letters and digits only."""
    return f"{function}0{variable.replace('_', '1')}"
