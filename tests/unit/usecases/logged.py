"""Lines of the log as a test reads them."""

import logging

import pytest

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
