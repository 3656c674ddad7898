"""Batches of which AWS did only a part."""

from collections.abc import Iterator
from typing import Any

import pytest

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.aws import PARTIAL_ATTEMPTS_MAX, PARTIAL_PAUSE_S
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.queues import CommandQueue
from carillon.errors import Unavailable
from carillon.models.commands import Command, RunSlice, Tick, parse_command
from tests.contract.cloud import Cloud
from tests.contract.failures.suites import BOTH, LATER, MINISTACK
from tests.contract.faults import answered, cut_short
from tests.fakes.samples import a_client, a_message, recipient_of


@BOTH
def test_reading_many_asks_again_for_the_rest(
    cloud: Cloud, clients: ClientsTable, audience: AudienceTable
) -> None:
    many = [a_client(number) for number in range(110)]
    for client in many:
        clients.add(client, None)
    with cut_short(cloud.dynamodb, "BatchGetItem", times=2) as asked:
        found = audience.get_many([client.id for client in many], consistent=True)
    assert asked == [100, 50, 25, 10]
    assert found == {client.id: recipient_of(client) for client in many}


@BOTH
def test_reading_many_gives_up(cloud: Cloud, audience: AudienceTable, pauses: list[float]) -> None:
    keys = {"clients": {"Keys": [{"client_id": {"S": "c1"}}]}}
    answers = [{"Responses": {}, "UnprocessedKeys": keys}] * PARTIAL_ATTEMPTS_MAX
    with (
        answered(cloud.dynamodb, "BatchGetItem", *answers),
        pytest.raises(Unavailable),
    ):
        audience.get_many(["c1"])
    assert len(pauses) == PARTIAL_ATTEMPTS_MAX - 1
    longest = [PARTIAL_PAUSE_S * 2**turn for turn in range(len(pauses))]
    assert all(0 <= pause <= most for pause, most in zip(pauses, longest, strict=True))


@MINISTACK
def test_deleting_many_asks_again_for_the_rest(cloud: Cloud, messages: MessagesTable) -> None:
    many = [a_message(number) for number in range(30)]
    messages.insert(many)
    with cut_short(cloud.dynamodb, "BatchWriteItem") as asked:
        messages.remove(many)
    assert asked == [25, 12, 5]
    assert messages.get_many([(each.mailing_id, each.client_id) for each in many]) == {}


@BOTH
def test_deleting_many_gives_up(cloud: Cloud, messages: MessagesTable) -> None:
    answer: dict[str, Any] = {"UnprocessedItems": {"messages": [{}]}}
    with (
        answered(cloud.dynamodb, "BatchWriteItem", *[answer] * PARTIAL_ATTEMPTS_MAX),
        pytest.raises(Unavailable),
    ):
        messages.remove([a_message()])


@MINISTACK
def test_throttled_statements_are_run_again_and_only_they(
    cloud: Cloud, messages: MessagesTable
) -> None:
    many = [a_message(number) for number in range(30)]
    with cut_short(cloud.dynamodb, "BatchExecuteStatement") as asked:
        messages.insert(many)
    assert asked == [25, 12, 5]
    changes = [(each, each.changed(token="t1", at=LATER)) for each in many]
    missing = a_message(99)
    changes[20] = missing, missing.changed(token="t1", at=LATER)
    with cut_short(cloud.dynamodb, "BatchExecuteStatement", times=2) as asked:
        answers = messages.swap(changes)
    assert asked == [25, 12, 6, 5]
    assert answers == [number != 20 for number in range(30)]


@MINISTACK
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ThrottlingError", Unavailable),
        ("InternalServerError", Unavailable),
        ("ValidationError", RuntimeError),
        ("AccessDenied", RuntimeError),
    ],
)
def test_a_statement_that_is_not_done_is_never_silent(
    cloud: Cloud, messages: MessagesTable, code: str, error: type[Exception]
) -> None:
    failure = {"Responses": [{"Error": {"Code": code, "Message": "no"}}]}
    times = PARTIAL_ATTEMPTS_MAX if error is Unavailable else 1
    with (
        answered(cloud.dynamodb, "BatchExecuteStatement", *[failure] * times),
        pytest.raises(error),
    ):
        messages.insert([a_message()])
    assert messages.get("m0000001", "c0000001") is None


@BOTH
def test_what_a_queue_did_not_take_is_sent_again(cloud: Cloud) -> None:
    url = cloud.queue()
    commands: list[Command] = [RunSlice(mailing_id="m1", number=n) for n in range(12)]
    with cut_short(cloud.sqs, "SendMessageBatch", times=2) as asked:
        CommandQueue(cloud.sqs, url).send(commands)
    assert asked == [10, 5, 2, 2]
    arrived = [parse_command(body) for body in received(cloud, url)]
    assert sorted(arrived, key=repr) == sorted(commands, key=repr)


@BOTH
def test_a_queue_that_takes_nothing_is_unavailable(cloud: Cloud) -> None:
    failure = {"Failed": [{"Id": "0", "SenderFault": False, "Code": "RequestThrottled"}]}
    with (
        answered(cloud.sqs, "SendMessageBatch", *[failure] * PARTIAL_ATTEMPTS_MAX),
        pytest.raises(Unavailable, match="RequestThrottled"),
    ):
        CommandQueue(cloud.sqs, cloud.queue()).send([Tick()])


def received(cloud: Cloud, url: str) -> Iterator[str]:
    while found := cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from (message["Body"] for message in found)
