"""What the code logs is what the document says: constant messages, and keys that it explains."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import modules, tree
from tests.vocabulary import POWERTOOLS, documented

LOGGING = modules("functions", "layers/shared/python/carillon")
LEVELS = {"debug": 0, "info": 0, "warning": 0, "error": 0, "log": 1}
"""Methods of a logger, and which argument is the message."""
NAMES_KEYS = {"about", "concerning", "learned"}
"""Functions whose keywords are keys of lines."""
OF_RECORDS = frozenset(vars(__import__("logging").makeLogRecord({})))


def _calls(module: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(module)) if isinstance(node, ast.Call))


def _lines(module: Path) -> Iterator[ast.Call]:
    """The calls that log."""
    for call in _calls(module):
        match call.func:
            case ast.Attribute(value=ast.Name(id="logger" | "_log"), attr=name) if name in LEVELS:
                yield call


def _keys(module: Path) -> Iterator[str]:
    """Keys that are written out: in an `extra`, or as keywords of those who make one."""
    for call in _calls(module):
        if isinstance(call.func, ast.Name | ast.Attribute) and _name(call.func) in NAMES_KEYS:
            yield from (each.arg for each in call.keywords if each.arg)
    for call in _lines(module):
        for extra in (each.value for each in call.keywords if each.arg == "extra"):
            for node in ast.walk(extra):
                if isinstance(node, ast.Dict):
                    yield from (
                        str(key.value) for key in node.keys if isinstance(key, ast.Constant)
                    )


def _name(function: ast.Name | ast.Attribute) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr


@pytest.mark.parametrize("module", [each for each in LOGGING if any(_lines(each))], ids=str)
def test_messages_are_constant_and_each_key_is_explained(module: Path) -> None:
    for call in _lines(module):
        assert isinstance(call.func, ast.Attribute)
        message = call.args[LEVELS[call.func.attr]]
        constant = isinstance(message, ast.Constant | ast.IfExp | ast.Name)
        assert constant, f"{module}:{call.lineno} formats its message"
        assert len(call.args) == LEVELS[call.func.attr] + 1, f"{module}:{call.lineno} has arguments"
    keys = set(_keys(module))
    assert keys <= documented(), f"not in docs/logging.md: {keys - documented()}"


def test_no_key_hides_what_a_line_has_anyway() -> None:
    assert not documented() & (OF_RECORDS | POWERTOOLS)
    keys = {key for module in LOGGING for key in _keys(module)}
    assert {"mailing_id", "client_ids", "record_id"} <= keys, "keys are found at all"
