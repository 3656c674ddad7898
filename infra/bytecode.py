"""Python compiled before it is shipped: a function's folders are read-only, so that each cold start
would compile all that it imports anew. 0.02 s for the API's own folder, far more for the layers.

Bytecode belongs to one minor version of Python, so another one's would be dead weight: it is made
where this Python is the functions' Python, and left out elsewhere.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.environment import Environment

# Two seconds for the dependencies; a minute is a stuck machine.
_TIMEOUT_S: Final = 300


def add_bytecode(directory: Path, environment: Environment, *, place: str) -> None:
    """Compile what lies in `directory` and will lie in `place`, which error traces then name.

    Unchecked hashes make the files independent of time stamps, which a zip does not keep; a fixed
    hash seed makes them the same each time.
    https://docs.python.org/3/library/compileall.html
    """
    if not _same_python(environment):
        return
    command = [
        *(sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"),
        *("-s", str(directory), "-p", place, str(directory)),
    ]
    done = subprocess.run(  # noqa: S603 - Python, with arguments made here
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=_TIMEOUT_S,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"Python could not compile {directory}:\n{done.stderr or done.stdout}")


def compiler(environment: Environment) -> list[str | bytes]:
    """What decides about the bytecode beside its sources: this file and the compiler, if used."""
    version = sys.version if _same_python(environment) else "not compiled"
    return [Path(__file__).read_bytes(), version]


def _same_python(environment: Environment) -> bool:
    return environment.lambda_python == f"{sys.version_info.major}.{sys.version_info.minor}"
