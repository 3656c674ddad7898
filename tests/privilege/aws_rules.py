"""What AWS wants to be granted for a request: its rules, read by us and not by the emulator.

A transaction is permitted by the actions of its parts, a batch of reads or writes by an action of
its own on each of its tables, a PartiQL statement by the action of its verb.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
An object's head is read with the action that reads it, and only who may list the bucket is told
that there is none.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
An e-mail is permitted on the verified identity that it comes from; which that is, and whether those
that it goes to are asked for as well, is the account's affair, so that all are held to be needed.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
A batch to a queue is permitted by the action for a single message.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Need = tuple[str, str]
"""An action, and the ARN of what it is done to."""

_ITEM_OPERATIONS = {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan", "Query"}
_PARTS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
_S3_ACTIONS = {"GetObject": "GetObject", "HeadObject": "GetObject", "PutObject": "PutObject"}
_STATEMENT = re.compile(r'(INSERT) INTO "([^"]+)"|(UPDATE) "([^"]+)"')
_VERBS = {"INSERT": "dynamodb:PartiQLInsert", "UPDATE": "dynamodb:PartiQLUpdate"}


def needs(
    service: str, operation: str, request: Mapping[str, Any], *, region: str, account: str
) -> Iterator[Need]:
    """Each thing that must be granted; AssertionError for a request that is not known here."""
    match service:
        case "dynamodb":
            for action, table in _of_dynamodb(operation, request):
                yield action, f"arn:aws:dynamodb:{region}:{account}:table/{table}"
        case "sqs":
            queue = request["QueueUrl"].rpartition("/")[2]
            action = f"sqs:{operation.removesuffix('Batch')}"
            yield action, f"arn:aws:sqs:{region}:{account}:{queue}"
        case "scheduler":
            schedule = f"schedule/{request['GroupName']}/{request['Name']}"
            yield f"scheduler:{operation}", f"arn:aws:scheduler:{region}:{account}:{schedule}"
            if operation == "CreateSchedule":
                yield "iam:PassRole", request["Target"]["RoleArn"]
        case "s3":
            yield from _of_s3(operation, request)
        case "sesv2":
            for name in _identities(request):
                yield f"ses:{operation}", f"arn:aws:ses:{region}:{account}:identity/{name}"
        case "secretsmanager":
            yield f"secretsmanager:{operation}", request["SecretId"]
        case _:
            raise AssertionError(f"unknown: {service} {operation}")


def _of_s3(operation: str, request: Mapping[str, Any]) -> Iterator[Need]:
    bucket = f"arn:aws:s3:::{request['Bucket']}"
    if operation == "HeadObject":
        yield "s3:ListBucket", bucket
    yield f"s3:{_S3_ACTIONS[operation]}", f"{bucket}/{request['Key']}"


def _identities(request: Mapping[str, Any]) -> Iterator[str]:
    """Any that may be verified: the sender's address, its domain, and in the sandbox recipients."""
    sender = request["FromEmailAddress"]
    yield sender
    yield sender.partition("@")[2]
    yield from request["Destination"]["ToAddresses"]


def _of_dynamodb(operation: str, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if operation in _ITEM_OPERATIONS:
        index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
        yield f"dynamodb:{operation}", request["TableName"] + index
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for table in request["RequestItems"]:
            yield f"dynamodb:{operation}", table
    elif operation == "TransactWriteItems":
        for item in request["TransactItems"]:
            [(part, detail)] = item.items()
            yield _PARTS[part], detail["TableName"]
    elif operation == "BatchExecuteStatement":
        for statement in request["Statements"]:
            match = _STATEMENT.match(statement["Statement"])
            assert match, statement
            verb, table = filter(None, match.groups())
            yield _VERBS[verb], table
    else:
        raise AssertionError(f"unknown: {operation}")
