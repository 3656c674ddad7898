"""As much of an AWS account as deploying asks about, behind boto3's session; what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, NoCredentialsError

ACCOUNT = "123456789012"
REGION = "eu-central-1"
ARN = f"arn:aws:iam::{ACCOUNT}:user/alice"


@dataclass(frozen=True)
class Resource:
    """One of the deployed stack's."""

    kind: str
    name: str
    stays: bool = False
    protected: bool = False


PRODUCTION = [
    Resource("AWS::Lambda::Function", "api"),
    Resource("AWS::DynamoDB::Table", "Mailings-Clients", stays=True, protected=True),
    Resource("AWS::SecretsManager::Secret", "the-token", stays=True),
    Resource("AWS::Logs::LogGroup", "/logs/api", stays=True),
    Resource("AWS::Cognito::UserPool", "pool-1", stays=True, protected=True),
]


@dataclass
class Account:
    """The session, and every client of it. `protected` of a bucket: there is something in it."""

    region_name: str = REGION
    known: bool = True
    bootstrapped: bool = True
    may_look: bool = True
    standing: bool = True
    termination_protected: bool = False
    resources: list[Resource] = field(default_factory=lambda: list(PRODUCTION))
    asked: list[str] = field(default_factory=list)

    def client(self, service: str) -> "Client":
        return Client(self, service)


@dataclass
class Client:
    """Answers what is asked of any service, and writes it down."""

    account: Account
    service: str

    def __getattr__(self, operation: str) -> Any:
        def call(**parameters: Any) -> Any:
            self.account.asked.append(f"{self.service}.{operation}")
            return getattr(self, f"_{operation}")(**parameters)

        return call

    def _get_caller_identity(self) -> dict[str, str]:
        if not self.account.known:
            raise NoCredentialsError
        return {"Account": ACCOUNT, "Arn": ARN}

    def _get_parameter(self, Name: str) -> dict[str, Any]:  # noqa: N803 - boto3's own names
        assert Name == "/cdk-bootstrap/hnb659fds/version"
        if not self.account.may_look:
            raise refusal("AccessDeniedException")
        if not self.account.bootstrapped:
            raise refusal("ParameterNotFound")
        return {"Parameter": {"Value": "21"}}

    def _describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if not self.account.standing:
            raise refusal("ValidationError", f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"EnableTerminationProtection": self.account.termination_protected}]}

    def _get_template(self, **_: str) -> dict[str, Any]:
        policies = {
            each.name: {"DeletionPolicy": "Retain"} if each.stays else {}
            for each in self.account.resources
        }
        return {"TemplateBody": {"Resources": policies}}

    def get_paginator(self, operation: str) -> "Client":
        assert operation == "list_stack_resources"
        return self

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        gone = {"LogicalResourceId": "gone", "ResourceStatus": "DELETE_COMPLETE"}
        yield {"StackResourceSummaries": [gone]}
        for each in self.account.resources:
            summary = {
                "LogicalResourceId": each.name,
                "PhysicalResourceId": each.name,
                "ResourceType": each.kind,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            yield {"StackResourceSummaries": [summary]}

    def _describe_table(self, TableName: str) -> dict[str, Any]:  # noqa: N803
        return {"Table": {"DeletionProtectionEnabled": self._named(TableName).protected}}

    def _describe_user_pool(self, UserPoolId: str) -> dict[str, Any]:  # noqa: N803
        is_protected = self._named(UserPoolId).protected
        return {"UserPool": {"DeletionProtection": "ACTIVE" if is_protected else "INACTIVE"}}

    def _list_objects_v2(self, Bucket: str, MaxKeys: int) -> dict[str, Any]:  # noqa: N803
        return {"KeyCount": min(MaxKeys, int(self._named(Bucket).protected))}

    def _named(self, name: str) -> Resource:
        [found] = [each for each in self.account.resources if each.name == name]
        return found


def refusal(code: str, message: str = "") -> ClientError:
    """What boto3 raises for AWS's refusals."""
    return ClientError({"Error": {"Code": code, "Message": message or code}}, "Operation")
