"""A short form of `make chaos`: the same misfortunes, fewer of them, and the same judgement."""

from pathlib import Path

import pytest

from local import chaos
from local.progress import Progress
from tests.e2e.own_stack import own_stack


@pytest.mark.long
def test_the_promises_hold_while_things_are_killed_stopped_and_emptied(tmp_path: Path) -> None:
    with own_stack(tmp_path, **chaos.CONTEXT) as stack:
        evidence = chaos.unleash(stack, chaos.short(seed=1), Progress.silent())
    findings = chaos.judge(evidence)
    assert not any(finding.wrong for finding in findings), chaos.tell(evidence, findings)
