"""The `planner` function: from the mailings stream to schedules, commands and trials' bells."""

from typing import Final

from aws_cdk import Duration
from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.queues import Queues
from infra.schedules import Schedules
from infra.tables import Tables

# Two calls to Scheduler for each mailing that changed, a second at worst: 100 fit with their
# retries.
_TIMEOUT_S: Final = 120
_BATCH: Final = 100
_MEMORY_MB: Final = 512

# Everything here is a hint: what is lost, the tick finds within a minute. So one mailing that
# cannot be planned may hold the others back for minutes, not for the day that a stream lasts; the
# cut batches single it out sooner.
_RETRIES: Final = 20
_MAX_AGE: Final = Duration.minutes(30)

# Each change of a mailing, and each trial that is asked for; what else lies beside a mailing, and
# how a trial goes on, is nothing to plan.
_SEEN: Final = (
    {"dynamodb": {"Keys": {"item": {"S": ["mailing"]}}}},
    {"eventName": ["INSERT"], "dynamodb": {"Keys": {"item": {"S": [{"prefix": "test#"}]}}}},
)


class Planner(PythonFunction):
    """Follows mailings, and rings for their trials."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
        schedules: Schedules,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="planner",
            description="Carillon: turns a mailing's times into schedules and commands.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            settings={
                "FANOUT_QUEUE_URL": queues.fanout.queue_url,
                "FANOUT_QUEUE_ARN": queues.fanout.queue_arn,
                "MESSAGE_QUEUE_URL": queues.message.queue_url,
                "SCHEDULE_GROUP": schedules.group_name,
                "SCHEDULE_ROLE_ARN": schedules.role.role_arn,
                "SCHEDULE_DLQ_ARN": queues.undeliverable.queue_arn,
            },
        )
        self.read_stream(
            tables.mailings,
            only=_SEEN,
            batch=_BATCH,
            window_s=0,
            retries=_RETRIES,
            max_age=_MAX_AGE,
            undeliverable=queues.undeliverable,
        )
