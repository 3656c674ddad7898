"""What a stack is about, by the files that it runs through."""

import sys
from collections.abc import Sequence

import pytest

from benchmarks.stages import HARNESS, OTHER, OWN, Place, files_of, place_of

HANDLER = "/scratch/functions/sender/handler.py"
OURS = "/scratch/layer_1/python/carillon"
OTHERS = "/scratch/layer_0/python"
PYTHON = "/usr/lib/python3.11"


@pytest.mark.parametrize(
    ("outermost_first", "place"),
    [
        (
            [
                HANDLER,
                f"{OURS}/usecases/deciding.py",
                f"{OURS}/adapters/messages_table.py",
                f"{OTHERS}/botocore/client.py",
                f"{OTHERS}/urllib3/connection.py",
            ],
            Place("decide", "AWS's SDK"),
        ),
        (
            [HANDLER, f"{OURS}/usecases/claiming.py", f"{PYTHON}/logging/__init__.py"],
            Place("log", "logging"),
        ),
        (
            [f"{OURS}/adapters/emf_measures.py", HANDLER, f"{OURS}/usecases/delivering.py"],
            Place("deliver", OWN),
        ),
        (
            [
                f"{PYTHON}/threading.py",
                f"{OURS}/adapters/transfer_loop.py",
                f"{PYTHON}/selectors.py",
            ],
            Place("call", "libcurl"),
        ),
        (
            [f"{OURS}/adapters/transfer_loop.py", f"{OURS}/adapters/gateway_http.py"],
            Place("call", OWN),
        ),
        ([f"{PYTHON}/multiprocessing/connection.py"], Place(HARNESS, OTHER)),
        (["/home/me/carillon/.venv/lib/python3.11/site-packages/x.py"], Place(OTHER, OTHER)),
    ],
)
def test_a_place_is_a_stage_and_whose_code_ours_called(
    outermost_first: Sequence[str], place: Place
) -> None:
    assert place_of("sender", reversed(outermost_first)) == place


def test_files_are_told_from_the_innermost_on() -> None:
    files = list(files_of(sys._getframe()))
    assert files[0] == __file__
    assert any("pytest" in file for file in files[1:])
