"""The page's own modules, tested by Node's runner: the `*.test.js` beside this file."""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LIMIT_S = 60


def test_modules() -> None:
    files = sorted(str(file) for file in HERE.glob("*.test.js"))
    assert files
    run = subprocess.run(
        ["node", "--test", "--test-reporter=tap", *files],  # noqa: S607 - node is where npm is
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
        # Far from Greenwich and with summer time, so that no test holds by chance.
        env={**os.environ, "TZ": "Europe/Berlin"},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# tests 0" not in run.stdout
