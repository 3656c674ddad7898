"""One deployed stack for all end-to-end tests, on free ports and with a state of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from local.account import forget_the_callers
from local.places import LocalPaths, Ports
from local.stack import LocalStack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The emulated AWS with Carillon in it and the stand-in gateway behind it."""
    forget_the_callers()
    with LocalStack(
        paths=LocalPaths(tmp_path_factory.mktemp("stack")),
        ports=Ports.free(),
        speed_patches=os.environ.get("CARILLON_EMULATOR_SPEED") != "off",
    ) as deployed:
        yield deployed
