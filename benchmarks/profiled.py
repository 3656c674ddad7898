"""One function of ours in a process of its own, as the emulated Lambda runs it, but looked into.

The process has the environment and the code of a deployed one. It is given events, as Lambda gives
them, and answers as a function answers; in the end it tells where its CPU time went.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from benchmarks.sampling import Sampling
from benchmarks.stages import Place, files_of, place_of

ANSWER_LIMIT_S = 120.0
STOP_LIMIT_S = 10.0
FINISHED = None
"""In place of an event."""

Spent = dict[tuple[str, str], float]
"""CPU seconds by stage and library."""


class Profiled(Protocol):
    """A function at work in its process."""

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Its answer."""

    def spent(self) -> Spent:
        """Ends it, and tells where its CPU time went."""


@dataclass(frozen=True)
class _Context:
    """What Lambda tells a handler about the invocation, as far as ours ask."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    ends_at: float

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int(1000 * (self.ends_at - time.time())))


@contextmanager
def profiled(function: str, environment: Mapping[str, str]) -> Iterator[Profiled]:
    """The function, started with this environment of a deployed process of it."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_work, args=(theirs, function, dict(environment)), name=f"profiled {function}"
    )
    process.start()
    theirs.close()
    try:
        yield _AtWork(ours)
        process.join(STOP_LIMIT_S)
    finally:
        if process.is_alive():
            process.kill()
        ours.close()


@dataclass(frozen=True)
class _AtWork:
    connection: Connection

    def invoke(self, event: Mapping[str, Any]) -> Any:
        self.connection.send(event)
        return self._answer()

    def spent(self) -> Spent:
        self.connection.send(FINISHED)
        spent: Spent = self._answer()
        return spent

    def _answer(self) -> Any:
        if not self.connection.poll(ANSWER_LIMIT_S):
            raise TimeoutError(f"no answer within {ANSWER_LIMIT_S:g} s")
        return self.connection.recv()


def _work(connection: Connection, function: str, environment: dict[str, str]) -> None:
    """In the new process: be that function until the events are over."""
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = list(_code(environment))
    # What it logs is work, too, but nobody reads it here.
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # for the rest of this process
    handler = importlib.import_module(f"functions.{function}.handler").handler

    def name(frame: FrameType) -> Place:
        return place_of(function, files_of(frame))

    sampling = Sampling(name)
    with sampling:
        while (event := connection.recv()) is not FINISHED:
            connection.send(handler(event, _context(environment)))
    connection.send({(each.stage, each.library): s for each, s in sampling.cpu_s.items()})


def _code(environment: Mapping[str, str]) -> Iterator[str]:
    """Where a deployed process has its code from, in the order in which it looks."""
    for layer in environment.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep):
        yield f"{layer}/python"
    yield environment["LAMBDA_TASK_ROOT"]


def _context(environment: Mapping[str, str]) -> _Context:
    return _Context(
        function_name=environment["AWS_LAMBDA_FUNCTION_NAME"],
        memory_limit_in_mb=int(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]),
        invoked_function_arn=environment["_LAMBDA_FUNCTION_ARN"],
        aws_request_id="profile",
        ends_at=time.time() + float(environment["_LAMBDA_TIMEOUT"]),
    )
