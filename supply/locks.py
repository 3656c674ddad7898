"""The lock files: what is pinned, and by which hashes.

`requirements.txt` and `package-lock.json` are the only sources of foreign code. What `.ci/run`
takes from Debian is pinned by the Debian release and signed by it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAYER = ROOT / "layers" / "dependencies" / "requirements.txt"
MACHINE = ROOT / "requirements.txt"
BENCHMARK = ROOT / "benchmarks" / "requirements.txt"
"""Of what Carillon is measured against, in an environment of its own; see benchmarks/README.md."""
PAGES = ROOT / "package-lock.json"

SHIPPED_FROM_NPM = frozenset(
    {"@picocss/pico", "htm", "oauth4webapi", "preact", "swagger-ui-dist", "uplot"}
)
"""Files of these are put beside the functions `api` and `page`; the other packages only run on our
machines."""

_PYTHON = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? *$")
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True)
class Pinned:
    """A package at one version; `hashes` are of all files that may be installed for it.

    `marker` says on which machines it is installed at all; empty for all. `licence` is known of
    packages from npm only, whose lock tells it.
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str = ""
    licence: str = ""


def python_packages(lock: Path) -> Iterator[Pinned]:
    """What a lock made by uv pins; `ValueError` for a line that pins nothing."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words, *_ = line.split(" --hash=", maxsplit=1)
        match = _PYTHON.match(words.rstrip())
        if match is None:
            raise ValueError(f"{lock.name} pins no version here: {words}")
        yield Pinned(
            name=match["name"],
            version=match["version"],
            hashes=tuple(_HASH.findall(line)),
            marker=match["marker"] or "",
        )


def npm_packages(lock: Path = PAGES) -> Iterator[Pinned]:
    """What a lock of npm pins, under the names that are required."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    for path, package in content["packages"].items():
        if path:  # the empty one is ourselves
            yield Pinned(
                name=path.rpartition("node_modules/")[2],
                version=package["version"],
                hashes=tuple(package.get("integrity", "").split()),
                licence=package.get("license", ""),
            )
