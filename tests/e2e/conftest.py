"""What begins with the first end-to-end test and is looked at by the last ones."""

from dataclasses import dataclass
from typing import Any

import pytest

from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, until
from tests.e2e.scheduling import delayed, forget_commands

FAR_S = 125
"""Far enough for EventBridge Scheduler: what starts within two minutes waits in the queue alone."""


@dataclass(frozen=True)
class Ahead:
    """A mailing whose start is far away, and one whose start was near but whose hint is lost."""

    operator: Operator
    far: Any
    forgotten: Any


@pytest.fixture(scope="session", autouse=True)
def ahead(stack: LocalStack) -> Ahead:
    """Made first, so that the time that they need is spent on other tests."""
    operator = Operator(stack, "ahead")
    operator.add_clients(1_000, 2)
    others = delayed(stack)  # the tick may have something of earlier tests to listen for
    forgotten = operator.mail(starts_at=in_s(12), ends_at=in_s(3600))
    until(lambda: delayed(stack), lambda number: number > others, limit_s=10)
    forget_commands(stack)
    return Ahead(operator, operator.mail(starts_at=in_s(FAR_S), ends_at=in_s(3600)), forgotten)
