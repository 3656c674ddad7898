"""What folders of tests share: two workers, and one deployed stack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.account import forget_the_callers
from local.places import LocalPaths, Ports
from local.stack import LocalStack

pytest_plugins = ["tests.browser.chromium"]

TESTS = Path(__file__).parent
LONGEST_FIRST = ("e2e", "browser")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group by folder, so that what a folder's tests share is made once; the longest goes first.

    The end-to-end tests and those of the browser share one stack.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        group = "stack" if folder in LONGEST_FIRST else folder
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in LONGEST_FIRST)


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
