"""What the folders of tests share: two workers, and one deployed stack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from local.account import forget_the_callers
from local.places import LocalPaths, Ports
from local.stack import LocalStack

pytest_plugins = ["tests.browser.chromium"]

# A first example may read a file of a slow disk; what hangs is ended by pytest's own timeout.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

SHARED = {"e2e": "stack", "browser": "stack", "contract": "cdk", "infra": "cdk"}
"""What folders have in common: one deployed stack, or the CDK, which takes seconds to load."""

LONGEST = ("stack", "cdk", "privilege", "simulation")
"""Whose tests begin before all others, in this order: what is short fills the gap at the end."""


def _share(path: str | Path) -> str:
    """What the tests of a file, given by its path from the root, have in common with others."""
    _, folder, *inner, _file = Path(path).parts
    if folder == "unit":  # nothing is made for all of them
        return "/".join((folder, *inner))
    return SHARED.get(folder, folder)


def _turn(share: str) -> int:
    return LONGEST.index(share) if share in LONGEST else len(LONGEST)


class FolderByFolder(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Tests of one folder run in one worker, so that what they share is made once.

    The groups of xdist itself (`--dist loadgroup`) are without effect, and without a word, under
    pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386
    """

    def _split_scope(self, nodeid: str) -> str:
        return _share(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FolderByFolder:
    """Hand out whole folders, in the order of the collection and not of their size."""
    config.option.loadscopereorder = False
    return FolderByFolder(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest first, so that both workers end together."""
    items.sort(key=lambda item: _turn(_share(item.path.relative_to(config.rootpath))))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The emulated AWS with Carillon in it and the stand-in gateway behind it.

    On free ports and with a state of its own.
    """
    forget_the_callers()
    with LocalStack(
        paths=LocalPaths(tmp_path_factory.mktemp("stack")),
        ports=Ports.free(),
        speed_patches=os.environ.get("CARILLON_EMULATOR_SPEED") != "off",
    ) as deployed:
        yield deployed
