"""How every function logs: JSON lines of a constant message and keys.

Modules log through the standard library, `logging.getLogger(__name__)`, with ids as `extra`, and
know nothing of this. A handler calls `set_up` once at init, which turns what all loggers below
`carillon` say into JSON on stdout, and wraps itself in `inject_lambda_context`, which adds the
invocation's id to each line. What a piece of work is about is added from `concern`.

Messages are constant and keys hold ids, numbers and names of classes: never a phone or a text. The
keys are listed in `docs/logging.md`. No line is ever sampled: what the level lets through is there.

| level   | what it is for                                                            |
| ------- | ------------------------------------------------------------------------- |
| DEBUG   | nothing today                                                             |
| INFO    | what happened, as it should: each step and each successful call           |
| WARNING | what goes on by itself and did not go well: retries, refusals, lost races |
| ERROR   | a person should look                                                      |
"""

import logging
import traceback
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from carillon.concern import Concern

PACKAGE = "carillon"
FRAMES_MAX = 20
"""Innermost calls kept of an error: enough to find the line, bounded in a deep recursion."""

SAID_ELSEWHERE = frozenset(
    {"function_name", "function_arn", "function_memory_size", "location", "xray_trace_id"}
)
"""Keys of Powertools that are left out: the log group and `service` name the function, a constant
message leads to its place in the code, and tracing is off. They would be half of many a line."""


class _Short(LambdaPowertoolsFormatter):
    def serialize(self, log: dict[str, Any]) -> str:  # type: ignore[override]
        """One line of JSON, without what is said elsewhere and what is as always."""
        warm = {"cold_start"} if log.get("cold_start") is False else set[str]()
        left_out = SAID_ELSEWHERE | warm
        return super().serialize({key: log[key] for key in log if key not in left_out})


def set_up() -> Logger:
    """The logger of a handler; `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL` shape it."""
    logger = Logger(logger_formatter=_Short(utc=True, use_rfc3339=True))
    for handler in logger.handlers:
        handler.addFilter(Concern())
    package = logging.getLogger(PACKAGE)
    package.handlers = logger.handlers
    package.setLevel(logger.log_level)
    package.propagate = False  # Lambda's runtime has put a handler of its own on the root logger
    return logger


def function_logger(module: str) -> logging.Logger:
    """The logger of a module outside the `carillon` package, placed below it."""
    return logging.getLogger(f"{PACKAGE}.{module}")


def describe(error: BaseException) -> dict[str, str | list[str]]:
    """An unexpected error as keys of a log line: classes and places in the code.

    Its own message is left out: it may quote what it tripped over, such as a phone or a text.
    """
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    described: dict[str, str | list[str]] = {
        "error": type(error).__qualname__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or error.__context__
    if cause is not None:
        described["cause"] = type(cause).__qualname__
    return described
