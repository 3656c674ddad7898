"""A mailing of the real handlers in this one process, with every request to AWS counted.

boto3's clients are the functions' own, but what they ask for goes no further than to MiniStack's
tables in this process, and to queues that are lists. Batches are as large as the template lets
Lambda make them, as at full speed; nothing waits, and delays are taken for over.
"""

import importlib
import io
import itertools
import json
import logging
import os
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final

import boto3

from benchmarks import metering
from benchmarks.canned_gateway import CannedGateway, canned_gateway
from benchmarks.counting import Counts, Tally
from benchmarks.emulated_tables import EmulatedTables
from benchmarks.metering import Change, Meter
from benchmarks.units import Item
from carillon.telemetry import PACKAGE

REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"
FUNCTIONS: Final = ("planner", "fanout", "sender", "stats")
ROUNDS_MAX: Final = 1000
_DONE: Final = SimpleNamespace(status_code=200, headers={})


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What the template says of functions and their sources; `tests/infra` compares them."""

    batches: Mapping[str, int] = field(
        default_factory=lambda: {"planner": 100, "fanout": 1, "sender": 100, "stats": 1000}
    )
    memory_mb: Mapping[str, int] = field(
        default_factory=lambda: {"planner": 512, "fanout": 1024, "sender": 1024, "stats": 512}
    )
    slices: int = 8


@dataclass(slots=True)
class _Queue:
    records: list[dict[str, Any]] = field(default_factory=list)
    received: int = 0

    def take(self, batch: int) -> list[dict[str, Any]]:
        taken, self.records = self.records[:batch], self.records[batch:]
        self.received += len(taken)
        return taken


class World:
    """Tables, queues, streams and functions; `table_definitions` are CreateTable's words by name.

    Made by `world`, which also ends it.
    """

    def __init__(
        self, table_definitions: Mapping[str, Mapping[str, Any]], shape: Shape, gateway_url: str
    ) -> None:
        from ministack.services import dynamodb

        self.shape = shape
        self.tally = Tally()
        self.lines: list[str] = []
        self._dynamodb = dynamodb
        self.meter = Meter(EmulatedTables(dynamodb), self._changed)
        self._queues: dict[str, _Queue] = defaultdict(_Queue)
        self._streams: dict[str, list[dict[str, Any]]] = {"mailings": [], "messages": []}
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._numbers = itertools.count(1)
        self._printed = io.StringIO()
        self._loggers: dict[str, list[logging.Handler]] = {}
        self._led: dict[logging.StreamHandler[Any], Any] = {}
        self.settings = _settings(table_definitions, shape, gateway_url)
        self._names = {f"counted-{name.lower()}": name.lower() for name in table_definitions}
        for name, definition in table_definitions.items():
            self._ask("CreateTable", {"TableName": f"counted-{name.lower()}", **definition})

    def put(self, table: str, items: Sequence[Item]) -> None:
        """Put items there without counting it; a stream does not show them either."""
        for item in items:
            self._ask("PutItem", {"TableName": f"counted-{table}", "Item": item})

    def client(self, service: str) -> Any:
        """A client whose requests are counted as the functions' are."""
        return self._session.client(service)  # type: ignore[call-overload]

    @cached_property
    def _session(self) -> boto3.Session:
        session = boto3.Session("test", "test", region_name=REGION)
        session.events.register("before-call", self._instead_of_a_call)
        return session

    def start(self) -> None:
        """Import the functions' entries as Lambda does it, with our requests led here."""
        for name in FUNCTIONS:
            module = f"functions.{name}.handler"
            sys.modules.pop(module, None)
            with self._as_function(name), _default_session(self._session):
                self._handlers[name] = importlib.import_module(module).handler
                self._loggers[name] = logging.getLogger(PACKAGE).handlers
                self._lead_here(self._loggers[name])
            sys.modules.pop(module, None)

    def _lead_here(self, handlers: Iterable[logging.Handler]) -> None:
        """A logger of this name may be there already, writing to where somebody else reads."""
        for each in handlers:
            if isinstance(each, logging.StreamHandler):
                self._led[each] = each.setStream(self._printed) or self._printed

    @contextmanager
    def _as_function(self, name: str) -> Iterator[None]:
        """With the function's environment, and with its log in our hands."""
        settings = {**self.settings, "POWERTOOLS_SERVICE_NAME": name}
        package = logging.getLogger(PACKAGE)
        with _environment(settings), redirect_stdout(self._printed):
            package.handlers = self._loggers.get(name, [])
            yield

    def settle(self) -> None:
        """Until nothing moves any more."""
        for _ in range(ROUNDS_MAX):
            if not any([self._plan(), self._take("fanout"), self._take("sender"), self._count()]):
                return
        raise RuntimeError("it goes round and round")

    def counts(self, messages: int, gateway_calls: int) -> Counts:
        """What has been counted so far."""
        return Counts(
            messages=messages,
            write_units=self._by_table(self.meter.write_units),
            read_units=self._by_table(self.meter.read_units),
            sqs_requests=dict(self.tally.sqs_requests),
            invocations=dict(self.tally.invocations),
            billed_ms=dict(self.tally.billed_ms),
            memory_mb=dict(self.shape.memory_mb),
            gateway_calls=gateway_calls,
            log_bytes=self.tally.log_bytes,
            stream_records=self.tally.stream_records,
        )

    def _by_table(self, units: Mapping[str, float]) -> dict[str, float]:
        return {self._names[name]: number for name, number in sorted(units.items())}

    def remove(self) -> None:
        """Forget the tables, and let go of the loggers."""
        for handler, stream in self._led.items():
            handler.setStream(stream)
        for name in self._names:
            self._ask("DeleteTable", {"TableName": name})

    def _plan(self) -> bool:
        records, self._streams["mailings"] = self._streams["mailings"], []
        seen = [each for each in records if each["dynamodb"]["Keys"]["item"]["S"] == "mailing"]
        return self._read("planner", seen)

    def _count(self) -> bool:
        """Only once the others rest: at full speed a second's changes are more than a batch."""
        if any(queue.records for queue in self._queues.values()):
            return False
        records, self._streams["messages"] = self._streams["messages"], []
        return self._read("stats", records)

    def _read(self, function: str, records: Sequence[dict[str, Any]]) -> bool:
        batch = self.shape.batches[function]
        for first in range(0, len(records), batch):
            some = records[first : first + batch]
            self.tally.stream_records += len(some)
            self._invoke(function, {"Records": some, "shardId": "shardId-000", "state": {}})
        return bool(records)

    def _take(self, function: str) -> bool:
        name = {"fanout": "fanout", "sender": "message"}[function]
        moved = False
        while records := self._queues[name].take(self.shape.batches[function]):
            answer = self._invoke(function, {"Records": records})
            failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            if failed:
                raise RuntimeError(f"{function} gave {len(failed)} records back")
            self.tally.polled(len(records))
            moved = True
        return moved

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        context = SimpleNamespace(
            function_name=function,
            memory_limit_in_mb=self.shape.memory_mb[function],
            invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
            aws_request_id="52fdfc07-2182-454f-963f-5f0f9a621d72",
            get_remaining_time_in_millis=lambda: 60_000,
        )
        with self._as_function(function):
            began = time.perf_counter()
            answer = self._handlers[function](event, context)
            took_s = time.perf_counter() - began
        self.tally.invoked(function, ms=1000 * took_s)
        self.tally.logged(self._printed.getvalue())
        self.lines += self._printed.getvalue().splitlines()
        self._printed.seek(0)
        self._printed.truncate()
        return answer

    def _changed(self, change: Change) -> None:
        name = self._names[change.table]
        if name not in self._streams:
            return
        sequence = f"{next(self._numbers):021d}"
        images = {"OldImage": change.before, "NewImage": change.after}
        present = {kind: image for kind, image in images.items() if image is not None}
        event = "MODIFY" if len(present) == 2 else "INSERT" if change.after else "REMOVE"
        self._streams[name].append(
            {
                "eventID": sequence,
                "eventName": event,
                "eventSourceARN": name,
                "dynamodb": {
                    "Keys": change.key,
                    **present,
                    "SequenceNumber": sequence,
                },
            }
        )

    def _instead_of_a_call(self, model: Any, params: Mapping[str, Any], **_: Any) -> Any:
        """botocore takes what this returns for the answer."""
        request = json.loads(params["body"] or "{}")
        service = model.service_model.service_name
        if service == "dynamodb":
            answer = self.meter.passes(model.name, request, lambda: self._ask(model.name, request))
            status = answer.pop("__status", 200)
            return SimpleNamespace(status_code=status, headers={}), answer
        if service == "sqs":
            self.tally.sqs(model.name, len(params["body"]) if "Entries" in request else 0)
            return _DONE, self._queue_request(model.name, request)
        if service == "secretsmanager":
            return _DONE, {"SecretString": "token"}
        if service == "scheduler":
            return _DONE, {}
        raise RuntimeError(f"{service}.{model.name} is not part of this world")

    def _ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """MiniStack's answer, and an error in the words in which botocore parses one."""
        if operation == "BatchExecuteStatement":
            return {"Responses": [self._execute(**each) for each in request["Statements"]]}
        coroutine = self._dynamodb.handle_request(
            "POST",
            "/",
            {"x-amz-target": f"DynamoDB_20120810.{operation}"},
            json.dumps(request).encode(),
            {},
        )
        try:
            coroutine.send(None)
        except StopIteration as ended:
            status, _, body = ended.value
        answer: dict[str, Any] = json.loads(body)
        if status >= 300:
            code = answer.pop("__type", "").rpartition("#")[2]
            message = answer.pop("message", "")
            answer |= {"Error": {"Code": code, "Message": message}, "__status": status}
            answer["ResponseMetadata"] = {"HTTPStatusCode": status}
        return answer

    def give(self, queue: str, body: str) -> None:
        """Put a record into a queue as another service does, without counting it."""
        self._enqueue(self._queues[queue], body)

    def _enqueue(self, queue: _Queue, body: str) -> None:
        record_id = str(uuid.UUID(int=next(self._numbers)))  # as long as those of SQS
        queue.records.append(
            {
                "messageId": record_id,
                "receiptHandle": record_id,
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
            }
        )

    def _execute(self, Statement: str, Parameters: Sequence[Item]) -> dict[str, Any]:  # noqa: N803
        """One statement; MiniStack's own way of it takes longer than all else here together."""
        statement = metering.Statement.read(Statement, Parameters)
        tables = self.meter.tables
        named = statement.values if statement.inserts else statement.where
        key = {name: named[name] for name in tables.keys(statement.table)}
        stored = tables.item(statement.table, key)
        if statement.inserts:
            refused = "DuplicateItem" if stored else None
        else:
            as_wanted = stored is not None and statement.where.items() <= stored.items()
            refused = None if as_wanted else "ConditionalCheckFailed"
        if refused:
            return {"Error": {"Code": refused}}
        partition, *sort = (self._dynamodb._extract_key_val(each) for each in key.values())
        self._dynamodb._set_item(
            self._dynamodb._tables[statement.table],
            partition,
            sort[0],
            {**(stored or {}), **statement.values},
        )
        return {"TableName": statement.table}

    def _queue_request(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        queue = self._queues[request["QueueUrl"].rpartition("/")[2]]
        if operation == "SendMessageBatch":
            for entry in request["Entries"]:
                self._enqueue(queue, entry["MessageBody"])
            return {"Successful": [{"Id": each["Id"]} for each in request["Entries"]]}
        if operation == "GetQueueAttributes":
            waiting = dict.fromkeys(request["AttributeNames"], "0")
            return {
                "Attributes": {**waiting, "ApproximateNumberOfMessages": str(len(queue.records))}
            }
        raise RuntimeError(f"{operation} is not part of this world")


@contextmanager
def world(
    table_definitions: Mapping[str, Mapping[str, Any]], shape: Shape | None = None
) -> Iterator[tuple[World, CannedGateway]]:
    """A world with its functions started, and the gateway that they call."""
    with canned_gateway() as gateway:
        made = World(table_definitions, shape or Shape(), gateway.url)
        package = logging.getLogger(PACKAGE)
        before = package.handlers, package.level, package.propagate
        try:
            made.start()
            yield made, gateway
        finally:
            package.handlers, package.level, package.propagate = before
            made.remove()


def _settings(tables: Mapping[str, Any], shape: Shape, gateway_url: str) -> dict[str, str]:
    queue_url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
    return {
        **{f"{name.upper()}_TABLE": f"counted-{name.lower()}" for name in tables},
        **{f"{name.upper()}_QUEUE_URL": f"{queue_url}/{name}" for name in ("fanout", "message")},
        **{
            f"{name.upper()}_URL": f"{queue_url}/{name}"
            for name in (
                "message_dead_letters",
                "fanout_dead_letters",
                "import_dead_letters",
                "undeliverable",
            )
        },
        "FANOUT_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:fanout",
        "SCHEDULE_GROUP": "counted",
        "SCHEDULE_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/counted",
        "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:undeliverable",
        "GATEWAY_URL": gateway_url,
        "GATEWAY_TOKEN_SECRET_ARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token",
        "GATEWAY_TIMEOUT_S": "10",
        "GATEWAY_PARTS_PER_S": "",
        "GATEWAY_RETRY_UNKNOWN": "true",
        "SENDER_THREADS": "4",
        "SLICES": str(shape.slices),
        "RETENTION_DAYS": "400",
        "POWERTOOLS_METRICS_NAMESPACE": "Carillon",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _default_session(session: boto3.Session) -> Iterator[None]:
    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, session
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before
