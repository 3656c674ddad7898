"""Our Python files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("functions", "layers/shared/python/carillon", "infra")
OURS = (*SHIPPED, "benchmarks", "cli", "local", "supply", "tests", "app.py")


@cache
def modules(*places: str) -> tuple[Path, ...]:
    """Every Python file below these places, by path from the root."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        assert path.exists(), f"{place} is no longer there, so that nothing of it would be judged"
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return tuple(each.relative_to(ROOT) for each in found)


@cache
def tree(module: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def imports(module: Path) -> Iterator[str]:
    """The dotted names that a module imports, `from a import b` as `a.b`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def attributes(module: Path) -> Iterator[str]:
    """Every `name.attribute` in a module."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
