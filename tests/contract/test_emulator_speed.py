"""What makes MiniStack quicker changes no answer of it.

When one of these fails after an upgrade, its patch no longer fits MiniStack: mend or drop it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from local.places import PROJECT_ROOT
from tests.contract.emulator_serving_probe import CONVERSATIONS


def printed(module: str) -> dict[str, Any]:
    answer = subprocess.run(
        [sys.executable, "-m", f"tests.contract.{module}"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.fixture(scope="module")
def served() -> tuple[dict[str, Any], dict[str, Any]]:
    plainly, quickly = printed("emulator_serving_probe").values()
    return plainly, quickly


def test_each_answer_is_the_same_with_and_without() -> None:
    assert printed("emulator_speed_probes") == {
        "conditions": True,
        "copies": True,
        "permissions": True,
        "json": True,
    }


@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_it_is_served_the_same(
    served: tuple[dict[str, Any], dict[str, Any]], conversation: str
) -> None:
    plainly, quickly = served
    # Neither cares about the order of the headers, which are most of the lines.
    assert sorted(quickly[conversation]) == sorted(plainly[conversation])


def test_both_servers_stop_when_they_are_asked_to(
    served: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    assert [each["stopped"] for each in served] == [True, True]


def test_requests_on_one_connection_know_nothing_of_each_other(
    served: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    for each in served:
        for conversation in ("kept alive", "pipelined"):
            assert "".join(each[conversation]).count('"behind": "none"') == 2
