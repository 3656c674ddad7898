"""Rules for tables, the secret and queues: what they hold is safe, and nothing waits unseen."""

import re
from typing import Any

import pytest

from tests.infra.template import Template, target

KEYS = {
    "Clients": ["client_id"],
    "Phones": ["phone"],
    "Idempotency": ["key"],
    "Mailings": ["mailing_id", "item"],
    "Messages": ["part", "client_id"],
    "Stats": ["mailing_id", "item"],
    "Gateway": ["item"],
    "Imports": ["import_id"],
}
STREAMED = {"Mailings", "Messages"}
EXPIRING = {"Idempotency", "Imports", "Mailings", "Messages", "Stats", "Gateway"}
INDEXES = {"newest": ["listed", "listed_at"], "due": ["due", "due_at"]}

LONGEST_S = 14 * 24 * 3600


def tables(template: Template) -> dict[str, dict[str, Any]]:
    """Properties by the name in the code; CDK's logical ids add a path before and a hash after."""
    found = {}
    for logical_id, properties in template.of_type("AWS::DynamoDB::Table").items():
        name = re.fullmatch(r"Tables([A-Za-z]+)[0-9A-F]{8}", logical_id)
        assert name
        found[name[1]] = properties
    return found


def names(key_schema: list[dict[str, str]]) -> list[str]:
    return [key["AttributeName"] for key in key_schema]


def dead_letter_queues(template: Template) -> set[str]:
    """Queues that another resource gives up to, by logical id."""
    queues = template.of_type("AWS::SQS::Queue").values()
    redriven = [
        queue["RedrivePolicy"]["deadLetterTargetArn"]
        for queue in queues
        if "RedrivePolicy" in queue
    ]
    discarded = [
        source["DestinationConfig"]["OnFailure"]["Destination"]
        for source in template.event_sources().values()
        if "DestinationConfig" in source
    ]
    return {target(arn) for arn in [*redriven, *discarded]}


def test_tables_have_the_keys_that_the_code_computes(template: Template) -> None:
    found = tables(template)

    assert {name: names(table["KeySchema"]) for name, table in found.items()} == KEYS
    for table in found.values():
        assert {attribute["AttributeType"] for attribute in table["AttributeDefinitions"]} == {"S"}


def test_mailings_are_found_by_age_and_by_what_is_due(template: Template) -> None:
    with_indexes = {
        name: table["GlobalSecondaryIndexes"]
        for name, table in tables(template).items()
        if "GlobalSecondaryIndexes" in table
    }

    assert set(with_indexes) == {"Mailings"}
    indexes = with_indexes["Mailings"]
    assert {index["IndexName"]: names(index["KeySchema"]) for index in indexes} == INDEXES
    assert {index["Projection"]["ProjectionType"] for index in indexes} == {"ALL"}


def test_streams_show_both_images(template: Template) -> None:
    streams = {
        name: table["StreamSpecification"]
        for name, table in tables(template).items()
        if "StreamSpecification" in table
    }

    assert streams == {key: {"StreamViewType": "NEW_AND_OLD_IMAGES"} for key in STREAMED}


def test_what_expires_expires_at_expires_at(template: Template) -> None:
    expiring = {
        name: table["TimeToLiveSpecification"]
        for name, table in tables(template).items()
        if "TimeToLiveSpecification" in table
    }

    assert expiring == {key: {"AttributeName": "expires_at", "Enabled": True} for key in EXPIRING}


def test_tables_cost_nothing_while_idle(template: Template) -> None:
    assert {table["BillingMode"] for table in tables(template).values()} == {"PAY_PER_REQUEST"}


@pytest.mark.parametrize(
    "kind", ["AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"]
)
def test_production_keeps_its_data_and_a_passing_stack_does_not(
    template: Template, passing_template: Template, kind: str
) -> None:
    for each, policy in ((template, "Retain"), (passing_template, "Delete")):
        for logical_id in each.of_type(kind):
            resource = each.resource(logical_id)
            assert resource["DeletionPolicy"] == policy
            assert resource["UpdateReplacePolicy"] == policy


def test_production_can_go_back_in_time_and_is_not_deleted_by_mistake(
    template: Template, passing_template: Template
) -> None:
    month = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
    none = {"PointInTimeRecoveryEnabled": False}
    for each, recovery, kept in ((template, month, True), (passing_template, none, False)):
        for table in tables(each).values():
            assert table["PointInTimeRecoverySpecification"] == recovery
            assert table["DeletionProtectionEnabled"] is kept


def test_what_was_deleted_can_leave_the_backups_earlier(
    own_domain_template: Template,
) -> None:
    for table in tables(own_domain_template).values():
        assert table["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"] == 7


def test_the_token_in_the_template_is_a_random_placeholder(template: Template) -> None:
    [secret] = template.of_type("AWS::SecretsManager::Secret").values()

    assert "SecretString" not in secret
    assert "GenerateSecretString" in secret


def test_every_queue_gives_up_to_dead_letters_or_holds_them(template: Template) -> None:
    queues = template.of_type("AWS::SQS::Queue")
    dead_letters = dead_letter_queues(template)

    working = {name for name, queue in queues.items() if "RedrivePolicy" in queue}
    assert len(working) == 3
    assert set(queues) == working | dead_letters
    assert not working & dead_letters
    assert {queues[name]["RedrivePolicy"]["maxReceiveCount"] for name in working} == {10}


def test_no_two_queues_share_their_dead_letters(template: Template) -> None:
    queues = template.of_type("AWS::SQS::Queue").values()
    targets = [
        target(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in queues
        if "RedrivePolicy" in queue
    ]

    assert len(set(targets)) == len(targets)


def test_dead_letters_are_kept_as_long_as_sqs_can(template: Template) -> None:
    for name in dead_letter_queues(template):
        assert template.resource(name)["Properties"]["MessageRetentionPeriod"] == LONGEST_S


def test_messages_wait_for_a_gateway_as_long_as_sqs_can(template: Template) -> None:
    queue = template.resource(target(template.event_sources()["sender"]["EventSourceArn"]))

    assert queue["Properties"]["MessageRetentionPeriod"] == LONGEST_S


def test_every_queue_is_standard_encrypted_and_refuses_plain_connections(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        policies = {
            target(queue): policy["PolicyDocument"]["Statement"]
            for policy in each.of_type("AWS::SQS::QueuePolicy").values()
            for queue in policy["Queues"]
        }
        for name, queue in each.of_type("AWS::SQS::Queue").items():
            assert queue["SqsManagedSseEnabled"] is True
            assert "FifoQueue" not in queue
            [statement] = [each for each in policies[name] if each["Effect"] == "Deny"]
            assert statement["Effect"] == "Deny"
            assert statement["Principal"] == {"AWS": "*"}
            assert statement["Action"] == "sqs:*"
            assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            assert target(statement["Resource"]) == name


def test_nothing_is_told_to_use_a_key_of_its_own_which_would_cost_each_request(
    template: Template, passing_template: Template
) -> None:
    """Tables, the secret and log groups are encrypted at rest unless told how, and cannot be
    otherwise: by DynamoDB with a key that AWS owns, by the others with one that it manages.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/data-protection.html
    """
    for each in (template, passing_template):
        for kind, setting in (
            ("AWS::DynamoDB::Table", "SSESpecification"),
            ("AWS::SecretsManager::Secret", "KmsKeyId"),
            ("AWS::Logs::LogGroup", "KmsKeyId"),
        ):
            found = each.of_type(kind).values()
            assert found
            assert not [properties for properties in found if setting in properties]


def test_no_bucket_came_along_that_nobody_looked_at(template: Template) -> None:
    """The one there is has tests of its own, in test_uploads.py."""
    assert len(template.of_type("AWS::S3::Bucket")) == 1
