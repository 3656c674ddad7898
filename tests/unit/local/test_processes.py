"""Processes are recognised by number and birth, ended politely, and killed only then."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local.errors import StepFailed
from local.processes import Child, Identity, last_lines, wait_until, with_argument_under

OBEDIENT = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + OBEDIENT
LIMIT_S = 10.0


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Child]]:
    """Children that a test started; whatever is left of them is killed afterwards."""
    children: list[Child] = []
    yield children
    for child in children:
        child.kill_with_children()


def start(children: list[Child], folder: Path, program: str, *arguments: str) -> Child:
    child = Child(
        "example",
        [sys.executable, "-c", program, *arguments],
        log=folder / "example.log",
        record=folder / "example.json",
        environment={"PATH": os.defpath},
    )
    children.append(child)
    return child


def is_up(folder: Path) -> bool:
    return "up" in (folder / "example.log").read_text()


def test_a_child_is_known_from_its_record(started: list[Child], tmp_path: Path) -> None:
    child = start(started, tmp_path, OBEDIENT)
    recorded = Identity.load(tmp_path / "example.json")
    assert recorded is not None
    assert recorded.pid == child.pid
    assert recorded.is_alive()


def test_a_number_that_was_given_to_somebody_else_is_not_ours(
    started: list[Child], tmp_path: Path
) -> None:
    child = start(started, tmp_path, OBEDIENT)
    ours = Identity.of(child.pid)
    assert ours is not None
    stranger = replace(ours, began="another moment")

    stranger.end(limit_s=LIMIT_S)

    assert not stranger.is_alive()
    assert ours.is_alive()


def test_stopping_ends_the_child_and_forgets_its_record(
    started: list[Child], tmp_path: Path
) -> None:
    child = start(started, tmp_path, OBEDIENT)
    child.stop()
    assert child.has_ended()
    assert Identity.load(tmp_path / "example.json") is None


def test_a_process_that_ignores_the_signal_is_killed(started: list[Child], tmp_path: Path) -> None:
    child = start(started, tmp_path, DEAF)
    assert wait_until(lambda: is_up(tmp_path), limit_s=LIMIT_S)
    identity = Identity.of(child.pid)
    assert identity is not None

    identity.end(limit_s=0.3)

    assert not identity.is_alive()


def test_a_failed_child_tells_the_end_of_its_log(started: list[Child], tmp_path: Path) -> None:
    child = start(started, tmp_path, "print('what went wrong'); raise SystemExit(3)")
    with pytest.raises(StepFailed, match=r"(?s)example\.log.*what went wrong"):
        child.finish(meanwhile=lambda _line: None)


def test_processes_are_found_by_a_path_among_their_arguments(
    started: list[Child], tmp_path: Path
) -> None:
    child = start(started, tmp_path, OBEDIENT, f"{tmp_path}/scratch/worker.py")
    assert wait_until(lambda: is_up(tmp_path), limit_s=LIMIT_S)

    assert [found.pid for found in with_argument_under(tmp_path / "scratch")] == [child.pid]
    assert with_argument_under(tmp_path / "scr") == []
    assert with_argument_under(tmp_path, name="scratch/w") != []
    assert with_argument_under(tmp_path, name="scratch/x") == []


def test_a_killed_process_has_no_say_in_it(started: list[Child], tmp_path: Path) -> None:
    child = start(started, tmp_path, DEAF)
    assert wait_until(lambda: is_up(tmp_path), limit_s=LIMIT_S)
    identity = Identity.of(child.pid)
    assert identity is not None

    assert identity.kill()
    assert wait_until(lambda: not identity.is_alive(), limit_s=LIMIT_S)
    assert not identity.kill()


def test_the_last_lines_of_a_log_are_read(tmp_path: Path) -> None:
    log = tmp_path / "some.log"
    log.write_text("".join(f"line {number}\n" for number in range(10_000)))
    assert last_lines(log, 2) == "line 9998\nline 9999"
