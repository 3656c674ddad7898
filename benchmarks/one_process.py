"""The real handlers in this process, moved as Lambda moves them; what they ask for is counted.

Batches are as large as the template lets Lambda make them, as at full speed; nothing waits, and
delays are taken for over.
"""

import importlib
import io
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from benchmarks.aws_in_process import ACCOUNT, REGION, Aws, Definitions
from benchmarks.canned_gateway import CannedGateway, canned_gateway
from benchmarks.counting import Counts
from carillon.adapters import aws
from carillon.telemetry import PACKAGE

FUNCTIONS: Final = ("planner", "fanout", "sender", "stats")
ROUNDS_MAX: Final = 1000
"""Far more than a mailing needs until nothing moves any more."""

_QUEUES: Final = {"fanout": "fanout", "sender": "message"}
_DEAD: Final = ("message_dead_letters", "fanout_dead_letters", "import_dead_letters")


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


class World:
    """Functions over an account of their own. Made by `world`, which also ends it."""

    def __init__(self, definitions: Definitions, shape: Shape, gateway: CannedGateway) -> None:
        self.aws = Aws(definitions)
        self.shape = shape
        self.gateway = gateway
        self.lines: list[str] = []
        """All that the functions have printed."""
        self.settings = _settings(self.aws.tables, shape, gateway.url)
        self._handlers: dict[str, Callable[..., Any]] = {}
        self._printed = io.StringIO()
        self._loggers: dict[str, list[logging.Handler]] = {}
        self._led: dict[logging.StreamHandler[Any], Any] = {}

    def table(self, name: str) -> str:
        """A table's own name, by that in `infra`."""
        return self.settings[f"{name.upper()}_TABLE"]

    def client(self, service: str) -> Any:
        """A client whose requests are counted as the functions' are."""
        with _environment(self.settings), _clients_of(self.aws):
            return aws.client(service)  # type: ignore[call-overload]

    def start(self) -> None:
        """Import the functions' entries as Lambda does it, with their requests led here."""
        for name in FUNCTIONS:
            module = f"functions.{name}.handler"
            sys.modules.pop(module, None)
            with self._as_function(name), _clients_of(self.aws):
                self._handlers[name] = importlib.import_module(module).handler
                self._loggers[name] = logging.getLogger(PACKAGE).handlers
                self._lead_here(self._loggers[name])
            sys.modules.pop(module, None)

    def settle(self) -> None:
        """Until nothing moves any more."""
        for _ in range(ROUNDS_MAX):
            if not any([self._plan(), self._take("fanout"), self._take("sender"), self._count()]):
                return
        raise RuntimeError("it goes round and round")

    def counts(self, messages: int) -> Counts:
        """What has been counted so far, for so many messages."""
        meter, tally = self.aws.meter, self.aws.tally
        return Counts(
            messages=messages,
            write_units=self._by_table(meter.write_units),
            read_units=self._by_table(meter.read_units),
            sqs_requests=dict(tally.sqs_requests),
            invocations=dict(tally.invocations),
            billed_ms=dict(tally.billed_ms),
            memory_mb=dict(self.shape.memory_mb),
            gateway_calls=self.gateway.calls,
            log_bytes=tally.log_bytes,
            stream_records=tally.stream_records,
        )

    def stop(self) -> None:
        """Forget the tables, and let go of the loggers."""
        for handler, stream in self._led.items():
            handler.setStream(stream)
        self.aws.remove()

    def _by_table(self, units: Mapping[str, float]) -> dict[str, float]:
        return {self.aws.tables[each].lower(): units[each] for each in sorted(units)}

    def _plan(self) -> bool:
        changes = self.aws.changes.pop("Mailings", [])
        seen = [each for each in changes if each["dynamodb"]["Keys"]["item"]["S"] == "mailing"]
        return self._read("planner", seen)

    def _count(self) -> bool:
        """Only once the others rest: at full speed a second's changes are more than a batch."""
        return self.aws.is_quiet() and self._read("stats", self.aws.changes.pop("Messages", []))

    def _read(self, function: str, changes: Sequence[dict[str, Any]]) -> bool:
        batch = self.shape.batches[function]
        for first in range(0, len(changes), batch):
            some = changes[first : first + batch]
            self.aws.tally.stream_records += len(some)
            self._invoke(function, {"Records": some, "shardId": "shardId-000", "state": {}})
        return bool(changes)

    def _take(self, function: str) -> bool:
        moved = False
        while records := self.aws.take(_QUEUES[function], self.shape.batches[function]):
            if failures := self._invoke(function, {"Records": records})["batchItemFailures"]:
                raise RuntimeError(f"{function} gave {len(failures)} records back")
            self.aws.tally.polled(len(records))
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
        printed = self._printed.getvalue()
        self._printed.seek(0)
        self._printed.truncate()
        self.lines += printed.splitlines()
        self.aws.tally.logged(printed)
        self.aws.tally.invoked(function, ms=1000 * took_s)
        return answer

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


@contextmanager
def world(definitions: Definitions, shape: Shape | None = None) -> Iterator[World]:
    """A world with its functions started."""
    package = logging.getLogger(PACKAGE)
    before = package.handlers, package.level, package.propagate
    with canned_gateway() as gateway:
        made = World(definitions, shape or Shape(), gateway)
        try:
            made.start()
            yield made
        finally:
            package.handlers, package.level, package.propagate = before
            made.stop()


def _settings(tables: Mapping[str, str], shape: Shape, gateway_url: str) -> dict[str, str]:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
    return {
        **{f"{name.upper()}_TABLE": table for table, name in tables.items()},
        **{f"{name.upper()}_QUEUE_URL": f"{url}/{name}" for name in _QUEUES.values()},
        **{f"{name.upper()}_URL": f"{url}/{name}" for name in (*_DEAD, "undeliverable")},
        "FANOUT_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:fanout",
        "SCHEDULE_GROUP": "counted",
        "SCHEDULE_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/counted",
        "SCHEDULE_DLQ_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:undeliverable",
        "GATEWAY_URL": gateway_url,
        "GATEWAY_TOKEN_SECRET_ARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token",
        "GATEWAY_TIMEOUT_S": "10",
        "GATEWAY_PARTS_PER_S": "",
        "GATEWAY_RETRY_UNKNOWN": "true",
        "CALLS_AT_ONCE": "4",
        "SLICES": str(shape.slices),
        "RETENTION_DAYS": "400",
        "POWERTOOLS_METRICS_NAMESPACE": "Carillon",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
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
def _clients_of(account: Aws) -> Iterator[None]:
    """Clients that are made meanwhile ask this account, and whoever makes some later another."""
    aws.session.cache_clear()
    account.lead_here(aws.session())
    try:
        yield
    finally:
        aws.session.cache_clear()
