"""Each workaround in `local.emulator` is needed, and works.

When the first test fails for one after an upgrade, MiniStack behaves as AWS does by itself: take
that workaround out. When the second one fails, the workaround no longer fits MiniStack.
"""

from __future__ import annotations

import pytest

from tests.contract.probing import printed

WORKAROUNDS = (
    "partiql_is_streamed",
    "stream_survives_a_stop",
    "batches_pass_ten",
    "batches_gather",
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


@pytest.fixture(scope="module")
def plain() -> dict[str, bool]:
    return printed("emulator_probes", "plain")


@pytest.fixture(scope="module")
def patched() -> dict[str, bool]:
    return printed("emulator_probes", "patched")


def test_every_probe_is_judged(plain: dict[str, bool]) -> None:
    assert sorted(plain) == sorted(WORKAROUNDS)


@pytest.mark.parametrize("probe", WORKAROUNDS)
def test_the_emulator_still_needs_it(plain: dict[str, bool], probe: str) -> None:
    assert not plain[probe]


@pytest.mark.parametrize("probe", WORKAROUNDS)
def test_with_it_the_emulator_behaves_as_aws_does(patched: dict[str, bool], probe: str) -> None:
    assert patched[probe]
