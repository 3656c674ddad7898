"""Each test its own empty home."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.stage import Answer, FakeWeb, Stage


@pytest.fixture
def staged(tmp_path: Path) -> Callable[..., Stage]:
    """Makes a stage with these answers of the web."""

    def make(web: Mapping[str, Answer | list[Answer]] | None = None, **some: Any) -> Stage:
        return Stage(web=FakeWeb(web or {}), home=tmp_path, **some)

    return make
