"""Dead letters: which queues hold them, what is inside, and how they are tried again.

Trying again is receiving, sending to the queue that they came from, and only then deleting. SQS has
a task of its own for that, `StartMessageMoveTask`, which the emulated account lacks; it also moves
everything of one queue to one place, while in `undeliverable` lie notes beside commands. A crash
between sending and deleting leaves a record in both queues, which is harmless: each is a hint, and
whoever receives it looks again before it does anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cli.aws import Aws, output, speaking_to_aws
from cli.errors import CliError

BATCH: Final = 10
"""SQS's most in one call."""

HIDDEN_S: Final = 60
"""How long a record that is being moved is kept from others."""

EMPTY_MAX: Final = 3
"""SQS asks a part of its servers, so one empty answer does not say that a queue is empty.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

PEEKED_MAX: Final = 200
"""Records looked into for a list: enough to see what it is about."""

_IDS: Final = ("kind", "mailing_id", "client_id", "test_id", "number", "at", "fresh_at")


@dataclass(frozen=True)
class DeadQueue:
    """A queue of dead letters: its name for people, and the outputs with its and its target's
    addresses."""

    name: str
    output: str
    target: str
    what: str


QUEUES: Final = (
    DeadQueue("messages", "MessageDeadLettersUrl", "MessageQueueUrl", "records for the sender"),
    DeadQueue("fanout", "FanoutDeadLettersUrl", "FanoutQueueUrl", "commands to the fan-out"),
    DeadQueue("imports", "ImportDeadLettersUrl", "ImportQueueUrl", "parts of imports"),
    DeadQueue(
        "undeliverable", "UndeliverableUrl", "FanoutQueueUrl", "given up by Scheduler and streams"
    ),
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One record."""

    id: str
    receipt: str
    body: str
    sent_at: datetime
    group: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What it is about: ids, never more."""
        return content_of(self.body)

    @property
    def is_command(self) -> bool:
        """Whether it is something that can be tried again, and not a note about what was lost."""
        return "kind" in self.content

    def age_s(self, now: datetime) -> float:
        """Since it was first sent."""
        return (now - self.sent_at).total_seconds()


def content_of(body: str) -> dict[str, Any]:
    """The ids in a body of ours, in a stream's note or in S3's event; of all else its length."""
    try:
        found = json.loads(body)
    except ValueError:
        return {"unreadable": f"{len(body)} characters"}
    if not isinstance(found, dict):
        return {"unreadable": f"{len(body)} characters"}
    if "DDBStreamBatchInfo" in found:
        return _stream_note(found)
    if "Records" in found:
        return {"upload": ", ".join(_keys(found))}
    known = {name: found[name] for name in _IDS if found.get(name) is not None}
    return known or {"unreadable": f"{len(body)} characters"}


def _stream_note(note: Mapping[str, Any]) -> dict[str, Any]:
    """What a stream's event source leaves of a batch that it gave up: where it lay, not what it
    was. https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-onfailure-destination.html"""
    batch, context = note["DDBStreamBatchInfo"], note.get("requestContext", {})
    return {
        "stream_batch_of": str(context.get("functionArn", "?")).split(":function:")[-1],
        "because": context.get("condition"),
        "records": batch.get("batchSize"),
        "from": batch.get("approximateArrivalOfFirstRecord"),
    }


def _keys(event: Mapping[str, Any]) -> list[str]:
    return [
        str(each["s3"]["object"]["key"])
        for each in event["Records"]
        if isinstance(each, dict) and "s3" in each
    ]


def number(aws: Aws, queue: DeadQueue) -> int:
    """How many it holds by SQS's approximate count, those in somebody's hands included."""
    with speaking_to_aws():
        attributes = aws.client("sqs").get_queue_attributes(
            QueueUrl=output(aws, queue.output),
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
    return sum(int(value) for value in attributes.values())


def peek(aws: Aws, queue: DeadQueue) -> list[Letter]:
    """Records of the queue, oldest first; they are given back at once."""
    letters = list(_received(aws, queue, most=PEEKED_MAX))
    _give_back(aws, queue, letters)
    return sorted(letters, key=lambda letter: letter.sent_at)


@dataclass(frozen=True)
class Moved:
    """What became of a redrive: how many go on, and how many stay because they cannot."""

    moved: int
    kept: int


def redrive(aws: Aws, queue: DeadQueue, *, most: int) -> Moved:
    """Send the queue's commands where they came from; notes stay. At most so many are looked at,
    so that what fails again meanwhile does not go round."""
    client, url = aws.client("sqs"), output(aws, queue.output)
    target = output(aws, queue.target)
    moved, kept = 0, list[Letter]()
    try:
        for letters in _in_batches(_received(aws, queue, most=most)):
            going = [each for each in letters if queue.name != "undeliverable" or each.is_command]
            kept += [each for each in letters if each not in going]
            with speaking_to_aws():
                gone = _send(client, target, going)
                _delete(client, url, gone)
            moved += len(gone)
            kept += [each for each in going if each not in gone]
    finally:
        _give_back(aws, queue, kept)
    return Moved(moved, len(kept))


def discard(aws: Aws, queue: DeadQueue, *, most: int) -> int:
    """Delete what is there, at most so many; how many were."""
    client, url = aws.client("sqs"), output(aws, queue.output)
    gone = 0
    for letters in _in_batches(_received(aws, queue, most=most)):
        with speaking_to_aws():
            _delete(client, url, letters)
        gone += len(letters)
    return gone


def _received(aws: Aws, queue: DeadQueue, *, most: int) -> Iterator[Letter]:
    """Records, each once, until there are no more that can be seen or so many were."""
    client, url = aws.client("sqs"), output(aws, queue.output)
    seen, empty = set[str](), 0
    while len(seen) < most and empty < EMPTY_MAX:
        with speaking_to_aws():
            answer = client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(BATCH, most - len(seen)),
                VisibilityTimeout=HIDDEN_S,
                MessageSystemAttributeNames=["SentTimestamp", "MessageGroupId"],
            )
        fresh = [each for each in answer.get("Messages", []) if each["MessageId"] not in seen]
        empty = 0 if fresh else empty + 1
        for each in fresh:
            seen.add(each["MessageId"])
            yield _letter(each)


def _letter(message: Mapping[str, Any]) -> Letter:
    attributes = message.get("Attributes", {})
    return Letter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        sent_at=datetime.fromtimestamp(int(attributes.get("SentTimestamp", 0)) / 1000, UTC),
        group=attributes.get("MessageGroupId"),
    )


def _in_batches(letters: Iterator[Letter]) -> Iterator[list[Letter]]:
    batch: list[Letter] = []
    for letter in letters:
        batch.append(letter)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _send(client: Any, target: str, letters: list[Letter]) -> list[Letter]:
    """Those that SQS took."""
    if not letters:
        return []
    entries: list[dict[str, Any]] = []
    for place, letter in enumerate(letters):
        entry: dict[str, Any] = {"Id": str(place), "MessageBody": letter.body}
        if letter.group:
            entry["MessageGroupId"] = letter.group
        entries.append(entry)
    answer = client.send_message_batch(QueueUrl=target, Entries=entries)
    return [letters[int(each["Id"])] for each in answer.get("Successful", [])]


def _delete(client: Any, url: str, letters: list[Letter]) -> None:
    if not letters:
        return
    entries = [
        {"Id": str(place), "ReceiptHandle": letter.receipt} for place, letter in enumerate(letters)
    ]
    failed = client.delete_message_batch(QueueUrl=url, Entries=entries).get("Failed", [])
    if failed:
        raise CliError(
            f"SQS did not take {len(failed)} records out of the dead letters.",
            "Run the command again. What was sent is in both queues now, which is harmless.",
        )


def _give_back(aws: Aws, queue: DeadQueue, letters: list[Letter]) -> None:
    """Let others see them at once. What fails here comes back by itself after a minute."""
    client, url = aws.client("sqs"), output(aws, queue.output)
    for batch in _in_batches(iter(letters)):
        entries = [
            {"Id": str(place), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
            for place, letter in enumerate(batch)
        ]
        with speaking_to_aws():
            client.change_message_visibility_batch(QueueUrl=url, Entries=entries)
