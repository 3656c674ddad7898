"""What an operator does, from the HTTP API to the gateway and back, on the deployed stack."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, seconds, until
from tests.e2e.scheduling import schedules


@pytest.fixture(scope="module")
def gateway(stack: LocalStack) -> Iterator[Control]:
    with Control(stack.gateway_url) as control:
        yield control


@pytest.fixture(autouse=True)
def calm(gateway: Control) -> None:
    gateway.behave(Behaviour())


def test_a_mailing_whose_time_has_come_is_sent_at_once(stack: LocalStack, gateway: Control) -> None:
    operator = Operator(stack, "now")
    clients = operator.add_clients(2_000, 30)
    mailing = operator.mail(ends_at=in_s(600))
    finished = operator.wait_for(mailing, "finished", limit_s=30)

    messages = operator.messages(mailing)
    calls = [each for each in gateway.calls() if each.gateway_id in _gateway_ids(messages)]
    assert {each["client_id"] for each in messages} == {each["id"] for each in clients}
    assert {each["status"] for each in messages} == {"sent"}
    assert len(calls) == len(clients), "each message was handed over exactly once"
    assert min(each.begun_at for each in calls) - seconds(mailing["created_at"]) < 3
    last = max(seconds(each["sent_at"]) for each in messages)
    assert seconds(finished["updated_at"]) - last < 10
    operator.wait_for_counts(mailing, {"total": 30, "sent": 30})


def test_an_empty_audience_is_finished_at_once(stack: LocalStack) -> None:
    operator = Operator(stack, "nobody")
    mailing = operator.mail(ends_at=in_s(600))
    operator.wait_for(mailing, "finished", limit_s=10)
    assert operator.counts(mailing) == {}


def test_a_moved_start_moves_its_schedule_and_a_deleted_mailing_takes_both_away(
    stack: LocalStack,
) -> None:
    operator = Operator(stack, "moved")
    mailing = operator.mail(starts_at=in_s(5_000), ends_at=in_s(9_000))
    before = until(lambda: _names(stack, mailing), lambda names: len(names) == 2, limit_s=10)

    answer = operator.call(
        "PATCH", f"/mailings/{mailing['id']}", {"starts_at": in_s(6_000).isoformat()}
    )
    assert answer.status_code == 200
    until(
        lambda: _names(stack, mailing),
        lambda names: len(names) == 2 and len(names & before) == 1,
        limit_s=10,
    )

    assert operator.call("DELETE", f"/mailings/{mailing['id']}").status_code == 204
    assert operator.call("GET", f"/mailings/{mailing['id']}").status_code == 404
    until(lambda: _names(stack, mailing), lambda names: not names, limit_s=10)


@pytest.mark.long
def test_a_rough_gateway_gets_every_message_once(stack: LocalStack, gateway: Control) -> None:
    operator = Operator(stack, "rough")
    operator.add_clients(4_000, 20)
    # A retry waits for 5 to 10 s at first, so the shares are small.
    moods = {Mood.HTTP_500: 0.05, Mood.GARBAGE: 0.05, Mood.DROP_AFTER: 0.05, Mood.HTTP_429: 0.05}
    gateway.behave(Behaviour(shares=moods, seed=3))
    mailing = operator.mail(ends_at=in_s(600))
    operator.wait_for(mailing, "finished", limit_s=150)

    messages = operator.messages(mailing)
    ours = _gateway_ids(messages)
    assert {each["status"] for each in messages} == {"sent"}
    accepted = {key: each for key, each in gateway.accepted().items() if key in ours}
    assert set(accepted) == ours, "one id per message on all attempts"
    lost = {each.gateway_id for each in gateway.calls() if each.answer == Mood.DROP_AFTER}
    assert {key for key, each in accepted.items() if each.times > 1} <= lost
    assert sum(each["attempts"] for each in messages) == sum(
        each.gateway_id in ours for each in gateway.calls()
    )
    operator.wait_for_counts(mailing, {"total": 20, "sent": 20})


def test_nothing_is_handed_over_at_or_after_the_end(stack: LocalStack, gateway: Control) -> None:
    operator = Operator(stack, "ending")
    operator.add_clients(5_000, 40)
    gateway.behave(Behaviour(shares={Mood.SILENT: 0.5, Mood.HTTP_503: 0.4}, latency_ms=300))
    mailing = operator.mail(ends_at=in_s(7))
    operator.wait_for(mailing, "finished", limit_s=40)

    messages = operator.messages(mailing)
    ours = _gateway_ids(messages)
    calls = [each for each in gateway.calls() if each.gateway_id in ours]
    assert max(each.begun_at for each in calls) < seconds(mailing["ends_at"])
    silent = {each.gateway_id for each in calls if each.answer == Mood.SILENT}
    statuses = {each["gateway_id"]: each["status"] for each in messages}
    assert len(statuses) == 40
    assert set(statuses.values()) <= {"sent", "unknown", "expired"}
    assert all(statuses[each] in ("unknown", "sent") for each in silent)
    assert sum(operator.counts(mailing).values()) == 80, "the total and the statuses"


def _names(stack: LocalStack, mailing: Any) -> set[str]:
    return {each["Name"] for each in schedules(stack, mailing)}


def _gateway_ids(messages: list[Any]) -> set[str]:
    return {each["gateway_id"] for each in messages}
