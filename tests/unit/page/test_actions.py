"""What the page offers to do with a mailing is what the API takes: its table beside ours."""

import json
import subprocess

import pytest

from carillon.models.mailing import MailingStatus
from carillon.policy.actions import RESEND, RULES
from carillon.policy.edits import editable_fields
from tests.architecture.sources import ROOT
from tests.fakes.samples import a_mailing

MODULE = ROOT / "functions" / "page" / "static" / "mailing" / "allowed.js"
LIMIT_S = 30


@pytest.fixture(scope="module")
def offered() -> dict[str, list[str]]:
    """The states of each action, as Node reads them from the page's module."""
    program = (
        f"import {{ STATES }} from {json.dumps(str(MODULE))}; console.log(JSON.stringify(STATES))"
    )
    run = subprocess.run(
        ["node", "--input-type=module", "--eval", program],  # noqa: S607 - beside npm
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_S,
    )
    states: dict[str, list[str]] = json.loads(run.stdout)
    return states


def test_each_action_is_offered_in_the_states_that_allow_it(
    offered: dict[str, list[str]],
) -> None:
    allowed = {action.value: rule.states for action, rule in RULES.items()} | {
        "resend": RESEND.states
    }
    assert {name: set(offered[name]) for name in allowed} == {
        name: set(states) for name, states in allowed.items()
    }
    assert offered.keys() == allowed.keys() | {"edit"}


def test_editing_is_offered_where_something_can_be_changed(offered: dict[str, list[str]]) -> None:
    mailings = [a_mailing(status=status) for status in MailingStatus]
    changeable = {each.status for each in mailings if editable_fields(each, each.starts_at)}
    assert set(offered["edit"]) == changeable
