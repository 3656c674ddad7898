"""Debian's Chromium: where it is, and what happens to the browser tests without it.

A pytest plugin. On a developer's machine without Chromium these tests are skipped, and the run
ends by saying so where nobody can miss it. `--browser-required`, which CI passes, refuses to run
without it.
"""

import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
NOT_HERE = "no `chromium` on the PATH"
INSTALL = "apt-get install chromium"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let CI insist on the browser."""
    parser.addoption(
        "--browser-required",
        action="store_true",
        help="fail, instead of skipping the browser tests, where there is no Chromium",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to begin what could not be proven in full."""
    if CHROMIUM is None and config.getoption("browser_required"):
        raise pytest.UsageError(f"--browser-required, but {NOT_HERE}: {INSTALL}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip before any fixture: the stack takes long, and nothing would use it."""
    if CHROMIUM is not None:
        return
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.skip(reason=NOT_HERE))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every test that the missing browser left out, and the cure."""
    left_out = sorted(
        f"{report.location[0]}: {report.location[2]}"
        for report in terminalreporter.getreports("skipped")
        if NOT_HERE in str(report.longrepr)
    )
    if not left_out:
        return
    terminalreporter.section("NOT RUN: the browser tests", sep="!", yellow=True, bold=True)
    terminalreporter.line(f"There is {NOT_HERE}, so nothing looked at the pages:", yellow=True)
    for test in left_out:
        terminalreporter.line(f"  {test}", yellow=True)
    terminalreporter.line(f"To run them too: {INSTALL}", yellow=True, bold=True)
