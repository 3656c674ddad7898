"""The functions that no caller waits for, made together."""

from dataclasses import dataclass

from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.environment import Environment
from infra.fanout import Fanout
from infra.importer import Importer
from infra.layers import Layers
from infra.planner import Planner
from infra.queues import Queues
from infra.schedules import Schedules
from infra.sender import Sender
from infra.stats import Stats
from infra.tables import Tables
from infra.uploads import Uploads


@dataclass(frozen=True, kw_only=True)
class Workers:
    """What streams and queues invoke."""

    planner: Planner
    fanout: Fanout
    sender: Sender
    stats: Stats
    importer: Importer


def make_workers(
    scope: Construct,
    *,
    environment: Environment,
    layers: Layers,
    tables: Tables,
    queues: Queues,
    schedules: Schedules,
    uploads: Uploads,
    gateway_token: secretsmanager.CfnSecret,
) -> Workers:
    """All five, side by side in `scope`."""
    return Workers(
        planner=Planner(
            scope,
            "Planner",
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            schedules=schedules,
        ),
        fanout=Fanout(
            scope, "Fanout", environment=environment, layers=layers, tables=tables, queues=queues
        ),
        sender=Sender(
            scope,
            "Sender",
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            gateway_token=gateway_token,
        ),
        stats=Stats(
            scope, "Stats", environment=environment, layers=layers, tables=tables, queues=queues
        ),
        importer=Importer(
            scope,
            "Importer",
            environment=environment,
            layers=layers,
            tables=tables,
            queues=queues,
            uploads=uploads,
        ),
    )
