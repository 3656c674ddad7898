"""`Doorbells` and `Commands`."""

import json
from collections import Counter

import pytest

from carillon.adapters.queues import CommandQueue, DoorbellQueue
from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Doorbell,
    Purge,
    Release,
    RunSlice,
    Tick,
    parse_command,
)
from tests.contract.cloud import Cloud
from tests.fakes import FakeClock, FakeCommands, FakeDoorbells
from tests.fakes.system import SOME_MOMENT

ON_BOTH = pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
COMMANDS: list[Command] = [
    Tick(),
    Advance(mailing_id="m1", at=SOME_MOMENT),
    RunSlice(mailing_id="m1", number=3),
    Release(mailing_id="m1", at=SOME_MOMENT, replan=True, cursor="03#c1"),
    Close(mailing_id="m1", clean=False),
    Purge(mailing_id="m1"),
]
BELL = Doorbell(mailing_id="m1", client_id="c1", fresh_at=SOME_MOMENT)


def bodies(cloud: Cloud, url: str) -> list[str]:
    """All that can be received now."""
    found: list[str] = []
    while received := cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        found += [message["Body"] for message in received]
    return found


def delayed(cloud: Cloud, url: str) -> int:
    attributes = cloud.sqs.get_queue_attributes(
        QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    return int(attributes["Attributes"]["ApproximateNumberOfMessagesDelayed"])


@ON_BOTH
def test_commands_arrive_as_they_were_sent(cloud: Cloud) -> None:
    url = cloud.queue()
    CommandQueue(cloud.sqs, url).send([*COMMANDS, *COMMANDS])
    arrived = Counter(map(parse_command, bodies(cloud, url)))
    assert arrived == dict.fromkeys(COMMANDS, 2)
    CommandQueue(cloud.sqs, url).send([])
    assert bodies(cloud, url) == []


def test_the_fake_holds_commands_back_until_their_time() -> None:
    clock = FakeClock()
    commands = FakeCommands(clock)
    commands.send(COMMANDS[:2], delay_s=30)
    commands.send(COMMANDS[2:])
    commands.send([Tick()], delay_s=99_999)
    assert commands.take(2) == COMMANDS[2:4]
    assert commands.take(100) == COMMANDS[4:]
    clock.advance(30)
    assert commands.take(100) == COMMANDS[:2]
    clock.advance(900 - 30)
    assert commands.take(100) == [Tick()]
    assert commands.queued == []


@ON_BOTH
def test_a_delay_of_any_length_is_accepted(cloud: Cloud) -> None:
    url = cloud.queue()
    CommandQueue(cloud.sqs, url).send(COMMANDS, delay_s=99_999)
    DoorbellQueue(cloud.sqs, url).ring([(BELL, 60), (BELL, 99_999), (BELL, -5)])
    assert delayed(cloud, url) == len(COMMANDS) + 2
    assert [Doorbell.model_validate_json(body) for body in bodies(cloud, url)] == [BELL]


@ON_BOTH
def test_more_than_a_batch_of_doorbells_arrives(cloud: Cloud) -> None:
    url = cloud.queue()
    bells = [Doorbell(mailing_id="m1", client_id=f"c{number}") for number in range(23)]
    DoorbellQueue(cloud.sqs, url).ring([(bell, 0) for bell in bells])
    arrived = [Doorbell.model_validate_json(body) for body in bodies(cloud, url)]
    assert sorted(arrived, key=repr) == sorted(bells, key=repr)


@ON_BOTH
def test_a_doorbell_belongs_to_its_mailings_group_and_holds_ids_only(cloud: Cloud) -> None:
    url = cloud.queue()
    DoorbellQueue(cloud.sqs, url).ring([(Doorbell(mailing_id="m1", client_id="c1"), 0)])
    (message,) = cloud.sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])[
        "Messages"
    ]
    assert message["Attributes"]["MessageGroupId"] == "m1"
    assert json.loads(message["Body"]) == {"mailing_id": "m1", "client_id": "c1"}


@ON_BOTH
def test_a_deferred_record_comes_again_at_its_time(cloud: Cloud) -> None:
    url = cloud.queue()
    doorbells = DoorbellQueue(cloud.sqs, url)
    doorbells.ring([(BELL, 0)])
    (message,) = cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    doorbells.defer(message["ReceiptHandle"], delay_s=99_999)
    assert bodies(cloud, url) == []
    doorbells.defer(message["ReceiptHandle"], delay_s=-1)
    assert [Doorbell.model_validate_json(body) for body in bodies(cloud, url)] == [BELL]


@ON_BOTH
def test_deferring_what_is_gone_is_no_error(cloud: Cloud) -> None:
    url = cloud.queue()
    doorbells = DoorbellQueue(cloud.sqs, url)
    doorbells.ring([(BELL, 0)])
    (message,) = cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    doorbells.defer(message["ReceiptHandle"], delay_s=5)
    doorbells.defer("never a receipt", delay_s=5)
    assert bodies(cloud, url) == []


def test_the_fake_doorbells_keep_the_same_limits() -> None:
    clock = FakeClock()
    doorbells = FakeDoorbells(clock)
    doorbells.ring([(BELL, 99_999), (BELL, -5)])
    assert doorbells.take(10) == [BELL]
    clock.advance(900)
    assert doorbells.take(10) == [BELL]
    doorbells.defer("r1", delay_s=99_999)
    doorbells.defer("r2", delay_s=-1)
    assert doorbells.deferred == {"r1": 42_300, "r2": 0}
