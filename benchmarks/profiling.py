"""Where our time goes: a mailing is worked by our own functions in processes that are looked into.

The deployed functions are told to take nothing; in their place the benchmark takes the records off
the queues and the stream and hands them to the same code with the same settings. AWS and the
gateway stay the emulated ones, in processes of their own, so only our CPU time is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psutil

from benchmarks.deployed import Deployed
from benchmarks.plan import Plan
from benchmarks.profiled import Profiled, Spent, profiled
from benchmarks.sampling import is_possible
from benchmarks.stages import HARNESS
from local.gateway.behaviour import Behaviour
from local.progress import Progress

RECEIVED_MAX = 10
"""Of one ReceiveMessage."""
EMPTY_LOOKS = 5
"""So many times in a row nothing is found: the work is done."""
STREAM_BATCH = 500
"""Changes in one batch of the counters, as deployed."""
PROFILED = ("fanout", "sender", "stats")
"""In the order in which a message meets them."""


def measure(deployed: Deployed, _plan: Plan, progress: Progress) -> dict[str, Any]:
    """By function: CPU milliseconds for each message, by stage and library."""
    if not is_possible():
        return {"not_run": "threads have no clocks of their own on this system"}
    deployed.gateway.reset()
    deployed.gateway.behave(Behaviour())
    clients = deployed.small
    found = {}
    environments = {name: _environment(deployed, name) for name in PROFILED}
    with _take_over(deployed):
        sources: dict[str, _Queue | _Stream] = {
            "fanout": _Queue(deployed, environments["fanout"]["FANOUT_QUEUE_URL"], batch=1),
            "sender": _Queue(deployed, environments["sender"]["MESSAGE_QUEUE_URL"], batch=100),
            "stats": _Stream(deployed),
        }
        mailing_id = deployed.mail(clients)
        for name, source in sources.items():
            with (
                progress.step(f"Where our time goes: {name}"),
                profiled(name, environments[name]) as worker,
            ):
                source.drain(worker)
                found[name] = _told(worker.spent(), clients)
    deployed.clear(mailing_id)
    return {"clients": clients, "functions": found}


@contextmanager
def _take_over(deployed: Deployed) -> Iterator[None]:
    """Have the deployed functions take nothing meanwhile."""
    functions = deployed.stack.client("lambda")
    mappings = [
        mapping["UUID"]
        for name in PROFILED
        for mapping in functions.list_event_source_mappings(
            FunctionName=deployed.stack.outputs[f"{name.capitalize()}Function"]
        )["EventSourceMappings"]
    ]
    try:
        for each in mappings:
            functions.update_event_source_mapping(UUID=each, Enabled=False)
        yield
    finally:
        for each in mappings:
            functions.update_event_source_mapping(UUID=each, Enabled=True)


def _environment(deployed: Deployed, name: str) -> dict[str, str]:
    """Of a deployed process of this function; there is one from the start on."""
    pid, *_ = deployed.processes.groups()[name]()
    return psutil.Process(pid).environ()


class _Queue:
    """Takes records off a queue and hands them on as Lambda's poller does."""

    def __init__(self, deployed: Deployed, url: str, *, batch: int) -> None:
        self._sqs = deployed.stack.client("sqs")
        self._url = url
        self._batch = batch

    def drain(self, worker: Profiled) -> None:
        """Until nothing comes for a while."""
        idle = 0
        while idle < EMPTY_LOOKS:
            records = list(self._receive())
            if not records:
                idle += 1
                continue
            idle = 0
            answer = worker.invoke({"Records": [_queue_record(each) for each in records]})
            again = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            self._delete([each for each in records if each["MessageId"] not in again])

    def _receive(self) -> Iterator[dict[str, Any]]:
        """A batch as large as the mapping's, from as many calls as that takes."""
        left = self._batch
        while left:
            found = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(left, RECEIVED_MAX),
                WaitTimeSeconds=1 if left == self._batch else 0,
                AttributeNames=["All"],
            ).get("Messages", [])
            yield from found
            left = left - len(found) if found else 0

    def _delete(self, records: Sequence[dict[str, Any]]) -> None:
        for first in range(0, len(records), RECEIVED_MAX):
            entries = [
                {"Id": each["MessageId"], "ReceiptHandle": each["ReceiptHandle"]}
                for each in records[first : first + RECEIVED_MAX]
            ]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def _queue_record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
    }


class _Stream:
    """Reads the changes of messages from now on, and hands them on as Lambda's poller does."""

    def __init__(self, deployed: Deployed) -> None:
        self._streams = deployed.stack.client("dynamodbstreams")
        table = deployed.stack.client("dynamodb").describe_table(
            TableName=deployed.tables["MESSAGES_TABLE"]
        )["Table"]
        self._arn = table["LatestStreamArn"]
        shard, *_ = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"][
            "Shards"
        ]
        self._place = self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]

    def drain(self, worker: Profiled) -> None:
        """Until nothing comes for a while."""
        while True:
            page = self._streams.get_records(ShardIterator=self._place, Limit=STREAM_BATCH)
            if not page["Records"]:
                return
            self._place = page["NextShardIterator"]
            worker.invoke({"Records": [self._record(each) for each in page["Records"]]})

    def _record(self, record: dict[str, Any]) -> dict[str, Any]:
        change = record["dynamodb"]
        at = change["ApproximateCreationDateTime"].timestamp()
        return record | {
            "eventSourceARN": self._arn,
            "dynamodb": change | {"ApproximateCreationDateTime": at},
        }


def _told(spent: Spent, messages: int) -> dict[str, Any]:
    """Milliseconds for each message, the most expensive stage first."""
    stages: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (stage, library), seconds in spent.items():
        if stage != HARNESS:
            stages[stage][library] = 1000 * seconds / messages
    ranked = sorted(stages.items(), key=lambda each: -sum(each[1].values()))
    cpu_ms = sum(sum(libraries.values()) for libraries in stages.values())
    return {"cpu_ms": cpu_ms, "stages": dict(ranked)}
