"""The emulator asks for the permissions that AWS asks for.

When the first test fails for a rule after an upgrade, MiniStack follows it by itself: take its
workaround out of `local.emulator.permissions`. When the second one fails, the workaround no longer
fits MiniStack. The third tells that permissions are enforced at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.contract.cloud import running_emulator, running_ministack

ACCOUNT = "000000000000"
REGION = "us-east-1"
TRUST = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "sts:AssumeRole",
}
REFUSES_PLAIN_HTTP = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:closed",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
DAILY = {
    "ScheduleExpression": "rate(1 days)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {
        "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:open",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/of-the-scheduler",
    },
}


@dataclass(frozen=True)
class Rule:
    """A request, and the one thing that AWS wants to be granted for it."""

    service: str
    operation: str
    request: dict[str, Any]
    action: str
    resource: str
    conditions: dict[str, Any] = field(default_factory=dict)


def _statement(text: str) -> dict[str, Any]:
    return {"Statements": [{"Statement": text}]}


RULES = {
    "a batch to a queue": Rule(
        "sqs",
        "send_message_batch",
        {"QueueUrl": "open", "Entries": [{"Id": "1", "MessageBody": "{}"}]},
        "sqs:SendMessage",
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:open",
    ),
    "a queue that wants TLS": Rule(
        "sqs",
        "send_message",
        {"QueueUrl": "closed", "MessageBody": "{}"},
        "sqs:SendMessage",
        f"arn:aws:sqs:{REGION}:{ACCOUNT}:closed",
    ),
    "an INSERT": Rule(
        "dynamodb",
        "batch_execute_statement",
        _statement("INSERT INTO \"table\" VALUE {'id': 'new'}"),
        "dynamodb:PartiQLInsert",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/table",
    ),
    "an UPDATE": Rule(
        "dynamodb",
        "batch_execute_statement",
        _statement("UPDATE \"table\" SET n=1 WHERE id='a'"),
        "dynamodb:PartiQLUpdate",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/table",
    ),
    "a DELETE": Rule(
        "dynamodb",
        "execute_statement",
        {"Statement": "DELETE FROM \"table\" WHERE id='b'"},
        "dynamodb:PartiQLDelete",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/table",
    ),
    "a schedule of a group": Rule(
        "scheduler",
        "create_schedule",
        {"GroupName": "ours", "Name": "new", **DAILY},
        "scheduler:CreateSchedule",
        f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/ours/*",
    ),
    "the end of a schedule of a group": Rule(
        "scheduler",
        "delete_schedule",
        {"GroupName": "ours", "Name": "old"},
        "scheduler:DeleteSchedule",
        f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/ours/*",
    ),
    "an e-mail": Rule(
        "sesv2",
        "send_email",
        {
            "FromEmailAddress": "open@ours.test",
            "Destination": {"ToAddresses": ["somebody@else.test"]},
            "Content": {
                "Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hello"}}}
            },
        },
        "ses:SendEmail",
        f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/open@ours.test",
        {"StringEquals": {"ses:FromAddress": "open@ours.test"}},
    ),
}


@dataclass
class Account:
    """An emulated account with something to ask for, and roles that are granted one thing each."""

    address: str
    _roles: int = field(default=0)

    def client(self, service: str, **credentials: str) -> Any:
        root = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service, while the stubs know four
            endpoint_url=self.address,
            region_name=REGION,
            **(credentials or root),
        )

    def furnish(self) -> None:
        sqs, dynamodb, scheduler = map(self.client, ("sqs", "dynamodb", "scheduler"))
        sqs.create_queue(QueueName="open")
        policy = json.dumps({"Version": "2012-10-17", "Statement": [REFUSES_PLAIN_HTTP]})
        sqs.create_queue(QueueName="closed", Attributes={"Policy": policy})
        dynamodb.create_table(
            TableName="table",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for key in ("a", "b"):
            dynamodb.put_item(TableName="table", Item={"id": {"S": key}})
        scheduler.create_schedule_group(Name="ours")
        scheduler.create_schedule(GroupName="ours", Name="old", **DAILY)
        self.client("sesv2").create_email_identity(EmailIdentity="open@ours.test")

    def refuses(self, rule: Rule, *, granted: tuple[str, str] | None) -> bool:
        """Whether a role with this grant alone is not permitted to make the rule's request."""
        self._roles += 1
        call = getattr(
            self._as_role(f"role-{self._roles}", rule, granted),
            rule.operation,
        )
        try:
            call(**_with_address(rule.request, self.client("sqs")))
        except ClientError as error:
            denied = error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
            if not denied:
                raise
            return True
        return False

    def _as_role(self, name: str, rule: Rule, granted: tuple[str, str] | None) -> Any:
        iam = self.client("iam")
        role = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}),
        )["Role"]
        if granted:
            action, resource = granted
            statement: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
            if rule.conditions:
                statement["Condition"] = rule.conditions
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_role_policy(RoleName=name, PolicyName="one", PolicyDocument=document)
        sts = self.client("sts")
        session = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
        return self.client(
            rule.service,
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )


def _with_address(request: dict[str, Any], sqs: Any) -> dict[str, Any]:
    if "QueueUrl" not in request:
        return request
    address = sqs.get_queue_url(QueueName=request["QueueUrl"])["QueueUrl"]
    return {**request, "QueueUrl": address}


Running = Callable[[Path], Any]


def _account(folder: Path, run: Running) -> Iterator[Account]:
    with run(folder) as address:
        account = Account(address)
        account.furnish()
        yield account


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """MiniStack as it comes, told to enforce."""
    folder = tmp_path_factory.mktemp("plain")
    yield from _account(folder, lambda folder: running_ministack(folder, AUTH="true"))


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """As our local stacks run it."""
    yield from _account(tmp_path_factory.mktemp("patched"), running_emulator)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_emulator_still_needs_it(plain: Account, rule: Rule) -> None:
    assert plain.refuses(rule, granted=(rule.action, rule.resource))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_what_aws_wants_is_enough(patched: Account, rule: Rule) -> None:
    assert not patched.refuses(rule, granted=(rule.action, rule.resource))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_nothing_less_will_do(patched: Account, rule: Rule) -> None:
    service, _, name = rule.action.partition(":")
    elsewhere = rule.resource.replace("open", "x").replace("closed", "x").replace("ours", "x")

    assert patched.refuses(rule, granted=None)
    assert patched.refuses(rule, granted=(f"{service}:Not{name}", rule.resource))
    assert patched.refuses(rule, granted=(rule.action, elsewhere.replace("table/table", "table/x")))
