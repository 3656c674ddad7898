"""The `sender` function and the secret that it presents to the gateway."""

from typing import Final

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction, or_empty
from infra.layers import Layers
from infra.queues import MESSAGE_WINDOW_S, Queues
from infra.tables import Tables

# Large batches share the reads and writes of a hundred messages. There are as many threads, so that
# no claimed message waits for the calls of others: what an operator changes holds within seconds.
_BATCH: Final = 100

# Threads that wait for the network need little processor, TLS and JSON some: over half a vCPU.
_MEMORY_MB: Final = 1024


def gateway_token(scope: Construct, *, environment: Environment) -> secretsmanager.CfnSecret:
    """The secret that holds the gateway's token.

    It begins as a random word, which the gateway refuses until an operator has put the token there.
    CloudFormation does not write the value again while this description of it stays the same.
    """
    secret = secretsmanager.CfnSecret(
        scope,
        "GatewayToken",
        description="Carillon: the bearer token for the message gateway.",
        generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
            exclude_punctuation=True
        ),
    )
    secret.apply_removal_policy(environment.removal_policy)
    return secret


class Sender(PythonFunction):
    """Decides, claims, calls and records, message by message."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
        gateway_token: secretsmanager.CfnSecret,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="sender",
            description="Carillon: hands due messages to the gateway.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=environment.sender_timeout_s,
            reserved_concurrency=environment.sender_reserved_concurrency,
            settings={
                "CLIENTS_TABLE": tables.clients.table_name,
                "MAILINGS_TABLE": tables.mailings.table_name,
                "MESSAGES_TABLE": tables.messages.table_name,
                "GATEWAY_TABLE": tables.gateway.table_name,
                "MESSAGE_QUEUE_URL": queues.message.queue_url,
                "GATEWAY_URL": environment.gateway_url,
                "GATEWAY_TOKEN_SECRET_ARN": gateway_token.attr_id,
                "GATEWAY_TIMEOUT_S": f"{environment.gateway_timeout_s:g}",
                "GATEWAY_PARTS_PER_S": or_empty(environment.gateway_parts_per_s),
                "GATEWAY_RETRY_UNKNOWN": str(environment.gateway_retry_unknown).lower(),
                "CALLS_AT_ONCE": str(_BATCH),
                "RETENTION_DAYS": str(environment.retention_days),
            },
            feeds_itself=True,
        )
        self.take_from(
            queues.message,
            batch=_BATCH,
            window_s=MESSAGE_WINDOW_S,
            max_concurrency=environment.sender_concurrency,
        )
