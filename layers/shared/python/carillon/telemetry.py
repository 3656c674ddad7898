"""How every function logs: JSON lines of a constant message and keys.

Modules log through the standard library, `logging.getLogger(__name__)`, with ids as `extra`, and
know nothing of this. A handler calls `set_up` once at init, which turns what all loggers below
`carillon` say into JSON on stdout, and wraps itself in `inject_lambda_context`, which adds the
function's name and the request id to each line.

Messages are constant and keys hold ids, numbers and names of classes: never a phone or a text.
ERROR means that a person should look.
"""

import logging
import traceback

from aws_lambda_powertools import Logger

PACKAGE = "carillon"
FRAMES_MAX = 20
"""Innermost calls kept of an error: enough to find the line, bounded in a deep recursion."""


def set_up() -> Logger:
    """The logger of a handler; `POWERTOOLS_SERVICE_NAME` and `POWERTOOLS_LOG_LEVEL` shape it."""
    logger = Logger(utc=True, use_rfc3339=True)
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
