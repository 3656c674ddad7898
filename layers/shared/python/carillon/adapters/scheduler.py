"""EventBridge Scheduler: the port `Schedules`, one-time hints to the fan-out queue.

A schedule's name says what it is for and when, and none is ever updated: creating it twice is the
same as once, and a hint that no longer fits its mailing does nothing.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from carillon.adapters.aws import translated
from carillon.adapters.system import SystemClock
from carillon.models.commands import Command

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

SOONEST = timedelta(minutes=1)
"""Scheduler refuses a time in the past and fires anywhere inside a minute; a hint that is late
already is asked for in the next minute, which also leaves room for two clocks that differ."""

RETRY_AGE_MAX_S = 3600
RETRIES_MAX = 60
"""A hint is worth delivering for an hour; long before that the minute's tick did its work."""


class Scheduler:
    """Schedules of `group` send to the queue `target_arn` as `role_arn`; the rest to `dlq_arn`."""

    def __init__(
        self,
        client: "EventBridgeSchedulerClient",
        *,
        group: str,
        role_arn: str,
        target_arn: str,
        dlq_arn: str,
    ) -> None:
        self._client = client
        self._group = group
        self._role_arn = role_arn
        self._target_arn = target_arn
        self._dlq_arn = dlq_arn
        self._clock = SystemClock()

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        """Once; a name that exists is success. A time in the past becomes the next minute."""
        at = max(at, self._clock.now() + SOONEST)
        try:
            with translated():
                self._client.create_schedule(
                    GroupName=self._group,
                    Name=name,
                    ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
                    ScheduleExpressionTimezone="UTC",
                    FlexibleTimeWindow={"Mode": "OFF"},
                    ActionAfterCompletion="DELETE",
                    Target={
                        "Arn": self._target_arn,
                        "RoleArn": self._role_arn,
                        "Input": command.model_dump_json(),
                        "RetryPolicy": {
                            "MaximumEventAgeInSeconds": RETRY_AGE_MAX_S,
                            "MaximumRetryAttempts": RETRIES_MAX,
                        },
                        "DeadLetterConfig": {"Arn": self._dlq_arn},
                    },
                )
        except self._client.exceptions.ConflictException:
            return

    def delete(self, name: str) -> None:
        """A name that does not exist is success."""
        try:
            with translated():
                self._client.delete_schedule(GroupName=self._group, Name=name)
        except self._client.exceptions.ResourceNotFoundException:
            return
