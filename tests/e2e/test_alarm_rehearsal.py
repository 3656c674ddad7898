"""Each plain alarm rings and stops ringing, from a metric to what the topic's subscriber gets.

The emulator evaluates alarms more simply than AWS does: by the sum of all minutes, without data
points to alarm and without a rule for missing data, and knows no metric math. What a rule means is
evaluated in tests/infra/test_alarms.py; here it is the way from alarm to person. The tick's silence
cannot be put into a metric, so that its alarm is set by hand.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from local.stack import LocalStack
from tests.e2e.operator import until

LONG_AGO_MS = 3_600_000
"""Beyond any threshold, whatever its unit."""


@pytest.fixture
def heard(stack: LocalStack) -> Callable[[], list[Any]]:
    """A queue as a subscriber of the topic; what it heard since it was last asked."""
    sqs, topic = stack.client("sqs"), stack.outputs["AlarmTopic"]
    url = sqs.create_queue(QueueName="on-call")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn["Attributes"]["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    stack.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
    )

    def listen() -> list[Any]:
        found = []
        while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for each in batch:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
                found.append(json.loads(json.loads(each["Body"])["Message"]))
        return found

    return listen


@pytest.mark.long
def test_every_plain_alarm_rings_and_is_over(
    stack: LocalStack, heard: Callable[[], list[Any]]
) -> None:
    cloudwatch = stack.client("cloudwatch")
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    assert len(alarms) == 9
    for alarm in alarms:
        name = alarm["AlarmName"]
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="rehearsal")
        heard()
        if "TickStopped" in name:
            cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="rehearsal")
        else:
            breach(cloudwatch, alarm)
        assert news(heard, name) == [("OK", "ALARM", alarm["AlarmDescription"])]
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="rehearsal")
        assert news(heard, name) == [("ALARM", "OK", alarm["AlarmDescription"])]


def breach(cloudwatch: Any, alarm: Any) -> None:
    """The metric goes beyond the threshold, and the emulator looks at its alarms."""
    metric = {"MetricName": alarm["MetricName"], "Dimensions": alarm.get("Dimensions", [])}
    cloudwatch.put_metric_data(
        Namespace=alarm["Namespace"], MetricData=[{**metric, "Value": LONG_AGO_MS}]
    )
    until(
        lambda: cloudwatch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"][0],
        lambda seen: seen["StateValue"] == "ALARM",
        limit_s=90,
    )


def news(heard: Callable[[], list[Any]], name: str) -> list[tuple[str, str, str]]:
    """What the subscriber heard of this alarm: from which state to which, and its description."""
    found = until(lambda: [each for each in heard() if each["AlarmName"] == name], bool, limit_s=20)
    return [
        (each["OldStateValue"], each["NewStateValue"], each["AlarmDescription"]) for each in found
    ]
