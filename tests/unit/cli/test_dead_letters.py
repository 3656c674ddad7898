"""Dead letters are shown by their ids alone, and none is lost on its way back."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from cli import dead
from cli.dead import QUEUES, content_of
from cli.errors import CliError
from tests.unit.cli.stage import NOW, FakeAws

OUTPUTS = {name: name for queue in QUEUES for name in (queue.output, queue.target)}
MESSAGES, UNDELIVERABLE = QUEUES[0], QUEUES[-1]
BELL = json.dumps({"mailing_id": "m1", "client_id": "c1"})
COMMAND = json.dumps({"kind": "advance", "mailing_id": "m1", "at": "2026-11-21T10:00:00Z"})
NOTE = json.dumps(
    {
        "requestContext": {
            "functionArn": "arn:aws:lambda:eu:1:function:Stats",
            "condition": "RetryAttemptsExhausted",
        },
        "DDBStreamBatchInfo": {"batchSize": 3, "approximateArrivalOfFirstRecord": "then"},
    }
)


class Sqs:
    """Queues that hide what was received; `before_send` may fail, `refused` is not taken."""

    def __init__(self, **bodies: list[str]) -> None:
        self.queues = {name: dict(enumerate(there)) for name, there in bodies.items()}
        self.hidden: set[tuple[str, int]] = set()
        self.groups: list[str | None] = []
        self.refused: str | None = None
        self.before_send: Callable[[], None] = lambda: None

    def get_queue_attributes(self, **asked: Any) -> Any:
        there = len(self.queues.get(asked["QueueUrl"], {}))
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(there),
                "ApproximateNumberOfMessagesNotVisible": "0",
            }
        }

    def receive_message(self, **asked: Any) -> Any:
        name = asked["QueueUrl"]
        keys = [key for key in self.queues.get(name, {}) if (name, key) not in self.hidden]
        taken = keys[: asked["MaxNumberOfMessages"]]
        self.hidden |= {(name, key) for key in taken}
        sent_at = str(int(NOW.timestamp() * 1000))
        return {
            "Messages": [
                {
                    "MessageId": f"{name}{key}",
                    "ReceiptHandle": str(key),
                    "Body": self.queues[name][key],
                    "Attributes": {"SentTimestamp": sent_at, "MessageGroupId": "m1"},
                }
                for key in taken
            ]
        }

    def send_message_batch(self, **asked: Any) -> Any:
        self.before_send()
        queue = self.queues.setdefault(asked["QueueUrl"], {})
        taken = [each for each in asked["Entries"] if each["MessageBody"] != self.refused]
        for each in taken:
            self.groups.append(each.get("MessageGroupId"))
            queue[max(queue, default=-1) + 1] = each["MessageBody"]
        return {"Successful": [{"Id": each["Id"]} for each in taken]}

    def delete_message_batch(self, **asked: Any) -> Any:
        for each in asked["Entries"]:
            del self.queues[asked["QueueUrl"]][int(each["ReceiptHandle"])]
        return {}

    def change_message_visibility_batch(self, **asked: Any) -> Any:
        name = asked["QueueUrl"]
        self.hidden -= {(name, int(each["ReceiptHandle"])) for each in asked["Entries"]}

    def bodies(self, name: str) -> list[str]:
        return list(self.queues.get(name, {}).values())


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (BELL, {"mailing_id": "m1", "client_id": "c1"}),
        ('{"mailing_id": "m1", "phone": "79000000001"}', {"mailing_id": "m1"}),
        ('{"phone": "79000000001"}', {"unreadable": "24 characters"}),
        ("79000000001", {"unreadable": "11 characters"}),
        ("not JSON", {"unreadable": "8 characters"}),
        ('{"Records": [{"s3": {"object": {"key": "uploads/i1"}}}]}', {"upload": "uploads/i1"}),
    ],
)
def test_only_ids_are_shown(body: str, content: dict[str, str]) -> None:
    assert content_of(body) == content
    assert content_of(NOTE)["stream_batch_of"] == "Stats"


def test_who_looks_takes_nothing_away() -> None:
    sqs = Sqs(MessageDeadLettersUrl=[BELL] * 25)
    aws = FakeAws(OUTPUTS, sqs=sqs)
    assert len(dead.peek(aws, MESSAGES)) == 25
    assert len(dead.peek(aws, MESSAGES)) == 25
    assert len(sqs.bodies("MessageDeadLettersUrl")) == 25


def test_records_go_back_where_they_came_from_with_their_group() -> None:
    sqs = Sqs(MessageDeadLettersUrl=[f"{n}" for n in range(25)])
    done = dead.redrive(FakeAws(OUTPUTS, sqs=sqs), MESSAGES, most=25)
    assert (done.moved, done.kept) == (25, 0)
    assert sorted(map(int, sqs.bodies("MessageQueueUrl"))) == list(range(25))
    assert sqs.bodies("MessageDeadLettersUrl") == []
    assert set(sqs.groups) == {"m1"}


def test_notes_of_streams_stay() -> None:
    sqs = Sqs(UndeliverableUrl=[NOTE, COMMAND, NOTE])
    done = dead.redrive(FakeAws(OUTPUTS, sqs=sqs), UNDELIVERABLE, most=3)
    assert (done.moved, done.kept) == (1, 2)
    assert sqs.bodies("FanoutQueueUrl") == [COMMAND]
    assert sqs.bodies("UndeliverableUrl") == [NOTE, NOTE]
    assert not sqs.hidden - {("UndeliverableUrl", 1)}


def test_what_the_queue_does_not_take_stays() -> None:
    sqs = Sqs(MessageDeadLettersUrl=[BELL, "bad"])
    sqs.refused = "bad"
    done = dead.redrive(FakeAws(OUTPUTS, sqs=sqs), MESSAGES, most=2)
    assert (done.moved, done.kept) == (1, 1)
    assert sqs.bodies("MessageDeadLettersUrl") == ["bad"]


def test_nothing_is_deleted_that_was_not_sent() -> None:
    def fail() -> None:
        raise CliError("AWS refuses")

    sqs = Sqs(MessageDeadLettersUrl=[BELL])
    sqs.before_send = fail
    with pytest.raises(CliError):
        dead.redrive(FakeAws(OUTPUTS, sqs=sqs), MESSAGES, most=1)
    assert sqs.bodies("MessageDeadLettersUrl") == [BELL]


def test_what_was_looked_at_can_be_deleted_and_nothing_else() -> None:
    sqs = Sqs(UndeliverableUrl=[NOTE, COMMAND], MessageDeadLettersUrl=[BELL])
    assert dead.discard(FakeAws(OUTPUTS, sqs=sqs), UNDELIVERABLE, most=5) == 2
    assert (sqs.bodies("UndeliverableUrl"), sqs.bodies("FanoutQueueUrl")) == ([], [])
    assert sqs.bodies("MessageDeadLettersUrl") == [BELL]


def test_what_dies_again_does_not_go_round() -> None:
    sqs = Sqs(MessageDeadLettersUrl=[BELL])
    sqs.before_send = lambda: sqs.queues["MessageDeadLettersUrl"].update({99: BELL})
    assert dead.redrive(FakeAws(OUTPUTS, sqs=sqs), MESSAGES, most=1).moved == 1
    assert sqs.bodies("MessageDeadLettersUrl") == [BELL]
