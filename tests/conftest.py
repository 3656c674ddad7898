"""How the folders of tests share two workers: each stays together, the longest goes first."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LONGEST_FIRST = ("e2e", "browser")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group by folder, so that what a folder's tests share is made once.

    The end-to-end tests and those of the browser share one stack.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        group = "stack" if folder in LONGEST_FIRST else folder
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in LONGEST_FIRST)
