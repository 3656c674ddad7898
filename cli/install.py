"""Writes `.venv/bin/carillon`, the executable that starts this package from its clone.

Run by `make setup` with the environment's own Python. An editable install would do the same and
put the clone on the path of everything in the environment, the emulated functions included: what
is missing in a function's package would be found there, and be missed only on AWS.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A shell finds the interpreter, because the kernel's own `#!` takes neither a path with spaces nor
# a long one. To Python the shell's line is a string.
# https://man7.org/linux/man-pages/man2/execve.2.html
SCRIPT = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
# Written by `make setup`.
import sys

sys.path[0] = {root!r}
from cli.__main__ import main

sys.exit(main())
"""


def write(script: Path, *, python: Path, root: Path) -> None:
    """Make `script` an executable that runs the package `cli` of `root` with `python`."""
    script.write_text(SCRIPT.format(python=python, root=str(root)), encoding="utf-8")
    script.chmod(0o755)


if __name__ == "__main__":
    # As Python was called: resolved, it would be the one outside the environment.
    write(Path(sys.executable).with_name("carillon"), python=Path(sys.executable), root=ROOT)
