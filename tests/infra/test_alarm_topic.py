"""What an alarm says, where it leads, and who is told when it begins and when it is over."""

import re

from infra.alarm_rules import METRICS_MAX
from infra.assets import ROOT
from tests.infra.alarming import alarms
from tests.infra.template import Template, target, text

OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def test_every_alarm_says_what_it_means_and_where_to_read_on(template: Template) -> None:
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", OPERATIONS, re.MULTILINE)
    }
    for name, alarm in alarms(template).items():
        sentence, _, anchor = alarm.properties["AlarmDescription"].partition(" docs/operations.md#")
        assert sentence.endswith("."), name
        assert len(sentence.split()) >= 6, name
        assert anchor in anchors, f"{name}: docs/operations.md has no part {anchor}"


def test_the_address_of_the_documents_is_a_setting(passing_template: Template) -> None:
    for alarm in passing_template.of_type("AWS::CloudWatch::Alarm").values():
        assert " https://git.example.com/docs/operations.md#" in alarm["AlarmDescription"]


def test_every_alarm_tells_the_topic_when_it_begins_and_when_it_is_over(
    template: Template,
) -> None:
    [topic] = template.of_type("AWS::SNS::Topic")
    for alarm in alarms(template).values():
        assert [target(each) for each in alarm.properties["AlarmActions"]] == [topic]
        assert [target(each) for each in alarm.properties["OKActions"]] == [topic]
        assert alarm.properties.get("ActionsEnabled", True)
        assert len(alarm.looks_at()) <= METRICS_MAX


def test_people_are_told_by_mail(template: Template, passing_template: Template) -> None:
    subscribed = passing_template.of_type("AWS::SNS::Subscription").values()
    assert {(each["Protocol"], each["Endpoint"]) for each in subscribed} == {
        ("email", "night@example.com"),
        ("email", "day@example.com"),
    }
    assert template.of_type("AWS::SNS::Subscription") == {}


def test_only_alarms_of_this_account_may_publish_and_only_in_secret(template: Template) -> None:
    """An alarm cannot use AWS's own key for SNS, so there must be none.

    https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
    """
    [topic] = template.of_type("AWS::SNS::Topic").values()
    [policy] = template.of_type("AWS::SNS::TopicPolicy").values()
    by_effect = {each["Effect"]: each for each in policy["PolicyDocument"]["Statement"]}
    refused, permitted = by_effect["Deny"], by_effect["Allow"]

    assert "KmsMasterKeyId" not in topic
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert permitted["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert permitted["Action"] == "sns:Publish"
    assert text(permitted["Condition"]["StringEquals"]["aws:SourceAccount"]) == "{AWS::AccountId}"
    [source] = permitted["Condition"]["ArnLike"].values()
    assert text(source).endswith(":{AWS::AccountId}:alarm:*")
