"""What became of each planted fault, read from what mutmut leaves behind.

For each module it writes the module with every faulty form of each function below the right one
(`x_edit__mutmut_orig`, `x_edit__mutmut_1`), and beside it how the tests ended with each.
"""

import ast
import difflib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.mutation.layout import MUTATED

PASSED = frozenset({0, 5, 33})
"""How pytest ends when all tests pass (0), or mutmut when none reaches the function (5, 33)."""

_FORM = re.compile(r"__mutmut_(\d+|orig)")
_SEPARATOR = "ǁ"
"""What mutmut puts between a class and its method."""


@dataclass(frozen=True)
class Fault:
    """One planted fault; `ended` is the exit code of the tests, None when they were not run."""

    module: str
    function: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    ended: int | None

    @property
    def survived(self) -> bool:
        """Whether no test noticed it. One that hangs or crashes the tests is noticed."""
        return self.ended in PASSED

    @cached_property
    def diff(self) -> tuple[str, ...]:
        """The lines that differ, `-` before and `+` after, in their order."""
        lines = difflib.ndiff(self.before, self.after)
        return tuple(f"{line[0]}{line[2:].strip()}" for line in lines if line[0] in "+-")

    @property
    def above(self) -> str:
        """The line above the first that differs."""
        pairs = zip(self.before, self.after, strict=False)
        same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        return self.before[same - 1].strip() if same else ""

    @property
    def removed(self) -> str:
        """What the fault takes out, in one line."""
        return " ".join(line[1:] for line in self.diff if line[0] == "-")

    @property
    def added(self) -> str:
        """What the fault puts in, in one line."""
        return " ".join(line[1:] for line in self.diff if line[0] == "+")


def read_faults(copy: Path) -> Iterator[Fault]:
    """Every fault of a run, by module."""
    domain = copy / "mutants/src/carillon"
    for pattern in MUTATED:
        for results in sorted(domain.glob(f"{pattern}.meta")):
            yield from _of_module(results, str(results.relative_to(domain)).removesuffix(".meta"))


def _of_module(results: Path, module: str) -> Iterator[Fault]:
    source = results.with_suffix("").read_text(encoding="utf-8")
    lines = source.splitlines()
    forms = {
        node.name: _unnamed(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }
    for name, ended in json.loads(results.read_text(encoding="utf-8"))["exit_code_by_key"].items():
        form = name.rpartition(".")[2]
        mangled = _FORM.sub("", form)
        yield Fault(
            module=module,
            function=_readable(mangled),
            before=forms[f"{mangled}__mutmut_orig"],
            after=forms[form],
            ended=ended,
        )


def _unnamed(function: list[str]) -> tuple[str, ...]:
    """A function's lines, the first without its number, so that only the fault tells two apart."""
    return (_FORM.sub("", function[0]), *function[1:])


def _readable(mangled: str) -> str:
    """`xǁClientsǁcreate` is `Clients.create`, and `x_edit` is `edit`."""
    if mangled.startswith("x_"):
        return mangled.removeprefix("x_")
    return mangled.removeprefix(f"x{_SEPARATOR}").replace(_SEPARATOR, ".")
