"""EventBridge Scheduler, the fan-out's queue, slices and log, looked at from outside."""

import json
from typing import Any

from local.stack import LocalStack


def schedules(stack: LocalStack, mailing: Any) -> list[Any]:
    """The mailing's schedules that have not fired."""
    found: list[Any] = stack.client("scheduler").list_schedules(
        GroupName=stack.outputs["ScheduleGroup"], NamePrefix=mailing["id"]
    )["Schedules"]
    return found


def delayed(stack: LocalStack) -> int:
    """Commands that wait in the fan-out queue for their time."""
    return queue_number(stack, "FanoutQueueUrl", "ApproximateNumberOfMessagesDelayed")


def queue_number(stack: LocalStack, output: str, name: str = "ApproximateNumberOfMessages") -> int:
    """What a queue, by the output with its address, says of its length: who waits for a receiver
    unless told otherwise."""
    attributes = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs[output], AttributeNames=[name]
    )["Attributes"]
    return int(attributes[name])


def forget_commands(stack: LocalStack) -> None:
    """Empty the fan-out queue behind Carillon's back."""
    stack.client("sqs").purge_queue(QueueUrl=stack.outputs["FanoutQueueUrl"])


def worked(stack: LocalStack, kind: str, mailing: Any) -> list[float]:
    """When the fan-out worked commands of this kind for the mailing, by its log."""
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.outputs["FanoutFunction"]
    )
    events = stack.client("logs").filter_log_events(
        logGroupName=function["LoggingConfig"]["LogGroup"], filterPattern=mailing["id"]
    )["events"]
    told = [
        (each["timestamp"] / 1000, json.loads(each["message"]))
        for each in events
        if each["message"][:1] == "{"
    ]
    return [
        at
        for at, line in told
        if (line.get("message"), line.get("kind")) == ("command worked", kind)
    ]


def slices_done(stack: LocalStack, mailing: Any) -> int:
    """How many of the mailing's slices have come to their end."""
    items = stack.client("dynamodb").query(
        TableName=stack.outputs["MailingsTable"],
        KeyConditionExpression="mailing_id = :id AND begins_with(#item, :slice)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues={":id": {"S": mailing["id"]}, ":slice": {"S": "slice#"}},
    )["Items"]
    return sum(item["done"]["BOOL"] for item in items)
