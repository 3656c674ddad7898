"""Hostile requests at the deployed stack: API Gateway, function and tables as they run together.

Far more of them meet the same function in `tests/contract`, without an emulator in between.
"""

from pathlib import Path

import pytest

from local.stack import LocalStack
from tests.hostile.attacking import attack


@pytest.mark.long
@pytest.mark.timeout(900)
def test_no_request_breaks_the_stack(stack: LocalStack, tmp_path: Path) -> None:
    token = {"Authorization": f"Bearer {stack.token()}"}
    found = attack(stack.api_url, tmp_path, seed=4, cases=100, headers=token)
    print(found.summary)
    assert not found.found_something, found.report
    assert found.cases >= 2_000
