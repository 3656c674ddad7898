"""Sizes, names and docstrings: what keeps the code easy to walk through."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import OURS, SHIPPED, modules, tree

MODULE_LINES_MAX = 260
FUNCTION_LINES_MAX = 50
BANNED_NAMES = ("utils", "helpers", "common", "manager", "misc", "base_class")

_LONG_FUNCTIONS = {
    # Composition: one argument a line, nothing to follow.
    "layers/shared/python/carillon/usecases/composing.py:compose_fanout",
    "layers/shared/python/carillon/usecases/composing.py:compose_sender",
    "tests/simulation/world.py:__init__",
}


@pytest.mark.parametrize(
    "module", modules(*SHIPPED, "benchmarks", "cli", "local", "supply"), ids=str
)
def test_modules_are_short(module: Path) -> None:
    lines = len((Path(__file__).parents[2] / module).read_text().splitlines())
    assert lines <= MODULE_LINES_MAX, f"{module} has {lines} lines: split it by what it is for"


@pytest.mark.parametrize("module", modules(*OURS), ids=str)
def test_functions_are_short(module: Path) -> None:
    long = [
        f"{module}:{node.name} ({node.end_lineno - node.lineno} lines)"
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno > FUNCTION_LINES_MAX
        and f"{module}:{node.name}" not in _LONG_FUNCTIONS
    ]
    assert not long


@pytest.mark.parametrize("module", modules(*OURS), ids=str)
def test_names_say_what_a_module_is_for(module: Path) -> None:
    assert module.stem not in BANNED_NAMES
    assert not {part for part in module.parts if part in BANNED_NAMES}


@pytest.mark.parametrize("module", modules(*OURS), ids=str)
def test_every_module_says_what_it_is_for(module: Path) -> None:
    if tree(module).body:
        assert ast.get_docstring(tree(module)), f"{module} has no docstring"


@pytest.mark.parametrize("module", modules(*SHIPPED, "benchmarks", "cli"), ids=str)
def test_public_things_are_documented(module: Path) -> None:
    parents: list[ast.Module | ast.ClassDef] = [tree(module), *_public_classes(tree(module))]
    silent = [
        f"{module}:{node.lineno} {node.name}"
        for parent in parents
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _is_overload(node)
    ]
    assert not silent


def _public_classes(module: ast.Module) -> list[ast.ClassDef]:
    return [
        node
        for node in module.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def _is_overload(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Name) and each.id == "overload" for each in decorators)
