"""AWS's rules for what is deployed: cdk-nag's pack AwsSolutions finds what we have answered to.

cfn-lint, the other judge of the template, is in test_edges.py.
"""

import re
from pathlib import Path

import pytest

from infra.accepted import accepted
from infra.environment import Environment
from tests.infra.template import Finding, Template, synthesize

TOKEN_WANTED = re.compile(r"HttpApi/Api/[A-Z]+--api--")


def of_the_api(finding: Finding) -> bool:
    return finding.rule == "AwsSolutions-APIG4" and bool(TOKEN_WANTED.match(finding.path))


def test_the_rules_find_nothing_without_a_reason(
    template: Template, passing_template: Template
) -> None:
    for each in (template, passing_template):
        assert [finding for finding in each.findings if not of_the_api(finding)] == []


@pytest.mark.xfail(strict=True, reason="sign-in does not exist yet: remove this mark with it")
def test_every_route_of_the_api_asks_for_a_token(template: Template) -> None:
    assert [finding for finding in template.findings if of_the_api(finding)] == []


def test_every_reason_is_for_something_that_the_rules_find(tmp_path: Path) -> None:
    bare = synthesize(tmp_path, judged=True, accepting=False, retain_data="false")
    reasons = accepted(Environment(retain_data=False))

    answered = sorted(Finding(each.path, f"AwsSolutions-{each.rule}") for each in reasons)
    assert [each for each in bare.findings if not of_the_api(each)] == answered


def test_production_has_fewer_excuses() -> None:
    production, passing = (accepted(Environment(retain_data=each)) for each in (True, False))

    assert set(production) < set(passing)
    assert "DDB3" not in {each.rule for each in production}


def test_a_reason_says_something(template: Template) -> None:
    for each in accepted(Environment(retain_data=False)):
        assert len(each.reason.split()) > 8, each
