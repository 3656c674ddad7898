"""AWS's rules for what is deployed: cdk-nag's pack AwsSolutions finds what we have answered to.

cfn-lint, the other judge of the template, is in test_edges.py.
"""

from pathlib import Path

from infra.accepted import accepted
from infra.environment import Environment
from tests.infra.template import Finding, Template, synthesize


def test_the_rules_find_nothing_without_a_reason(
    template: Template,
    passing_template: Template,
    foreign_template: Template,
    own_domain_template: Template,
) -> None:
    for each in (template, passing_template, foreign_template, own_domain_template):
        assert each.findings == ()


def test_every_reason_is_for_something_that_the_rules_find(tmp_path: Path) -> None:
    bare = synthesize(tmp_path, judged=True, accepting=False, retain_data="false")
    reasons = accepted(Environment(retain_data=False))

    answered = sorted(Finding(each.path, f"AwsSolutions-{each.rule}") for each in reasons)
    assert sorted(bare.findings) == answered


def test_production_has_fewer_excuses() -> None:
    production, passing = (accepted(Environment(retain_data=each)) for each in (True, False))

    assert set(production) < set(passing)
    assert "DDB3" not in {each.rule for each in production}


def test_a_reason_says_something(template: Template) -> None:
    for each in accepted(Environment(retain_data=False)):
        assert len(each.reason.split()) > 8, each
