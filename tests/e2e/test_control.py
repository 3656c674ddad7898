"""What an operator does to a mailing by hand, on the deployed stack."""

import time
from typing import Any

import pytest

from local.gateway import Behaviour, CallRecord, Control, Mood
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, seconds, until

GRACE_S = 5
"""After the answer to a pause or a cancellation no call begins later than this."""

RETRIED_WITHIN_S = 12
"""The first retry begins 5 to 10 s after its attempt, if nothing keeps it."""

SETTLED_WITHIN_S = 40
"""A message under a claim is left alone until that is over, 20 s after it began; on a busy machine
the pass that settles it comes later still."""


@pytest.mark.long
def test_a_pause_and_a_cancellation_hold_and_resuming_sends_what_is_left(stack: LocalStack) -> None:
    operator = Operator(stack, "control")
    operator.add_clients(6_000, 20)
    with Control(stack.gateway_url) as gateway:
        # Half of the messages are sent slowly, half are refused as slowly and due again soon.
        gateway.behave(Behaviour(shares={Mood.HTTP_429: 0.5}, latency_ms=1_000))
        first, second = (operator.mail(starts_at=in_s(900), ends_at=in_s(3600)) for _ in range(2))
        for mailing in (first, second):
            _act(operator, mailing, "start")
        for mailing in (first, second):
            _wait_for_the_first_sent(operator, mailing)
        paused, cancelled = _act(operator, first, "pause"), _act(operator, second, "cancel")

        settled = _settled(operator, second)
        held_until = seconds(cancelled["updated_at"]) + RETRIED_WITHIN_S
        until(time.time, lambda now: now > held_until, limit_s=RETRIED_WITHIN_S + 5)
        calls = gateway.calls()
        for stopped in (paused, cancelled):
            begun = [each.begun_at for each in _of(operator, stopped, calls)]
            assert seconds(stopped["updated_at"]) - 15 < min(begun)
            assert max(begun) < seconds(stopped["updated_at"]) + GRACE_S
        left = {each["gateway_id"] for each in operator.messages(first) if not each["sent_at"]}
        assert left, "the gateway refused some of them"
        assert operator.mailing(first)["status"] == "paused"

        gateway.behave(Behaviour())
        _act(operator, first, "resume")
        operator.wait_for(first, "finished", limit_s=15)
        resumed = _of(operator, first, gateway.calls()[len(calls) :])

    assert sorted(each.gateway_id for each in resumed) == sorted(left), "what was left, once"
    operator.wait_for_counts(first, {"total": 20, "sent": 20})
    operator.wait_for_counts(second, settled)


def _act(operator: Operator, mailing: Any, action: str) -> Any:
    answer = operator.call("POST", f"/mailings/{mailing['id']}/{action}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def _wait_for_the_first_sent(operator: Operator, mailing: Any) -> None:
    until(lambda: operator.counts(mailing), lambda counts: "sent" in counts, limit_s=15)


def _of(operator: Operator, mailing: Any, calls: list[CallRecord]) -> list[CallRecord]:
    ours = {each["gateway_id"] for each in operator.messages(mailing)}
    return [each for each in calls if each.gateway_id in ours]


def _settled(operator: Operator, cancelled: Any) -> dict[str, int]:
    """Wait until every message is final; the counts that there must be."""
    messages = until(
        lambda: operator.messages(cancelled),
        lambda found: all(each["status"] != "pending" for each in found),
        limit_s=SETTLED_WITHIN_S,
    )
    ends = {(each["status"], each["reason"]) for each in messages}
    assert ends == {("sent", None), ("cancelled", "mailing_cancelled")}
    sent = sum(each["status"] == "sent" for each in messages)
    return {"total": 20, "sent": sent, "cancelled": 20 - sent}
