"""EventBridge Scheduler: the group of the mailings' schedules, the role they act in, and the tick.

The planner puts one schedule for a mailing's start and one for its end into the group. The tick
stands there too: once a minute it sends a command to the fan-out queue, the safety net under
everything that is due.
"""

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

# The least that Scheduler takes. A tick that is late by more is pointless: the next one has come.
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
_TICK_AGE_S = 60
_TICK_RETRIES = 3


class Schedules(Construct):
    """Group, role and tick. What the role may do stands in the stack, with all other grants."""

    def __init__(
        self, scope: Construct, construct_id: str, *, fanout: sqs.Queue, undeliverable: sqs.Queue
    ) -> None:
        super().__init__(scope, construct_id)
        group = scheduler.CfnScheduleGroup(self, "Group")
        self.group_name = group.ref
        self.schedules_arn = _arn(self, "schedule", f"{group.ref}/*")
        self.role = iam.Role(
            self,
            "Role",
            description="Sends due commands of Carillon's schedules to the fan-out queue.",
            assumed_by=scheduler_for(self, group.ref),
        )
        tick = scheduler.CfnSchedule(
            self,
            "Tick",
            description="Looks every minute for what is due and was not done.",
            group_name=group.ref,
            schedule_expression="rate(1 minute)",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=fanout.queue_arn,
                role_arn=self.role.role_arn,
                input=json.dumps({"kind": "tick"}),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=_TICK_AGE_S, maximum_retry_attempts=_TICK_RETRIES
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=undeliverable.queue_arn
                ),
            ),
        )
        # CloudFormation sees that the tick needs the role, but not that the role needs its policy.
        tick.node.add_dependency(self.role)


def scheduler_for(scope: Construct, group_name: str) -> iam.IPrincipal:
    """Scheduler, acting for our own group: no schedule of anybody else can borrow the role.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    group_arn = _arn(scope, "schedule-group", group_name)
    account = Stack.of(scope).account
    return iam.ServicePrincipal(
        "scheduler.amazonaws.com",
        conditions={"StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": group_arn}},
    )


def _arn(scope: Construct, resource: str, name: str) -> str:
    return Stack.of(scope).format_arn(service="scheduler", resource=resource, resource_name=name)
