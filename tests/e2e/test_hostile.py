"""Hostile requests at the deployed stack: API Gateway, function and tables as they run together.

Far more of them meet the same function in `tests/contract`, without an emulator in between.
"""

from pathlib import Path

import pytest

from local.stack import LocalStack
from tests.hostile.attacking import attack


@pytest.mark.parametrize(
    ("cases", "phases", "at_least"),
    [
        (1, "examples", 20),
        pytest.param(
            100,
            "examples,coverage,fuzzing,stateful",
            2_000,
            marks=[pytest.mark.long, pytest.mark.timeout(900)],
        ),
    ],
)
def test_no_request_breaks_the_stack(
    stack: LocalStack, tmp_path: Path, cases: int, phases: str, at_least: int
) -> None:
    token = {"Authorization": f"Bearer {stack.token()}"}
    found = attack(stack.api_url, tmp_path, seed=4, cases=cases, phases=phases, headers=token)
    print(found.summary)
    assert not found.found_something, found.report
    assert found.cases >= at_least
