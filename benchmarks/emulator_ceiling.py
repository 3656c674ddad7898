"""What the emulated AWS can do when none of our code is there: the local stack's own ceiling.

A local run is never faster than this, however good our code is. On AWS none of it holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any

from benchmarks.deployed import Deployed
from benchmarks.plan import Plan
from benchmarks.usage import Usage
from local.progress import Progress

CALLERS = 2
"""Side by side. The emulator is one process: more would wait."""
STATEMENTS = 25
"""Of one batch; DynamoDB takes no more."""
ENTRIES = 10
"""Of one batch of a queue."""
KEYS = 100
"""Of one batch of reads."""

Ask = Callable[[int], int]
"""Ask once, the n-th time; gives how many things were done by it."""


def measure(deployed: Deployed, plan: Plan, progress: Progress) -> dict[str, Any]:
    """By operation: `per_s`, and the emulator's `cpu_ms` for each item, message or invocation."""
    found = {}
    with _scratch(deployed) as asks:
        for what, ask in asks:
            with progress.step(f"The emulated AWS alone: {what}"):
                found[what] = _probe(deployed, ask, plan.probe_s, CALLERS)
    # One caller: for a second at the same time it would start another process.
    what = "invocations of a function that answers at once"
    with progress.step(f"The emulated AWS alone: {what}"):
        found[what] = _probe(deployed, _invocations(deployed), plan.probe_s, 1)
    return found


def _probe(deployed: Deployed, ask: Ask, seconds: float, callers: int) -> dict[str, float]:
    numbers = count()
    ask(next(numbers))  # opens the connection

    with Usage(deployed.processes.groups()) as usage:
        began = time.monotonic()

        def ask_on() -> int:
            done = 0
            while time.monotonic() < began + seconds:
                done += ask(next(numbers))
            return done

        with ThreadPoolExecutor(callers) as pool:
            done = sum(each.result() for each in [pool.submit(ask_on) for _ in range(callers)])
        took_s = time.monotonic() - began
    if not done:
        return {"per_s": 0.0, "cpu_ms": 0.0}
    return {"per_s": done / took_s, "cpu_ms": 1000 * usage.cpu_s["emulator"] / done}


@contextmanager
def _scratch(deployed: Deployed) -> Iterator[list[tuple[str, Ask]]]:
    """A table with a stream and a queue of the benchmark's own, shaped like `messages`."""
    dynamodb, sqs = deployed.stack.client("dynamodb"), deployed.stack.client("sqs")
    table, queue = "benchmark", sqs.create_queue(QueueName="benchmark")["QueueUrl"]
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "part", "AttributeType": "S"},
            {"AttributeName": "client_id", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "part", "KeyType": "HASH"},
            {"AttributeName": "client_id", "KeyType": "RANGE"},
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    try:
        yield [
            ("inserts, 25 PartiQL statements a batch", _inserts(dynamodb, table)),
            ("conditional updates, 25 PartiQL statements a batch", _updates(dynamodb, table)),
            ("reads, 100 keys a batch", _reads(dynamodb, table)),
            ("messages sent, 10 a batch", _sends(sqs, queue)),
            ("messages received and deleted, 10 a batch", _receives(sqs, queue)),
        ]
    finally:
        dynamodb.delete_table(TableName=table)
        sqs.delete_queue(QueueUrl=queue)


def _key(number: int) -> tuple[str, str]:
    """Spread over 16 partitions, as messages are."""
    return f"benchmark#{number % 16}", f"{number:032x}"


def _inserts(dynamodb: Any, table: str) -> Ask:
    statement = (
        f"INSERT INTO \"{table}\" VALUE {{'part': ?, 'client_id': ?, 'status': ?, 'version': ?}}"
    )

    def ask(number: int) -> int:
        keys = [_key(number * STATEMENTS + each) for each in range(STATEMENTS)]
        return _all_done(
            dynamodb.batch_execute_statement(
                Statements=[
                    {
                        "Statement": statement,
                        "Parameters": [{"S": part}, {"S": one}, {"S": "pending"}, {"N": "1"}],
                    }
                    for part, one in keys
                ]
            )
        )

    return ask


def _updates(dynamodb: Any, table: str) -> Ask:
    statement = (
        f'UPDATE "{table}" SET status = ? SET version = ? '  # noqa: S608
        "WHERE part = ? AND client_id = ? AND status = ?"
    )

    def ask(number: int) -> int:
        # The first that were inserted are there in any case, and may be moved again and again.
        keys = [_key(each) for each in range(STATEMENTS)]
        return _all_done(
            dynamodb.batch_execute_statement(
                Statements=[
                    {
                        "Statement": statement,
                        "Parameters": [
                            {"S": "pending"},
                            {"N": str(number)},
                            {"S": part},
                            {"S": one},
                            {"S": "pending"},
                        ],
                    }
                    for part, one in keys
                ]
            )
        )

    return ask


def _all_done(answer: Any) -> int:
    failed = [each["Error"] for each in answer["Responses"] if "Error" in each]
    if failed:
        raise RuntimeError(f"a statement failed: {failed[0]}")
    return len(answer["Responses"])


def _reads(dynamodb: Any, table: str) -> Ask:
    def ask(_number: int) -> int:
        keys = [
            {"part": {"S": part}, "client_id": {"S": one}}
            for part, one in (_key(each) for each in range(KEYS))
        ]
        answer = dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})
        return len(answer["Responses"][table])

    return ask


def _sends(sqs: Any, queue: str) -> Ask:
    body = '{"mailing_id":"0123456789abcdef0123456789abcdef","client_id":"' + 32 * "0" + '"}'

    def ask(_number: int) -> int:
        entries = [{"Id": str(each), "MessageBody": body} for each in range(ENTRIES)]
        return len(sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"])

    return ask


def _receives(sqs: Any, queue: str) -> Ask:
    def ask(_number: int) -> int:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=ENTRIES).get("Messages", [])
        if found:
            entries = [
                {"Id": each["MessageId"], "ReceiptHandle": each["ReceiptHandle"]} for each in found
            ]
            sqs.delete_message_batch(QueueUrl=queue, Entries=entries)
        return len(found)

    return ask


def _invocations(deployed: Deployed) -> Ask:
    functions = deployed.stack.client("lambda")
    name = deployed.stack.outputs["StatsFunction"]

    def ask(_number: int) -> int:
        functions.invoke(FunctionName=name, Payload=b'{"Records": []}')
        return 1

    return ask
