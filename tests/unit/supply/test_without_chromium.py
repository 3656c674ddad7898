"""What a run says where there is no Chromium: loud on a developer's machine, a failure in CI."""

import subprocess
import sys
from pathlib import Path

from local.places import PROJECT_ROOT
from tests.browser.chromium import INSTALL

RUN_LIMIT_S = 60


def test_the_run_is_good_and_names_what_it_left_out(tmp_path: Path) -> None:
    run = _run_with_nothing_on_the_path(tmp_path)

    assert run.returncode == 0
    said = run.stdout.partition("NOT RUN")[2]
    assert "test_docs.py: test_the_page_lists_every_operation_within_the_strict_policy\n" in said
    assert INSTALL in said


def test_a_run_that_requires_the_browser_fails(tmp_path: Path) -> None:
    run = _run_with_nothing_on_the_path(tmp_path, "--browser-required")

    assert run.returncode != 0
    assert INSTALL in run.stderr


def _run_with_nothing_on_the_path(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    tests = ("-p", "no:cacheprovider", "tests/browser/test_docs.py")
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=PROJECT_ROOT,
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=RUN_LIMIT_S,
        check=False,
    )
