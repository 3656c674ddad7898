"""A mailing to a few is not kept waiting by one to many."""

from collections.abc import Iterator
from typing import Any

import pytest

from local import crowd
from local.context import SLICES
from local.gateway import Behaviour, Control
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, seconds, until
from tests.e2e.own_stack import own_stack
from tests.e2e.scheduling import queue_number, slices_done

LARGE = 20_000
SMALL = 10
BACKLOG = 10_000
"""So many of the large mailing's records wait in the queue when the small one is created."""

LATENCY_MS = 1_000
SENDERS = 2
"""Fewest and slow, so that they and not the emulator are what the records wait for."""


@pytest.fixture
def large_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with own_stack(tmp_path_factory.mktemp("fairness"), sender_concurrency=str(SENDERS)) as stack:
        yield stack


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_small_mailing_does_not_wait_for_a_large_one(
    large_stack: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd.settle(large_stack, LARGE, tag="large")
    crowd.settle(large_stack, SMALL, tag="small", first=LARGE)
    large = Operator(large_stack, "large")
    small = Operator(large_stack, "small")
    with Control(large_stack.gateway_url) as gateway:
        gateway.behave(Behaviour(latency_ms=LATENCY_MS))
        ahead = large.mail(ends_at=in_s(3600))
        # Paused, its messages are made but not rung for; resumed, all of them wait in the queue.
        _act(large, ahead, "pause")
        until(lambda: slices_done(large_stack, ahead), lambda n: n == int(SLICES), limit_s=120)
        _act(large, ahead, "resume")
        until(
            lambda: queue_number(large_stack, "MessageQueueUrl"),
            lambda number: number > BACKLOG,
            limit_s=120,
        )

        behind = small.mail(ends_at=in_s(3600))
        waiting = queue_number(large_stack, "MessageQueueUrl")
        small.wait_for(behind, "finished", limit_s=300)
        sent_at = max(seconds(each["sent_at"]) for each in small.messages(behind))
        took_s = sent_at - seconds(behind["created_at"])
        theirs = [each for each in gateway.calls() if each.accepted]
        sent = sum(each.begun_at < sent_at for each in theirs) - SMALL
        before = sum(each.begun_at < seconds(behind["created_at"]) for each in theirs)
        large.wait_for(ahead, "finished", limit_s=600)
        last = max(each.begun_at for each in gateway.calls())

    with capsys.disabled():
        print(
            f"\n{SMALL} messages created when {waiting} records waited and {before} of {LARGE} were"
            f" with the gateway were sent after {took_s:.1f} s, when {sent} were; the last of all"
            f" came after {last - seconds(behind['created_at']):.1f} s."
        )
    assert took_s < (last - seconds(behind["created_at"])) / 4


def _act(operator: Operator, mailing: Any, action: str) -> None:
    """As soon as the mailing's status allows it."""
    path = f"/mailings/{mailing['id']}/{action}"
    until(lambda: operator.call("POST", path).status_code, lambda code: code == 200, limit_s=30)
