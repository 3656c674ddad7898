"""The fan-out of a mailing to very many, in invocations that are too short for it, and killed.

The figures are printed. What is asserted holds on any machine; how long it takes does not.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from local import crowd
from local.context import SLICES
from local.stack import LocalStack
from local.workers import peak_memory_mb, workers_of
from tests.e2e.operator import Operator, in_s, until
from tests.e2e.own_stack import own_stack
from tests.e2e.scheduling import slices_done, worked

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

EVERYBODY = 200_000

FANOUT_TIMEOUT_S = 15
"""The least that the settings allow, so that a slice takes several invocations."""
FANOUT_LIMIT_S = 900
KILLS = 8
KILLED_EVERY_S = (4, 12)

ZONE = "Europe/Moscow"


@pytest.fixture(scope="module")
def large_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    folder = tmp_path_factory.mktemp("fanout")
    with own_stack(folder, fanout_timeout_s=str(FANOUT_TIMEOUT_S)) as stack:
        yield stack


@pytest.fixture(scope="module")
def everybody(large_stack: LocalStack) -> set[str]:
    """The ids of all clients that carry the tag."""
    return {each.id for each in crowd.settle(large_stack, EVERYBODY, tag="all", first=1_000_000)}


@pytest.mark.parametrize("kills", [0, KILLS])
def test_a_mailing_to_200_000_is_fanned_out(
    large_stack: LocalStack,
    everybody: set[str],
    kills: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    operator = Operator(large_stack, "all")
    # Their hours are closed, so that nothing is sent: the fan-out is alone on the machine.
    mailing = operator.mail(ends_at=in_s(3 * 86_400), time_window=_closed_now())
    watch = Watch(large_stack, mailing, kills)
    made_s = watch.until_made()
    until(
        lambda: operator.counts(mailing),
        lambda counts: counts.get("total") == EVERYBODY,
        limit_s=FANOUT_LIMIT_S,
    )
    counted_s = time.monotonic() - watch.began

    invocations = len(worked(large_stack, "slice", mailing))
    with capsys.disabled():
        print(
            f"\n{EVERYBODY} messages made in {made_s:.0f} s, {EVERYBODY / made_s:.0f} a second,"
            f" by {SLICES} slices in {invocations} finished invocations of at most"
            f" {FANOUT_TIMEOUT_S} s, {watch.killed} more were killed; counted after"
            f" {counted_s:.0f} s. Peak memory of one worker: {watch.peak_mb:.0f} MB."
        )
    assert operator.counts(mailing) == {"total": EVERYBODY, "pending": EVERYBODY}
    made = Counter(_clients(large_stack, mailing))
    assert set(made) == everybody
    assert set(made.values()) == {1}
    assert invocations > int(SLICES), "slices went on in new invocations"
    assert watch.killed == kills


@dataclass
class Watch:
    """Looks on while a mailing is fanned out; kills some of the fan-out's processes meanwhile."""

    stack: LocalStack
    mailing: Any
    kills: int
    killed: int = 0
    peak_mb: float = 0
    began: float = field(default_factory=time.monotonic)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))
    _next_kill_s: float = 5

    def until_made(self) -> float:
        """The seconds until the last slice was done."""
        until(self._look, lambda done: done == int(SLICES), limit_s=FANOUT_LIMIT_S)
        return time.monotonic() - self.began

    def _look(self) -> int:
        workers = workers_of(self.stack, "FanoutFunction")
        self.peak_mb = max(self.peak_mb, *(peak_memory_mb(each) or 0 for each in workers), 0)
        if self.killed < self.kills and time.monotonic() - self.began > self._next_kill_s:
            self._next_kill_s += self._chance.uniform(*KILLED_EVERY_S)
            if workers:
                self.killed += self._chance.choice(workers).kill()
        return slices_done(self.stack, self.mailing)


def _closed_now() -> dict[str, str]:
    opens = datetime.now(UTC).astimezone(ZoneInfo(ZONE)) + timedelta(hours=6)
    return {
        "start": opens.strftime("%H:%M"),
        "end": (opens + timedelta(hours=2)).strftime("%H:%M"),
    }


def _clients(stack: LocalStack, mailing: Any) -> Iterator[str]:
    """The client of every message of the mailing, read from the table itself."""
    pages = (
        stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=stack.outputs["MessagesTable"],
            FilterExpression="begins_with(part, :mailing)",
            ExpressionAttributeValues={":mailing": {"S": mailing["id"]}},
            ProjectionExpression="client_id",
            ConsistentRead=True,
        )
    )
    for page in pages:
        for item in page["Items"]:
            yield item["client_id"]["S"]
