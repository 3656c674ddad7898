"""Sizes, names and docstrings: what keeps the code easy to walk through.

One test for each rule, which names all that break it: with one for each module as well they were
four thousand, and most of their time went into telling of them.
"""

import ast

from tests.architecture.sources import OURS, ROOT, SHIPPED, modules, tree

MODULE_LINES_MAX = 260
FUNCTION_LINES_MAX = 50
BANNED_NAMES = ("utils", "helpers", "common", "manager", "misc", "base_class")

_LONG_FUNCTIONS = {
    # Composition: one argument a line, nothing to follow.
    "layers/shared/python/carillon/usecases/composing.py:compose_fanout",
    "layers/shared/python/carillon/usecases/composing.py:compose_sender",
    "tests/simulation/world.py:__init__",
}


def test_modules_are_short() -> None:
    lines = {
        str(module): len((ROOT / module).read_text(encoding="utf-8").splitlines())
        for module in modules(*SHIPPED, "benchmarks", "cli", "local", "supply")
    }
    long = {module: number for module, number in lines.items() if number > MODULE_LINES_MAX}
    assert not long, "split each by what it is for"


def test_functions_are_short() -> None:
    long = [
        f"{module}:{node.name} ({node.end_lineno - node.lineno} lines)"
        for module in modules(*OURS)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno > FUNCTION_LINES_MAX
        and f"{module}:{node.name}" not in _LONG_FUNCTIONS
    ]
    assert not long


def test_names_say_what_a_module_is_for() -> None:
    banned = [
        str(module) for module in modules(*OURS) if {module.stem, *module.parts} & set(BANNED_NAMES)
    ]
    assert not banned


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(module)
        for module in modules(*OURS)
        if tree(module).body and not ast.get_docstring(tree(module))
    ]
    assert not silent, "they have no docstring"


def test_public_things_are_documented() -> None:
    silent = [
        f"{module}:{node.lineno} {node.name}"
        for module in modules(*SHIPPED, "benchmarks", "cli")
        for parent in _public_parents(tree(module))
        for node in parent.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _is_overload(node)
    ]
    assert not silent


def _public_parents(module: ast.Module) -> list[ast.Module | ast.ClassDef]:
    """The module, and each of its classes that is public."""
    classes = (node for node in module.body if isinstance(node, ast.ClassDef))
    return [module, *(each for each in classes if not each.name.startswith("_"))]


def _is_overload(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(isinstance(each, ast.Name) and each.id == "overload" for each in decorators)
