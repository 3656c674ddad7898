"""A stack of a test's own, for what others must not be disturbed by."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.account import forget_the_callers
from local.places import LocalPaths, Ports
from local.stack import LocalStack


@contextmanager
def own_stack(folder: Path, **context: str) -> Iterator[LocalStack]:
    """On free ports, with its state in `folder` and these settings otherwise than usual."""
    forget_the_callers()
    with LocalStack(
        paths=LocalPaths(folder),
        ports=Ports.free(),
        context=context,
        speed_patches=os.environ.get("CARILLON_EMULATOR_SPEED") != "off",
    ) as deployed:
        yield deployed
