"""The digest: deployed only if asked for, and with no more rights than an e-mail takes."""

import json
import zoneinfo
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from carillon.usecases.posting import HELD_FOR
from functions.digest.settings import DigestSettings
from infra.environment import Environment, InvalidSettings
from tests.infra.template import Statement, Template, target, text
from tests.infra.test_functions import SETTINGS_BESIDE
from tests.infra.test_grants import OPEN_NAMES

RECIPIENTS = "ops@example.org,night@example.org"
SENDER = "carillon@mail.example.com"
BOTH = {"digest_recipients": RECIPIENTS, "digest_sender": SENDER}


@pytest.fixture(scope="session")
def digest_template(own_domain_template: Template) -> Template:
    """Of a stack that has one."""
    return own_domain_template


def test_without_recipients_there_is_nothing_of_it(template: Template) -> None:
    assert "digest" not in json.dumps(template.content).lower()
    assert not template.of_type("AWS::Lambda::EventInvokeConfig")


def test_it_comes_with_two_outputs(template: Template, digest_template: Template) -> None:
    more = digest_template.content["Outputs"].keys() - template.content["Outputs"].keys()
    function = digest_template.functions()["digest"]
    assert more == {"DigestFunction", "DigestLogs"}
    logs = digest_template.content["Outputs"]["DigestLogs"]["Value"]
    assert logs == function["LoggingConfig"]["LogGroup"]


def test_it_gets_exactly_the_settings_that_it_reads(digest_template: Template) -> None:
    variables = digest_template.functions()["digest"]["Environment"]["Variables"]
    read = {name.upper() for name in DigestSettings.model_fields}
    assert set(variables) - SETTINGS_BESIDE == read
    settings = DigestSettings.from_env({name: text(value) for name, value in variables.items()})
    assert settings.digest_recipients == tuple(RECIPIENTS.split(","))
    assert settings.page_url == "https://mailings.example.com/"


def test_it_is_due_once_a_day_by_its_own_clock(digest_template: Template) -> None:
    [due] = [
        each
        for each in digest_template.of_type("AWS::Scheduler::Schedule").values()
        if "ScheduleExpressionTimezone" in each
    ]
    assert due["ScheduleExpression"] == "cron(0 7 * * ? *)"
    assert due["ScheduleExpressionTimezone"] == "Europe/Moscow"
    assert due["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert json.loads(due["Target"]["Input"]) == {}
    assert due["Target"]["RetryPolicy"]["MaximumRetryAttempts"] > 0
    undeliverable = due["Target"]["DeadLetterConfig"]["Arn"]
    [grant, gives_up] = _grants_of(digest_template, target(due["Target"]["RoleArn"]))
    assert (grant.actions, grant.resources) == (
        ("lambda:InvokeFunction",),
        (due["Target"]["Arn"],),
    )
    assert (gives_up.actions, gives_up.resources) == (("sqs:SendMessage",), (undeliverable,))


def test_scheduler_alone_may_act_in_its_callers_role_and_for_our_group(
    digest_template: Template,
) -> None:
    schedules = digest_template.of_type("AWS::Scheduler::Schedule").values()
    roles = {target(each["Target"]["RoleArn"]) for each in schedules}
    trusts = [
        digest_template.resource(each)["Properties"]["AssumeRolePolicyDocument"] for each in roles
    ]
    assert len(roles) == 2
    assert trusts[0] == trusts[1]  # the tick's is looked at in test_grants.py


def test_an_event_that_fails_is_tried_again_and_then_put_aside(digest_template: Template) -> None:
    [config] = digest_template.of_type("AWS::Lambda::EventInvokeConfig").values()
    [undeliverable] = [
        name for name in digest_template.of_type("AWS::SQS::Queue") if "Undeliverable" in name
    ]
    put_aside = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert config["MaximumRetryAttempts"] == 2
    assert target(put_aside) == undeliverable
    assert _on(digest_template, put_aside) == {"sqs:GetQueueAttributes", "sqs:SendMessage"}


def test_it_sends_as_its_sender_alone(digest_template: Template) -> None:
    sends = [
        each for each in digest_template.grants_of("digest") if each.actions == ("ses:SendEmail",)
    ]
    identities = [resource for each in sends for resource in map(text, each.resources)]
    assert {each.rpartition(":")[2] for each in identities} == {
        f"identity/{SENDER}",
        "identity/mail.example.com",
        "identity/example.com",
        "identity/ops@example.org",
        "identity/night@example.org",
    }
    for each in sends:
        assert each.conditions == {"StringEquals": {"ses:FromAddress": SENDER}}


def test_it_reads_and_writes_nothing_but_marks(digest_template: Template) -> None:
    asked = {
        (action, text(resource).partition("Tables")[2][:-13])
        for each in digest_template.grants_of("digest")
        for action in each.actions
        for resource in each.resources
        if action.startswith("dynamodb:")
    }
    assert {(action, table) for action, table in asked if "Put" in action} == {
        ("dynamodb:PutItem", "Idempotency")
    }
    assert not {table for _, table in asked} & {"Clients", "Phones", "Messages"}
    [marks] = [
        each for each in digest_template.grants_of("digest") if "dynamodb:PutItem" in each.actions
    ]
    assert marks.conditions == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": "digest#*"},
    }


def test_every_grant_names_what_it_is_for(digest_template: Template) -> None:
    for each in digest_template.grants():
        for resource in map(text, each.resources):
            service = each.actions[0].split(":")[0]
            is_open = service in OPEN_NAMES and OPEN_NAMES[service].fullmatch(resource)
            assert is_open or "*" not in resource, f"{each.owner}: {each.actions} on {resource}"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"digest_recipients": RECIPIENTS}, "digest_recipients without digest_sender"),
        ({"digest_sender": SENDER}, "digest_sender without digest_recipients"),
        ({**BOTH, "digest_recipients": "ops"}, "'ops' is not an e-mail address"),
        ({**BOTH, "digest_recipients": "ops@example.org,"}, "'' is not an e-mail address"),
        ({**BOTH, "digest_recipients": "a@b.org,A@b.org"}, "names an address twice"),
        ({**BOTH, "digest_recipients": "дежурный@example.org"}, "is not an e-mail address"),
        ({**BOTH, "digest_recipients": ",".join(f"a{n}@b.org" for n in range(51))}, "at most 50"),
        ({**BOTH, "digest_sender": "Carillon <a@b.org>"}, "must be a bare e-mail address"),
        ({"digest_hour": "3"}, "digest_hour=3"),
        ({"digest_hour": "22"}, "digest_hour=22"),
        ({"digest_hour": "eight"}, "digest_hour=eight"),
        ({"digest_timezone": "Moscow"}, "must be an IANA time zone"),
    ],
)
def test_settings_that_make_no_digest_are_named(settings: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidSettings, match=problem):
        Environment.of(settings)


@pytest.mark.long
def test_no_zone_skips_an_hour_at_which_it_may_be_due() -> None:
    """Scheduler would leave that day's out. A zone's offset is compared day by day."""
    skipped = set()
    for name in sorted(zoneinfo.available_timezones()):
        zone = zoneinfo.ZoneInfo(name)
        days = [datetime(2026, 1, 1, 12, tzinfo=zone) + n * timedelta(days=1) for n in range(1500)]
        for before, after in pairwise(days):
            if before.utcoffset() == after.utcoffset():
                continue
            hours = [before + n * timedelta(hours=1) for n in range(25)]
            skipped |= {
                each.hour
                for each in hours
                if each.astimezone(UTC).astimezone(zone).hour != each.hour
            }
    assert skipped, "some hours are skipped somewhere"
    allowed = range(4, 22)
    assert skipped.isdisjoint(allowed)
    for hour in (min(allowed), max(allowed)):
        assert Environment.of({"digest_hour": str(hour)}).digest_hour == hour


def test_empty_settings_are_none() -> None:
    environment = Environment.of({"digest_recipients": "", "digest_sender": ""})
    assert (environment.digest_recipients, environment.digest_sender) == ((), None)


def _grants_of(template: Template, role: str) -> list[Statement]:
    return [each for each in template.grants() if each.owner == role]


def _on(template: Template, resource: object) -> set[str]:
    return {
        action
        for each in template.grants_of("digest")
        if resource in each.resources
        for action in each.actions
    }


def test_what_holds_the_mark_is_over_when_lambda_tries_again(digest_template: Template) -> None:
    assert digest_template.functions()["digest"]["Timeout"] == HELD_FOR.total_seconds()
