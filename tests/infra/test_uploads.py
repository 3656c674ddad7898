"""Rules for the bucket of uploads: private, short-lived, and its events reach one queue."""

from typing import Any

import pytest

from carillon.adapters.uploads_bucket import CONTENT_TYPE, REFUSED_PREFIX, UploadsBucket
from carillon.models.imports import KEY_PREFIX
from infra.environment import Environment, InvalidSettings
from infra.uploads import REFUSED, UPLOADS
from tests.infra.template import Template, target, text


def bucket(template: Template) -> tuple[str, dict[str, Any]]:
    """Logical id and properties."""
    [(name, properties)] = template.of_type("AWS::S3::Bucket").items()
    return name, properties


def policy_of(template: Template, kind: str, key: str, name: str) -> list[dict[str, Any]]:
    """The statements of the policy of a bucket or a queue."""
    [found] = [
        properties["PolicyDocument"]["Statement"]
        for properties in template.of_type(kind).values()
        if name in str(properties[key])
    ]
    return list(found)


def test_it_is_private_and_encrypted(template: Template) -> None:
    name, properties = bucket(template)
    [statement] = policy_of(template, "AWS::S3::BucketPolicy", "Bucket", name)

    assert properties["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    [encryption] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert statement["Effect"] == "Deny"
    assert statement["Action"] == "s3:*"
    assert statement["Principal"] == {"AWS": "*"}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert list(map(text, statement["Resource"])) == [f"{{{name}.Arn}}", f"{{{name}.Arn}}/*"]


def test_nothing_stays_longer_than_a_day(template: Template) -> None:
    [rule] = bucket(template)[1]["LifecycleConfiguration"]["Rules"]

    assert rule == {
        "Status": "Enabled",
        "ExpirationInDays": 1,
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    assert "VersioningConfiguration" not in bucket(template)[1], "or a version would stay behind"


def test_production_keeps_the_bucket(template: Template, passing_template: Template) -> None:
    for each, policy in ((template, "Retain"), (passing_template, "Delete")):
        assert each.resource(bucket(each)[0])["DeletionPolicy"] == policy


def test_browsers_on_our_pages_may_upload_and_do_nothing_else(
    template: Template, own_domain_template: Template
) -> None:
    [rule] = bucket(own_domain_template)[1]["CorsConfiguration"]["CorsRules"]
    [plain] = bucket(template)[1]["CorsConfiguration"]["CorsRules"]
    [api] = template.of_type("AWS::ApiGatewayV2::Api")

    assert rule["AllowedMethods"] == ["PUT"]
    assert "*" not in "".join(map(text, rule["AllowedOrigins"]))
    own, page = map(text, rule["AllowedOrigins"])
    assert page == "https://mailings.example.com"
    assert [text(each) for each in plain["AllowedOrigins"]] == [own] == [f"{{{api}.ApiEndpoint}}"]


def test_what_is_signed_may_be_sent(template: Template) -> None:
    from carillon.adapters import aws
    from tests.contract.cloud import dummy_account

    with dummy_account():
        ticket = UploadsBucket(aws.client("s3"), "uploads").ticket("i1", expires_s=60)
    [rule] = bucket(template)[1]["CorsConfiguration"]["CorsRules"]

    assert {name.lower() for name in ticket.headers} == set(rule["AllowedHeaders"])
    assert ticket.headers["Content-Type"] == CONTENT_TYPE
    assert (UPLOADS, REFUSED) == (KEY_PREFIX, REFUSED_PREFIX)


def test_a_new_file_is_told_to_the_importer(template: Template) -> None:
    name, properties = bucket(template)
    [told] = properties["NotificationConfiguration"].pop("QueueConfigurations")
    source = template.event_sources()["importer"]["EventSourceArn"]

    assert told["Event"] == "s3:ObjectCreated:*"
    assert told["Queue"] == source
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": UPLOADS}]
    assert properties["NotificationConfiguration"] == {}
    [policy] = [
        logical_id
        for logical_id, each in template.of_type("AWS::SQS::QueuePolicy").items()
        if target(source) in map(target, each["Queues"])
    ]
    assert policy in template.resource(name)["DependsOn"]


def test_s3_may_send_for_buckets_of_this_account_alone(template: Template) -> None:
    queue = target(template.event_sources()["importer"]["EventSourceArn"])
    statements = policy_of(template, "AWS::SQS::QueuePolicy", "Queues", queue)
    [allowed] = [each for each in statements if each["Effect"] == "Allow"]

    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Action"] == "sqs:SendMessage"
    assert target(allowed["Resource"]) == queue
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_each_function_may_do_one_thing_with_each_prefix(template: Template) -> None:
    name, _ = bucket(template)
    found = {
        (function, action, text(resource).removeprefix(f"{{{name}.Arn}}"))
        for function in template.functions()
        for grant in template.grants_of(function)
        for action in grant.actions
        for resource in grant.resources
        if action.startswith("s3:")
    }

    assert found == {
        ("api", "s3:PutObject", "/imports/*"),
        ("api", "s3:GetObject", "/rejected/*"),
        ("importer", "s3:GetObject", "/imports/*"),
        ("importer", "s3:PutObject", "/rejected/*"),
        ("importer", "s3:ListBucket", ""),
    }


def test_where_browsers_upload_to_is_told(template: Template) -> None:
    name, _ = bucket(template)
    told = text(template.content["Outputs"]["UploadsOrigin"]["Value"])

    assert told == f"https://{{{name}.RegionalDomainName}}"
    elsewhere = Environment.of({"uploads_url": "http://127.0.0.1:4566"})
    assert elsewhere.uploads_url == "http://127.0.0.1:4566"
    with pytest.raises(InvalidSettings, match="must be an origin"):
        Environment.of({"uploads_url": "http://127.0.0.1:4566/path"})
