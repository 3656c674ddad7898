"""Who works through records is modest from its first batch on, and so are its threads."""

import os
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from local.emulator import modest_workers

UNTIL_ASKED = "import sys; sys.stdin.read()"


def runtime() -> Any:
    """MiniStack's workers, as far as they matter here: a process, begun when it is needed."""

    class Worker:
        def __init__(self) -> None:
            self._proc: subprocess.Popen[bytes] | None = None

        def _spawn(self) -> None:
            command = [sys.executable, "-c", UNTIL_ASKED]
            self._proc = subprocess.Popen(command, stdin=subprocess.PIPE)

        def invoke(self, event: object, request_id: str, *, trace_id: str | None = None) -> object:
            if self._proc is None:
                self._spawn()
            return event, request_id, trace_id

    made = SimpleNamespace(Worker=Worker)
    modest_workers.install(made)
    return made


@pytest.fixture
def worker() -> Iterator[Any]:
    made = runtime().Worker()
    yield made
    if made._proc is not None:
        made._proc.communicate()


def niceness(worker: Any) -> int:
    return os.getpriority(os.PRIO_PROCESS, worker._proc.pid)


OWN = os.getpriority(os.PRIO_PROCESS, 0)


@pytest.mark.parametrize("is_warm", [False, True])
def test_who_is_given_records_is_modest(worker: Any, is_warm: bool) -> None:
    if is_warm:
        worker._spawn()
    event: dict[str, Any] = {"Records": [{}]}
    assert worker.invoke(event, "r1", trace_id="t1") == (event, "r1", "t1")
    assert niceness(worker) == modest_workers.NICENESS


def test_so_is_the_process_that_follows_it(worker: Any) -> None:
    worker.invoke({"Records": []}, "r1")
    worker._proc.communicate()
    worker._spawn()
    assert niceness(worker) == modest_workers.NICENESS


@pytest.mark.parametrize("event", [{"requestContext": {}}, None, 5, "Records", ["Records"]])
def test_who_answers_a_request_is_not(worker: Any, event: object) -> None:
    worker.invoke(event, "r1")
    assert niceness(worker) == OWN
