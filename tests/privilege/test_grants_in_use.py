"""No function lacks a grant, and none has one that it does not use.

A story runs the functions' real handlers in this process, each with the keys of its own role,
against an emulated account that enforces the policies of the synthesized template. Every request is
written down with what AWS wants to be granted for it (`aws_rules`), which is not read from the
emulator. Then the grants, one action on one resource each, are taken away one at a time, and the
requests of that one story are judged again by an IAM evaluator: if all were still permitted, the
grant would be idle. That is quick, because nothing is run again. That a refused request does break
something is shown by really leaving grants out: one here, every one in `make test-long`; the
story, told in an account without the grant, must fail in the chapter that asks for it first.

What Lambda, Scheduler and the log service do in a role's name no function asks for. It is held
against what AWS documents in tests/infra/test_grants.py.
"""

import random
import re
from collections.abc import Iterable, Sequence

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from infra.assets import ROOT
from tests.infra.template import Template
from tests.privilege.account import ACCOUNT, REGION, Account, Grant, Granted
from tests.privilege.conftest import Told
from tests.privilege.functions import Asked
from tests.privilege.story import DIGEST_SENDER, Failure, told
from tests.privilege.world import Gateway

# The action of an event source, of what it gives up, and of a function's log.
NOT_THE_FUNCTIONS_OWN = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:ReceiveMessage",
}
# Whose queue an event source asks for alone; the sender asks for its queue's length itself, too.
POLLED_BY = {"fanout": "Fanout", "importer": "Import"}
# The emulator lets Scheduler have any role, and tells anybody whether a bucket holds a file.
NOT_ENFORCED = {"iam:PassRole", "s3:ListBucket"}
SEED = 4


def in_use(granted: Iterable[Granted]) -> list[Granted]:
    """Those that a function itself must ask for."""
    return [each for each in granted if not _is_asked_for_by_aws(each.grant)]


def _is_asked_for_by_aws(grant: Grant) -> bool:
    polls = (
        grant.action == "sqs:GetQueueAttributes"
        and POLLED_BY.get(grant.function, "-") in grant.resource
    )
    gives_up = grant.action == "sqs:SendMessage" and "Undeliverable" in grant.resource
    return grant.action in NOT_THE_FUNCTIONS_OWN or polls or gives_up


def refused(asked: Sequence[Asked], granted: Sequence[Granted], function: str) -> list[Asked]:
    """What a function asked for that these grants do not permit."""
    document = {
        "Version": "2012-10-17",
        "Statement": [each.statement for each in granted if each.grant.function == function],
    }
    policies = [parse_policy_document(document)]
    verdicts: dict[tuple[str, str], bool] = {}
    found = []
    for each in asked:
        need = (each.action, each.resource)
        if each.function == function and need not in verdicts:
            verdicts[need] = evaluate(_context(*need), policies).decision == "Allow"
        if each.function == function and not verdicts[need]:
            found.append(each)
    return found


def _context(action: str, resource: str) -> EvalContext:
    return EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/role/function",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=REGION,
        service_context={
            "iam:passedtoservice": "scheduler.amazonaws.com",
            "ses:fromaddress": DIGEST_SENDER,
        },
    )


def table(without: dict[Grant, Asked]) -> str:
    """Function × action → what fails without the grant."""
    rows = ["| function | action | on | first to fail |", "| --- | --- | --- | --- |"]
    for grant, asked in sorted(without.items()):
        first = f"{asked.operation}, when {asked.step}"
        rows.append(f"| {grant.function} | {grant.action} | {grant.on} | {first} |")
    return "\n".join(rows)


def test_the_story_goes_well_with_what_is_granted(story: Told) -> None:
    assert story.failed is None


@pytest.mark.parametrize(
    "function", ["api", "digest", "fanout", "importer", "planner", "sender", "stats"]
)
def test_nothing_is_asked_for_that_is_not_granted(story: Told, function: str) -> None:
    assert any(each.function == function for each in story.asked)
    assert refused(story.asked, story.granted, function) == []


def test_no_grant_is_idle(story: Told) -> None:
    without: dict[Grant, Asked] = {}
    idle = []
    for one in in_use(story.granted):
        others = [each for each in story.granted if each is not one]
        if missed := refused(story.asked, others, one.grant.function):
            without[one.grant] = missed[0]
        else:
            idle.append(str(one.grant))
    print(table(without))  # `pytest -s` shows it

    assert idle == []
    assert len(without) > 50


def test_the_story_makes_every_call_that_the_adapters_can_make(story: Told) -> None:
    adapters = ROOT / "layers" / "shared" / "python" / "carillon" / "adapters"
    text = "".join(path.read_text(encoding="utf-8") for path in adapters.glob("*.py"))
    calls = {name.replace("_", "") for name in re.findall(r"client\.([a-z_]+)\(", text)}

    # The first is of a client of ours, the second signs a PutObject and asks nobody.
    calls -= {"modeldump", "generatepresignedurl"}
    assert len(calls) > 10
    assert calls == {each.operation.lower() for each in story.asked}


def test_what_no_function_asks_for_is_known(story: Told) -> None:
    asked = {(each.function, each.action) for each in story.asked}

    for each in story.granted:
        if each.grant.action in NOT_THE_FUNCTIONS_OWN:
            assert (each.grant.function, each.grant.action) not in asked


def test_the_story_fails_without_a_grant(
    story: Told, template: Template, emulator: str, stand_in: Gateway
) -> None:
    one = random.Random(SEED).choice(_removable(story))
    account = Account(emulator, template, but=frozenset({one.grant}))
    _expect_to_be_missed(one, story, told(account, stand_in)[1])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_story_fails_without_any_grant(
    story: Told, template: Template, emulator: str, stand_in: Gateway
) -> None:
    for one in _removable(story):
        account = Account(emulator, template, but=frozenset({one.grant}))
        _expect_to_be_missed(one, story, told(account, stand_in)[1])


def _removable(story: Told) -> list[Granted]:
    """Those that functions use and the emulator enforces."""
    found = [each for each in in_use(story.granted) if _is_enforced(each.grant)]
    return sorted(found, key=lambda each: each.grant)


def _is_enforced(grant: Grant) -> bool:
    """The emulator knows the sender's address for an e-mail's identity, and no other."""
    if grant.action == "ses:SendEmail":
        return grant.resource.endswith(f"/{DIGEST_SENDER}")
    return grant.action not in NOT_ENFORCED


def _expect_to_be_missed(one: Granted, story: Told, failed: Failure | None) -> None:
    """The story failed, and in just the chapter in which the grant is first asked for."""
    others = [each for each in story.granted if each is not one]
    missed = refused(story.asked, others, one.grant.function)
    print(f"without {one.grant}: {failed}")
    assert failed is not None, f"nobody misses {one.grant}"
    assert failed.step == missed[0].step, f"{one.grant}: {failed.reason}"
