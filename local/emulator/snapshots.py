"""The emulated account on disk: whole at every moment, and at most five seconds old.

AWS keeps what it acknowledged. MiniStack writes its state only at a clean stop, service by
service, and leaves stream records out. Here the state is written every few seconds as one
generation, a folder with a file per service; `current` is a symbolic link that names the
generation to load and is replaced at once. A kill at any moment leaves the old generation or the
new one, never a mixture.

The periodic generation is written by a forked child: it sees the account frozen at one instant,
between two requests, while the emulator goes on serving.
"""

from __future__ import annotations

import asyncio
import copy
import fcntl
import gc
import json
import os
import shutil
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from local.emulator.stream_records import StreamRecords

# With less than a second for writing, a crash loses less than the five seconds that we promise.
INTERVAL_S = 4.0
# A child that takes longer hangs on a lock that some thread held at the fork; the next will not.
CHILD_LIMIT_S = 10.0
CHILD_POLL_S = 0.05
# Whoever waits for an answer comes first; well before the functions that work through a mailing, or
# a generation would take longer than CHILD_LIMIT_S.
CHILD_NICENESS = 5
STREAMS_FILE = "streams.json"
# Per log group, and enough to look back at some mailings. On AWS the log groups' retention bounds
# them; MiniStack would keep, and write, everything for ever.
LOG_EVENTS_KEPT = 20_000


class Snapshots:
    """Reads and writes the generations under `folder`."""

    def __init__(self, folder: Path) -> None:
        from ministack.services import dynamodb, lambda_svc

        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._current = self._folder / "current"
        self._lock = (self._folder / "lock").open("w")
        self._streams = StreamRecords(dynamodb, lambda_svc)

    def install(self) -> None:
        """Make MiniStack load from the current generation and save through this object.

        Waits for a child of a killed emulator, which may still be writing its last generation.
        """
        from ministack import app
        from ministack.core import persistence

        fcntl.flock(self._lock, fcntl.LOCK_EX)
        for leftover in self._generations():
            if leftover != self._loaded():
                shutil.rmtree(leftover)
        persistence.STATE_DIR = str(self._current)
        app.save_all = lambda _services: self.write()
        self._streams.install()
        streams = self._current / STREAMS_FILE
        if streams.exists():
            self._streams.restore(json.loads(streams.read_text()))

    async def write_periodically(self, changes: Callable[[], int]) -> None:
        """Write now and then, but only after `changes`, a count, has grown."""
        written = -1
        while True:
            await asyncio.sleep(INTERVAL_S)
            if (seen := changes()) != written:
                self._streams.forget_read()
                await self._write_in_child()
                written = seen

    def write(self) -> None:
        """Write one generation of the state as it is now and make it the current one."""
        from ministack import app
        from ministack.core import persistence
        from ministack.services import lambda_svc

        generation = self._folder / f"generation-{time.time_ns()}"
        generation.mkdir()
        referenced: set[str] = set()
        prune = lambda_svc._prune_orphan_code_blobs
        # Code that only the previous generation needs must outlive it.
        lambda_svc._prune_orphan_code_blobs = referenced.update
        try:
            for service, get_state in app._build_persistence_save_dict().items():
                state = get_state()
                if service == "cloudwatch_logs":
                    keep_newest_events(state["log_groups"])
                if state is not None:
                    self._write_file(
                        generation / f"{service}.json",
                        {
                            "__ministack_format__": persistence._state_format_version(service),
                            "payload": state,
                        },
                    )
            self._write_file(generation / STREAMS_FILE, self._streams.kept())
        finally:
            lambda_svc._prune_orphan_code_blobs = prune
        self._make_current(generation)
        prune(referenced)

    async def _write_in_child(self) -> None:
        with warnings.catch_warnings():
            # Python warns that a lock may be held in a forked child; CHILD_LIMIT_S is the answer.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            self._be_the_child()
        deadline = time.monotonic() + CHILD_LIMIT_S
        running = True
        try:
            while running and time.monotonic() < deadline:
                await asyncio.sleep(CHILD_POLL_S)
                running = os.waitpid(child, os.WNOHANG) == (0, 0)
        finally:
            if running:  # stuck, or overtaken by a stop, which writes a newer generation itself
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def _be_the_child(self) -> None:
        status = 1
        try:
            gc.disable()
            os.nice(CHILD_NICENESS)
            # Sockets stay with the parent: a connection that it closes must not live on here.
            os.closerange(3, self._lock.fileno())
            os.closerange(self._lock.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
            signal.set_wakeup_fd(-1)
            # This process is a copy already; what it does to the state nobody else sees.
            copy.deepcopy = _uncopied  # type: ignore[assignment]
            self.write()
            status = 0
        finally:
            os._exit(status)

    def _make_current(self, generation: Path) -> None:
        previous = self._loaded()
        link = self._folder / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(generation.name)
        link.replace(self._current)
        if previous is not None:
            shutil.rmtree(previous)

    def _generations(self) -> list[Path]:
        return list(self._folder.glob("generation-*"))

    def _loaded(self) -> Path | None:
        return self._current.resolve() if self._current.exists() else None

    @staticmethod
    def _write_file(path: Path, content: object) -> None:
        path.write_bytes(encoded(content))


def encoded(content: object) -> bytes:
    """As JSON, in MiniStack's own way of writing what JSON has no word for.

    A generation may hold a hundred thousand items and is written every few seconds beside the work
    that is measured; orjson takes a tenth of the processor time. It refuses what is no Unicode and
    integers of more than 64 bits; json does not.
    """
    from ministack.core import persistence

    try:
        return orjson.dumps(content, persistence._json_default, orjson.OPT_NON_STR_KEYS)
    except TypeError:
        return json.dumps(content, default=persistence._json_default).encode()


def _uncopied(value: object, _memo: object = None) -> object:
    return value


def keep_newest_events(log_groups: Any) -> None:
    """Shorten the saved log groups to their newest events, and forget streams left without any."""
    for group in log_groups._data.values():
        streams = group["streams"]
        room = LOG_EVENTS_KEPT
        for name in sorted(streams, key=lambda name: streams[name]["lastEventTimestamp"] or 0)[
            ::-1
        ]:
            events = streams[name]["events"]
            if room <= 0:
                del streams[name]
            elif len(events) > room:
                streams[name]["events"] = events[-room:]
            room -= len(events)
