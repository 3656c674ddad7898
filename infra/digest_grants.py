"""What the digest may do, apart from the stack's matrix since few deploy it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aws_cdk import Stack
from constructs import Construct

from infra.environment import Environment
from infra.grants import allow
from infra.queues import Queues
from infra.tables import NEWEST, Tables, index_arn

if TYPE_CHECKING:
    from infra.digest import Digest


def grant_digest(digest: Digest, tables: Tables, queues: Queues, environment: Environment) -> None:
    """Read counters and queues, mark what was sent, and send as one sender."""
    who, caller = digest.role, digest.caller
    allow(who, index_arn(tables.mailings, NEWEST), "dynamodb", "Query")
    allow(who, tables.stats.table_arn, "dynamodb", "BatchGetItem Query")
    allow(who, tables.gateway.table_arn, "dynamodb", "BatchGetItem")
    # Of that table its marks alone: the other keys are the API's.
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    marks = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "digest#*"}}
    allow(who, tables.idempotency.table_arn, "dynamodb", "GetItem PutItem", marks)
    for queue in queues.by_output().values():
        allow(who, queue.queue_arn, "sqs", "GetQueueAttributes")
    allow(who, queues.undeliverable.queue_arn, "sqs", "SendMessage")
    sender = {"StringEquals": {"ses:FromAddress": environment.digest_sender or ""}}
    for identity in _identity_arns(digest, environment):
        allow(who, identity, "ses", "SendEmail", sender)
    allow(caller, digest.function.function_arn, "lambda", "InvokeFunction")
    allow(caller, queues.undeliverable.queue_arn, "sqs", "SendMessage")


def _identity_arns(scope: Construct, environment: Environment) -> Iterator[str]:
    """The SES identities for which the right to send may be asked.

    That of the sender's address, of its domain or of a domain above that, whichever is verified.
    While an account is in SES's sandbox the recipients are verified identities too, and are asked
    for as well: https://github.com/aws/aws-sdk-js/issues/3641. From whom an e-mail may come, the
    grant's condition says.
    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    sender = environment.digest_sender or ""
    labels = sender.partition("@")[2].split(".")
    domains = (".".join(labels[first:]) for first in range(len(labels) - 1))
    for name in dict.fromkeys((sender, *domains, *environment.digest_recipients)):
        yield Stack.of(scope).format_arn(service="ses", resource="identity", resource_name=name)
