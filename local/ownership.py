"""Who runs the stack of a folder: at most one process, and any shell can find and stop it."""

from __future__ import annotations

import fcntl
import os
from typing import IO

from local.errors import AlreadyRunning
from local.places import LocalPaths, Ports, is_taken
from local.processes import Identity, wait_until, with_argument_under

PORTS_FREE_LIMIT_S = 10.0


class Ownership:
    """Held while a stack runs. The system takes it back from a process that was killed."""

    def __init__(self, paths: LocalPaths) -> None:
        self._paths = paths
        self._lock: IO[str] | None = None

    def take(self, ports: Ports) -> None:
        """Become the owner, and end what a killed one left behind.

        Raises:
            AlreadyRunning: another process owns the stack.
        """
        records = self._paths.records
        records.mkdir(parents=True, exist_ok=True)
        lock = (records / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            owner = Identity.load(records / "owner.json")
            raise AlreadyRunning(owner.pid if owner else 0) from None
        self._lock = lock
        end_leftovers(self._paths)
        if me := Identity.of(os.getpid()):
            me.save(records / "owner.json")
        ports.save(records / "ports.json")

    def release(self) -> None:
        """Give it up, with nothing left running; harmless when it is not held."""
        if self._lock is not None:
            end_leftovers(self._paths)
            (self._paths.records / "owner.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def end_leftovers(paths: LocalPaths) -> int:
    """End what a killed stack left behind; how many processes those were.

    They are recognised by their records, functions by the scratch folder in their command line.
    """
    records = [paths.records / f"{name}.json" for name in ("deploy", "gateway", "emulator")]
    recorded = [Identity.load(record) for record in records]
    ended = 0
    for process in [*recorded, *with_argument_under(paths.emulator / "scratch")]:
        if process is not None and process.is_alive():
            process.end()
            ended += 1
    for record in records:
        record.unlink(missing_ok=True)
    return ended


def stop_running(paths: LocalPaths) -> bool:
    """Stop the stack of these paths from any shell; whether there was one."""
    owner_record = paths.records / "owner.json"
    owner = Identity.load(owner_record)
    was_running = owner is not None and owner.is_alive()
    if owner is not None:
        owner.end()
    was_running = bool(end_leftovers(paths)) or was_running
    owner_record.unlink(missing_ok=True)
    if was_running:
        ports = Ports.load(paths.records / "ports.json").named().values()
        wait_until(lambda: not any(map(is_taken, ports)), limit_s=PORTS_FREE_LIMIT_S)
    return was_running
