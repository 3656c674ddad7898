"""What makes MiniStack quicker changes no answer of it.

When one of these fails after an upgrade, its patch no longer fits MiniStack: mend or drop it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.emulator_serving_probe import CONVERSATIONS
from tests.contract.probing import printed


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


def test_tables_and_their_streams_are_the_same_with_and_without() -> None:
    assert printed("emulator_table_probes") == {
        "scans": True,
        "sizes": True,
        "statements": True,
        "streams": True,
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
