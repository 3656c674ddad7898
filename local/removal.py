"""What deleting a deployed stack would delete, and what it would leave behind.

The template that is deployed decides, and not the settings of today: a stack that was deployed
with `retain_data=true` keeps its data whatever the file says by now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.errors import LocalError

_TABLE = "AWS::DynamoDB::Table"
_BUCKET = "AWS::S3::Bucket"
_POOL = "AWS::Cognito::UserPool"

# How each kind that we keep is deleted by hand; `{}` is its name or id.
_BY_HAND = {
    _TABLE: (
        "aws dynamodb update-table --table-name {} --no-deletion-protection-enabled",
        "aws dynamodb delete-table --table-name {}",
    ),
    "AWS::SecretsManager::Secret": ("aws secretsmanager delete-secret --secret-id {}",),
    "AWS::Logs::LogGroup": ("aws logs delete-log-group --log-group-name {}",),
    _BUCKET: ("aws s3 rb s3://{} --force",),
    _POOL: (
        "aws cognito-idp update-user-pool --user-pool-id {} --deletion-protection INACTIVE",
        "aws cognito-idp delete-user-pool --user-pool-id {}",
    ),
}


@dataclass(frozen=True)
class Resource:
    """One of the stack's: its type, its physical name or id, whether it outlives the stack."""

    kind: str
    name: str
    stays: bool


@dataclass(frozen=True)
class Contents:
    """What a stack consists of; `in_the_way` are commands without which deleting would fail."""

    stack: str
    resources: tuple[Resource, ...]
    in_the_way: tuple[str, ...] = field(default=())

    @property
    def staying(self) -> list[Resource]:
        return [each for each in self.resources if each.stays]

    @property
    def afterwards(self) -> list[str]:
        """Commands that delete what stayed."""
        return [
            f"  {command.format(each.name)}"
            for each in self.staying
            for command in _BY_HAND.get(each.kind, ())
        ]

    def in_words(self) -> str:
        """For the person who decides."""
        going = Counter(each.kind for each in self.resources if not each.stays)
        lines = ["Deleted for good, with all that is in them:"]
        lines += [f"  {count:3} {kind}" for kind, count in sorted(going.items())]
        if going[_TABLE]:
            lines.append("  That is ALL DATA: clients, mailings, messages, counters; no backup.")
        lines.append("Mailings that run stop where they are, and what is scheduled never starts.")
        if not self.staying:
            return "\n".join([*lines, "Nothing stays."])
        lines.append("These stay, cost what they hold, and belong to no stack any more:")
        lines += [f"      {each.kind}  {each.name}" for each in self.staying]
        if any(each.kind == _TABLE for each in self.staying):
            lines.append(
                "A new deployment does not find them: it makes tables of its own. How to copy\n"
                "these into it is in docs/deploy.md, under backup and restore."
            )
        return "\n".join(lines)


def what_is_there(stack: str, session: Any) -> Contents:
    """The deployed stack's contents, from CloudFormation; `LocalError` if there is none."""
    cloudformation = session.client("cloudformation")
    try:
        [described] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        body = cloudformation.get_template(StackName=stack, TemplateStage="Processed")
        template = body["TemplateBody"]
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
        listed = [each for page in pages for each in page["StackResourceSummaries"]]
    except (BotoCoreError, ClientError) as error:
        raise LocalError(f"Nothing was done: {error}") from error
    if isinstance(template, str):
        template = json.loads(template)
    resources = tuple(_resources(listed, template["Resources"]))
    in_the_way = []
    if described.get("EnableTerminationProtection"):
        in_the_way.append(
            "  aws cloudformation update-termination-protection --no-enable-termination-protection"
            f" --stack-name {stack}"
        )
    in_the_way += _protected(resources, session)
    return Contents(stack, resources, tuple(in_the_way))


def _resources(listed: list[Mapping[str, Any]], template: Mapping[str, Any]) -> Iterator[Resource]:
    for each in listed:
        if each["ResourceStatus"] == "DELETE_COMPLETE" or not each.get("PhysicalResourceId"):
            continue
        policy = template.get(each["LogicalResourceId"], {}).get("DeletionPolicy", "Delete")
        yield Resource(
            each["ResourceType"], each["PhysicalResourceId"], stays=policy.startswith("Retain")
        )


def _protected(resources: tuple[Resource, ...], session: Any) -> Iterator[str]:
    """What is to go and would refuse to: somebody protected it by hand, or there is something in.

    CloudFormation does not lift a protection; it fails in the middle.
    """
    for each in resources:
        if each.stays:
            continue
        if each.kind == _TABLE:
            table = session.client("dynamodb").describe_table(TableName=each.name)["Table"]
            if table.get("DeletionProtectionEnabled"):
                yield f"  {_BY_HAND[_TABLE][0].format(each.name)}"
        if each.kind == _POOL:
            cognito = session.client("cognito-idp")
            pool = cognito.describe_user_pool(UserPoolId=each.name)["UserPool"]
            if pool.get("DeletionProtection") == "ACTIVE":
                yield f"  {_BY_HAND[_POOL][0].format(each.name)}"
        if each.kind == _BUCKET:
            found = session.client("s3").list_objects_v2(Bucket=each.name, MaxKeys=1)
            if found.get("KeyCount"):
                yield f"  aws s3 rm s3://{each.name} --recursive"
