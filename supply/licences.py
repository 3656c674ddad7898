"""Under which licences others let us use their work, written to `docs/licences.md`.

pip-licenses reads what the installed packages say of themselves; `pyproject.toml` lists what we
accept. npm's lock names its packages' licences.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from supply.locks import (
    LAYER,
    MACHINE,
    ROOT,
    SHIPPED_FROM_NPM,
    Pinned,
    npm_packages,
    python_packages,
)

FILE = ROOT / "docs" / "licences.md"
_RUN_LIMIT_S = 120

_TEXT = """\
# Licences of what others wrote

Written by `make licences`; `make check` compares it with what is installed, and refuses a licence
that is not in the list in `pyproject.toml`. Carillon itself is under the MIT licence.

## What is deployed

The Python packages lie in the functions' layer, those of npm beside the functions `api` (Swagger
UI) and `page` (the rest). boto3 is AWS's, part of the Lambda runtime.

| package | version | licence | from |
| --- | --- | --- | --- |
{shipped}

## What builds, tests and runs it on a developer's machine

Nothing of this is deployed or passed on.

| licence | packages |
| --- | --- |
{tools}
"""


@dataclass(frozen=True, order=True)
class Licensed:
    """A package and its licence, in the words of its metadata."""

    name: str
    version: str
    licence: str
    source: str


def plain(name: str) -> str:
    """A name as PyPI compares names: `typing_extensions` is `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> Iterator[Licensed]:
    """Every Python package of this environment."""
    command = [
        sys.executable,
        "-m",
        "piplicenses",
        "--format=json",
        "--with-system",
        "--from=mixed",
    ]
    done = subprocess.run(  # noqa: S603 - pip-licenses, with arguments made here
        command, capture_output=True, text=True, check=True, timeout=_RUN_LIMIT_S, cwd="/"
    )
    for each in json.loads(done.stdout):
        yield Licensed(plain(each["Name"]), each["Version"], each["License"], "PyPI")


def from_npm() -> Iterator[Licensed]:
    """Every package of npm's lock."""
    for each in npm_packages():
        yield Licensed(each.name, each.version, each.licence or "UNKNOWN", "npm")


def refused(packages: Iterable[Licensed]) -> list[Licensed]:
    """Those under a licence that we did not accept; several at once must all be accepted."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        accepted = set(tomllib.load(file)["tool"]["carillon"]["accepted-licences"])
    return [each for each in packages if not set(each.licence.split("; ")) <= accepted]


def page(python: Iterable[Licensed], npm: Iterable[Licensed]) -> str:
    """The document."""
    in_layer = {plain(each.name) for each in python_packages(LAYER)}
    everything = {*python, *npm}
    shipped = {each for each in everything if each.name in in_layer | SHIPPED_FROM_NPM}
    by_licence: dict[str, list[str]] = {}
    for each in sorted(everything - shipped):
        by_licence.setdefault(each.licence, []).append(each.name)
    return _TEXT.format(
        shipped="\n".join(
            f"| {each.name} | {each.version} | {each.licence} | {each.source} |"
            for each in sorted(shipped)
        ),
        tools="\n".join(
            f"| {licence} | {', '.join(names)} |" for licence, names in sorted(by_licence.items())
        ),
    )


def on_every_machine() -> list[Pinned]:
    """What the lock installs whatever the Python and the system are."""
    return [each for each in python_packages(MACHINE) if not each.marker]


def write(file: Path = FILE) -> int:
    """Write the document; an exit status, not 0 for a licence that is not accepted."""
    python, npm = list(installed()), list(from_npm())
    file.write_text(page(python, npm), encoding="utf-8")
    unacceptable = refused([*python, *npm])
    for each in unacceptable:
        print(f"{each.name} {each.version}: {each.licence} is no accepted licence", file=sys.stderr)
    print(f"{file.relative_to(ROOT)}: {len(python)} packages of Python, {len(npm)} of npm")
    return 1 if unacceptable else 0
