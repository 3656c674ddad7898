"""Each workaround in `local.emulator` is needed, and works.

When the first test fails for one after an upgrade, MiniStack behaves as AWS does by itself: take
that workaround out. When the second one fails, the workaround no longer fits MiniStack.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from local.places import PROJECT_ROOT

WORKAROUNDS = (
    "partiql_is_streamed",
    "stream_survives_a_stop",
    "batches_pass_ten",
    "groups_take_turns",
    "queue_keeps_its_address",
    "functions_see_no_foreign_variables",
    "sources_are_polled_independently",
    "login_styles_are_a_resource",
    "endless_tokens_are_refused",
    "other_algorithms_are_refused",
    "malformed_tokens_are_refused",
    "refresh_tokens_are_refused",
)


def probed(variant: str) -> dict[str, bool]:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.contract.emulator_probes", variant],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, bool] = json.loads(answer.stdout)
    return found


@pytest.fixture(scope="module")
def plain() -> dict[str, bool]:
    return probed("plain")


@pytest.fixture(scope="module")
def patched() -> dict[str, bool]:
    return probed("patched")


def test_every_probe_is_judged(plain: dict[str, bool]) -> None:
    assert sorted(plain) == sorted(WORKAROUNDS)


@pytest.mark.parametrize("probe", WORKAROUNDS)
def test_the_emulator_still_needs_it(plain: dict[str, bool], probe: str) -> None:
    assert not plain[probe]


@pytest.mark.parametrize("probe", WORKAROUNDS)
def test_with_it_the_emulator_behaves_as_aws_does(patched: dict[str, bool], probe: str) -> None:
    assert patched[probe]


def test_what_makes_it_faster_changes_no_answer() -> None:
    assert probed("quick") == {"scans_page_by_page": True, "parses_as_it_did": True}
