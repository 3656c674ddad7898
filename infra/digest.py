"""The `digest` function and its schedule: each day an e-mail about the day before."""

from typing import Final

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.digest_grants import grant_digest
from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.queues import Queues
from infra.schedules import Schedules, scheduler_for
from infra.tables import Tables

# The use case holds its mark for as long; a test says so. Ten seconds are usual at the most.
_TIMEOUT_S: Final = 60
_MEMORY_MB: Final = 512

# Lambda's most for an event whose function fails: a minute and two minutes later. What was
# throttled is tried for longer, but a digest is no news after some hours.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_RETRIES: Final = 2
_MAX_AGE_S: Final = 6 * 3600

# Scheduler's own tries, for when Lambda does not take the event.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
_SCHEDULER_RETRIES: Final = 20


class Digest(PythonFunction):
    """Sends the digest; `digest_recipients` must name somebody."""

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
        page_url: str,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="digest",
            description="Carillon: sends an account of each day by e-mail.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            settings=_settings(environment, tables, queues, page_url),
        )
        self._put_aside(queues)
        self._schedule(environment, queues, schedules)

    def _put_aside(self, queues: Queues) -> None:
        """An event whose function fails is tried again, and becomes a dead letter."""
        destination = lambda_.CfnEventInvokeConfig.OnFailureProperty(
            destination=queues.undeliverable.queue_arn
        )
        failed = lambda_.CfnEventInvokeConfig(
            self,
            "Failed",
            function_name=self.function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_MAX_AGE_S,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=destination
            ),
        )
        # Lambda looks whether the role may send there; CloudFormation does not see that it asks.
        failed.node.add_dependency(self.role)

    def _schedule(self, environment: Environment, queues: Queues, schedules: Schedules) -> None:
        """Once a day. Its role is its own: that of the tick may not invoke anything."""
        self.caller = iam.Role(
            self,
            "CallerRole",
            description="Invokes Carillon's digest once a day.",
            assumed_by=scheduler_for(self, schedules.group_name),
        )
        due = scheduler.CfnSchedule(
            self,
            "Due",
            description="Once a day: an account of the day before.",
            group_name=schedules.group_name,
            schedule_expression=f"cron(0 {environment.digest_hour} * * ? *)",
            schedule_expression_timezone=environment.digest_timezone,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self.function.function_arn,
                role_arn=self.caller.role_arn,
                input="{}",
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=_MAX_AGE_S,
                    maximum_retry_attempts=_SCHEDULER_RETRIES,
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=queues.undeliverable.queue_arn
                ),
            ),
        )
        # CloudFormation sees that the schedule needs the role, but not that the role needs its
        # policy.
        due.node.add_dependency(self.caller)


def _settings(
    environment: Environment, tables: Tables, queues: Queues, page_url: str
) -> dict[str, str]:
    return {
        "MAILINGS_TABLE": tables.mailings.table_name,
        "STATS_TABLE": tables.stats.table_name,
        "GATEWAY_TABLE": tables.gateway.table_name,
        "IDEMPOTENCY_TABLE": tables.idempotency.table_name,
        "MESSAGE_QUEUE_URL": queues.message.queue_url,
        "FANOUT_QUEUE_URL": queues.fanout.queue_url,
        "IMPORT_QUEUE_URL": queues.imports.queue_url,
        "MESSAGE_DEAD_LETTERS_URL": queues.message_dead_letters.queue_url,
        "FANOUT_DEAD_LETTERS_URL": queues.fanout_dead_letters.queue_url,
        "IMPORT_DEAD_LETTERS_URL": queues.import_dead_letters.queue_url,
        "UNDELIVERABLE_URL": queues.undeliverable.queue_url,
        "DIGEST_SENDER": environment.digest_sender or "",
        "DIGEST_RECIPIENTS": ",".join(environment.digest_recipients),
        "DIGEST_TIMEZONE": environment.digest_timezone,
        "DIGEST_HOUR": str(environment.digest_hour),
        "PAGE_URL": page_url,
    }


def digest_if_wanted(
    scope: Construct,
    *,
    environment: Environment,
    layers: Layers,
    tables: Tables,
    queues: Queues,
    schedules: Schedules,
    page_url: str,
) -> None:
    """Nothing of it without somebody to send it to.

    It leads to the admin page where people know it: at the first address of their own, if they have
    one, and else at `page_url`.
    """
    if not environment.digest_recipients:
        return
    origins = environment.page_origins
    digest = Digest(
        scope,
        "Digest",
        environment=environment,
        layers=layers,
        tables=tables,
        queues=queues,
        schedules=schedules,
        page_url=f"{origins[0]}/" if origins else page_url,
    )
    grant_digest(digest, tables, queues, environment)
