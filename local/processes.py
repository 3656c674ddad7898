"""Processes that we start, and how any later shell recognises them as ours.

A process is known by its number together with the moment it began, so that a number which the
system gave to somebody else meanwhile is never touched.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local.errors import StepFailed
from local.places import PROJECT_ROOT

POLL_S = 0.05
# A process that ignores the polite signal this long is killed. Longer than the emulator needs to
# let its functions finish and to write its state.
STOP_LIMIT_S = 20.0
LOG_TAIL_LINES = 15

_PROC = Path("/proc")


@dataclass(frozen=True)
class Identity:
    """One process of this machine's life."""

    pid: int
    began: str

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The process that has this number now, or None."""
        began = _began(pid)
        return cls(pid, began) if began else None

    def is_alive(self) -> bool:
        return _began(self.pid) == self.began

    def end(self, *, limit_s: float = STOP_LIMIT_S) -> None:
        """Ask it to end, wait, and kill it when it does not."""
        for sign, patience_s in ((signal.SIGTERM, limit_s), (signal.SIGKILL, limit_s)):
            if self.is_alive():
                os.kill(self.pid, sign)
            if wait_until(lambda: not self.is_alive(), limit_s=patience_s):
                return

    def kill(self) -> bool:
        """End it at once, as a crash would; whether it was still there."""
        alive = self.is_alive()
        if alive:
            os.kill(self.pid, signal.SIGKILL)
        return alive

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Identity | None:
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None


class Child:
    """A program that runs beside us, with its output in a file and its record on disk."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        record: Path,
        environment: Mapping[str, str],
        folder: Path = PROJECT_ROOT,
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._name = name
        self._log = log
        self._record = record
        with log.open("ab") as output:
            # A session of its own: Ctrl-C reaches only us, and we stop things in order.
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        identity = Identity.of(self._process.pid)
        if identity is not None:
            identity.save(record)

    @property
    def pid(self) -> int:
        return self._process.pid

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def finish(self, *, meanwhile: Callable[[str], None]) -> None:
        """Wait for its end; `meanwhile` is given the log's last line again and again."""
        try:
            while not self.has_ended():
                meanwhile(last_lines(self._log, 1))
                time.sleep(POLL_S)
        except BaseException:
            self.kill_with_children()
            raise
        self._record.unlink(missing_ok=True)
        if self._process.returncode:
            raise self.failure("failed")

    def stop(self) -> None:
        """Ask it to end and wait; kill it when it does not."""
        if not self.has_ended():
            self._process.terminate()
            try:
                self._process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill_with_children()
        self._record.unlink(missing_ok=True)

    def kill_with_children(self) -> None:
        """End it and what it started, at once, as a crash of the machine would."""
        if not self.has_ended():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._record.unlink(missing_ok=True)

    def failure(self, what: str) -> StepFailed:
        return StepFailed(
            f"The {self._name} {what}", self._log, last_lines(self._log, LOG_TAIL_LINES)
        )


def wait_until(condition: Callable[[], bool], *, limit_s: float) -> bool:
    """Look again and again; whether it came true within the limit."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def last_lines(path: Path, count: int) -> str:
    """The end of a text file, of which only the last part is read."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 400 * count))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-count:])


def with_argument_under(folder: Path, *, name: str = "") -> list[Identity]:
    """Every process with a command-line argument inside `folder`, there below what begins so."""
    found = []
    for pid, arguments in _command_lines():
        if any(argument.startswith(f"{folder}/{name}") for argument in arguments):
            identity = Identity.of(pid)
            if identity is not None:
                found.append(identity)
    return found


def _began(pid: int) -> str | None:
    if not _PROC.joinpath("self").exists():
        return _ps("-o", "lstart=", "-p", str(pid)).strip() or None
    try:
        state, *rest = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # proc(5): the 22nd field is the start time in clock ticks after boot; `state` is the third.
    return None if state == "Z" else rest[18]


def _command_lines() -> list[tuple[int, list[str]]]:
    if not _PROC.joinpath("self").exists():
        rows = (line.split(maxsplit=1) for line in _ps("-axww", "-o", "pid=,args=").splitlines())
        return [(int(row[0]), row[1].split()) for row in rows if len(row) == 2]
    lines = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                raw = (entry / "cmdline").read_bytes()
            except OSError:
                continue  # ended meanwhile, or another user's
            lines.append((int(entry.name), raw.decode(errors="replace").split("\0")))
    return lines


def _ps(*options: str) -> str:
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=False).stdout
