"""`Doorbells`, `TrialBells` and `Commands`."""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from carillon.adapters.queues import CommandQueue, DoorbellQueue, TrialBellQueue
from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Doorbell,
    Listen,
    Purge,
    Release,
    Revise,
    RunRecount,
    RunSlice,
    Tick,
    TrialBell,
    parse_bell,
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
    Listen(),
    Release(mailing_id="m1", at=SOME_MOMENT, rev=7),
    Revise(mailing_id="m1", number=4),
    Close(mailing_id="m1", number=12, clean=False),
    RunRecount(mailing_id="m1", number=1, rev=3, messages=1000, clean=False),
    Purge(mailing_id="m1", number=12),
]
BELL = Doorbell(mailing_id="m1", client_id="c1", fresh_at=SOME_MOMENT)


Queue = Callable[[Cloud, str], DoorbellQueue | CommandQueue]
QUEUES = pytest.mark.parametrize(
    "queue",
    [
        lambda cloud, url: DoorbellQueue(cloud.sqs, url),
        lambda cloud, url: CommandQueue(cloud.sqs, url),
    ],
    ids=["doorbells", "commands"],
)


def put(cloud: Cloud, url: str) -> str:
    """Have a record in the queue; its body."""
    cloud.sqs.send_message(QueueUrl=url, MessageBody="a record")
    return "a record"


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
def test_bells_of_trials_are_a_group_of_their_own_and_hold_ids_only(cloud: Cloud) -> None:
    url = cloud.queue()
    bell = TrialBell(mailing_id="m1", test_id="t1")
    TrialBellQueue(cloud.sqs, url).ring([(bell, 0), (bell, 99_999), (bell, -5)])
    assert delayed(cloud, url) == 1
    received = cloud.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert [parse_bell(each["Body"]) for each in received] == [bell, bell]
    assert {each["Attributes"]["MessageGroupId"] for each in received} == {"trials"}
    assert json.loads(received[0]["Body"]) == {"mailing_id": "m1", "test_id": "t1"}


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
@QUEUES
def test_a_deferred_record_comes_again_at_its_time(cloud: Cloud, queue: Queue) -> None:
    url = cloud.queue()
    deferring, body = queue(cloud, url), put(cloud, url)
    (message,) = cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    deferring.defer(message["ReceiptHandle"], delay_s=99_999)
    assert bodies(cloud, url) == []
    deferring.defer(message["ReceiptHandle"], delay_s=-1)
    assert bodies(cloud, url) == [body]


@ON_BOTH
@QUEUES
def test_deferring_what_is_gone_is_no_error(cloud: Cloud, queue: Queue) -> None:
    url = cloud.queue()
    deferring, _ = queue(cloud, url), put(cloud, url)
    (message,) = cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    deferring.defer(message["ReceiptHandle"], delay_s=5)
    deferring.defer("never a receipt", delay_s=5)
    assert bodies(cloud, url) == []


@ON_BOTH
def test_what_waits_is_visible_delayed_or_in_flight(cloud: Cloud) -> None:
    url = cloud.queue()
    doorbells = DoorbellQueue(cloud.sqs, url)
    assert doorbells.waiting() == 0
    doorbells.ring([(BELL, 0), (BELL, 0), (BELL, 600)])
    assert doorbells.waiting() == 3
    (message,) = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    assert doorbells.waiting() == 3
    cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert doorbells.waiting() == 2


def test_at_the_fake_doorbells_what_is_delayed_waits_too() -> None:
    doorbells = FakeDoorbells(FakeClock())
    assert doorbells.waiting() == 0
    doorbells.ring([(BELL, 0), (BELL, 600)])
    assert doorbells.waiting() == 2
    doorbells.take(10)
    assert doorbells.waiting() == 1


@ON_BOTH
def test_all_records_wait_that_are_not_deleted(cloud: Cloud) -> None:
    url = cloud.queue()
    doorbells = DoorbellQueue(cloud.sqs, url)
    assert doorbells.waiting() == 0
    doorbells.ring([(BELL, 0), (BELL, 0), (BELL, 0), (BELL, 60)])
    (message,) = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1)["Messages"]
    assert doorbells.waiting() == 4
    cloud.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert doorbells.waiting() == 3


def test_the_fakes_keep_the_same_limits() -> None:
    clock = FakeClock()
    doorbells, commands = FakeDoorbells(clock), FakeCommands(clock)
    doorbells.ring([(BELL, 99_999), (BELL, -5)])
    assert doorbells.waiting() == 2
    assert doorbells.take(10) == [BELL]
    clock.advance(900)
    assert doorbells.take(10) == [BELL]
    for queue in (doorbells, commands):
        queue.defer("r1", delay_s=99_999)
        queue.defer("r2", delay_s=-1)
        assert queue.deferred == {"r1": 42_300, "r2": 0}
