"""The stack on which everything is measured: its directory, its processes, how to ask it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psutil

from benchmarks.deliveries import OURS
from benchmarks.usage import Pids
from local import crowd
from local.demo_api import Api
from local.errors import LocalError
from local.gateway.control import Control
from local.processes import Identity
from local.stack import LocalStack

FUNCTIONS = (
    "api",
    "digest",
    "fanout",
    "importer",
    "page",
    "planner",
    "sender",
    "stats",
    "widget",
)
"""The groups that together are `ours`."""
POLL_S = 0.2
SAME_MOMENT_S = 0.05
"""Groups that ask for their processes within this time are given the same list."""
HOURS_S = 2 * 3600
"""How long a mailing has: longer than any run takes."""

T = TypeVar("T")


def until(read: Callable[[], T], done: Callable[[T], bool], *, limit_s: float, what: str) -> T:
    """Ask again and again until it is so; a LocalError says `what` did not happen in time."""
    deadline = time.monotonic() + limit_s
    while not done(seen := read()):
        if time.monotonic() > deadline:
            raise LocalError(f"{what}: not within {limit_s:g} s; last seen: {seen}")
        time.sleep(POLL_S)
    return seen


class Processes:
    """The functions' processes below the emulator's, and the emulator and the gateway themselves.

    MiniStack runs each environment of a function as a child of its own. Which function it is
    stands in the child's environment, as it would on AWS.
    """

    def __init__(self, stack: LocalStack) -> None:
        """Nothing is looked for yet."""
        self._records = stack.paths.records
        self._function_of: dict[int, str] = {}
        self._found: dict[str, list[int]] = {}
        self._looked_at = 0.0

    def groups(self) -> dict[str, Pids]:
        """For `Usage`: `ours`, each function, `emulator` and `gateway`."""
        functions: dict[str, Pids] = {name: self._of_function(name) for name in FUNCTIONS}
        return functions | {
            OURS: lambda: [pid for name in FUNCTIONS for pid in functions[name]()],
            "emulator": lambda: self._recorded("emulator"),
            "gateway": lambda: self._recorded("gateway"),
        }

    def _of_function(self, name: str) -> Pids:
        return lambda: self._workers().get(name, [])

    def _recorded(self, name: str) -> list[int]:
        identity = Identity.load(self._records / f"{name}.json")
        return [identity.pid] if identity else []

    def _workers(self) -> Mapping[str, list[int]]:
        if time.monotonic() > self._looked_at + SAME_MOMENT_S:
            self._found = {}
            for emulator in self._recorded("emulator"):
                for pid in _children(emulator):
                    if function := self._function(pid):
                        self._found.setdefault(function, []).append(pid)
            self._looked_at = time.monotonic()
        return self._found

    def _function(self, pid: int) -> str | None:
        """None for a helper of the emulator's, and for a child that is not yet what it will be."""
        if pid not in self._function_of:
            try:
                found = psutil.Process(pid).environ().get("POWERTOOLS_SERVICE_NAME")
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                return None
            if found not in FUNCTIONS:
                return None
            self._function_of[pid] = found
        return self._function_of[pid]


def _children(pid: int) -> Sequence[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


class Deployed:
    """A running stack with a directory of `sizes[1]` clients, of whom `sizes[0]` have a tag.

    The directory is the same for a large mailing and a small one, as it would be in life.
    """

    def __init__(self, stack: LocalStack, sizes: tuple[int, int]) -> None:
        """Nobody is in the directory yet."""
        self.stack = stack
        self.small, self.large = sizes
        self.api = Api(stack.api_url, stack.token)
        self.gateway = Control(stack.gateway_url)
        self.processes = Processes(stack)
        self.tables = crowd.tables(stack)

    def settle(self) -> None:
        """Fill the directory."""
        crowd.settle(self.stack, self.small, tag="few")
        crowd.settle(self.stack, self.large - self.small, tag="rest", first=self.small)

    def audience(self, clients: int) -> dict[str, Any]:
        """The filter that selects so many: the small number or the large."""
        return {"tags": {self.small: ["few"], self.large: ["few", "rest"]}[clients]}

    def mail(self, clients: int, **more: Any) -> str:
        """A mailing to so many that starts now; returns its id."""
        now = datetime.now(UTC)
        body = {
            "text": "Hello",
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(seconds=HOURS_S)).isoformat(),
            "filter": self.audience(clients),
        }
        return str(self.api.create("/mailings", body | more)["id"])

    def counts(self, mailing_id: str) -> dict[str, int]:
        """Its messages by status, and `total`."""
        counts: dict[str, int] = self.api.get(f"/mailings/{mailing_id}/stats")["counts"]
        return counts

    def clear(self, mailing_id: str) -> None:
        """Take a finished mailing and its messages away, so that each run meets the same tables."""
        self.api.delete(f"/mailings/{mailing_id}")
        until(
            lambda: next(self._message_keys(mailing_id), None),
            lambda left: left is None,
            limit_s=300,
            what=f"the messages of mailing {mailing_id} are deleted",
        )

    def _message_keys(self, mailing_id: str) -> Iterator[Any]:
        pages = (
            self.stack.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.tables["MESSAGES_TABLE"],
                FilterExpression="begins_with(part, :mailing)",
                ExpressionAttributeValues={":mailing": {"S": mailing_id}},
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from page["Items"]
