"""Lines of the log as a test reads them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from carillon.concern import Concern

_EVERY_LINE_HAS = {*vars(logging.makeLogRecord({})), "message", "asctime"}

Line = tuple[int, str, dict[str, object]]
"""Level, message and keys."""


def lines(caplog: pytest.LogCaptureFixture, *messages: str) -> list[Line]:
    """What was logged with one of these messages, or everything."""
    return [
        (each.levelno, each.getMessage(), _keys(each))
        for each in caplog.records
        if not messages or each.getMessage() in messages
    ]


def _keys(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _EVERY_LINE_HAS}


@contextmanager
def as_in_a_function(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every line, with what the work is about, as `telemetry.set_up` has it."""
    caplog.set_level(logging.INFO, logger="carillon")
    concern = Concern()
    caplog.handler.addFilter(concern)
    yield
    caplog.handler.removeFilter(concern)
