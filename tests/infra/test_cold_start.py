"""A cold start costs what is said of it: CPU seconds, measured, from the layers as they are built.

What it must not import is a quick test: tests/unit/functions/test_imports.py.
"""

import pytest

from benchmarks.cold_start import FIRST_EVENTS, empty_handed_aws, start, why
from benchmarks.shipped import shipped

IMPORT_MAX_S = 0.4
FIRST_MAX_S = 0.1
"""Of CPU. A first answer takes a tenth of that today: more would be an import that was put off."""

RUNS = 7
"""The least of so many: neighbours on the machine make a run slower, and nothing makes it faster
than it is."""


@pytest.mark.long
@pytest.mark.parametrize(
    "function",
    ["api", "digest", "fanout", "importer", "page", "planner", "sender", "stats", "widget"],
)
def test_a_cold_start_costs_little(function: str) -> None:
    assert function in shipped()

    with empty_handed_aws() as aws_url:
        starts = [start(shipped()[function], aws_url=aws_url) for _ in range(RUNS)]

    slowest = why(shipped()[function])
    assert min(each.import_s for each in starts) <= IMPORT_MAX_S, slowest
    assert min(each.first_s for each in starts) <= FIRST_MAX_S
    assert function in FIRST_EVENTS or function == "digest"


@pytest.mark.long
def test_what_is_shipped_is_compiled_and_brings_no_sdk() -> None:
    for name, function in shipped().items():
        *ours, runtime = function.folders
        for folder in ours:
            assert list(folder.rglob("*.pyc")), (name, folder)
            assert not (folder / "botocore").exists()
        assert (runtime / "botocore").exists()
