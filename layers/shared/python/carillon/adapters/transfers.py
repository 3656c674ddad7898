"""HTTP side by side: one thread makes many transfers, and each of them ends in its time.

libcurl does in C, without Python's lock, what costs the most: names, connections that are kept, TLS
and reading answers. A call takes a sixth of the processor time that it takes with urllib3 in a
thread of its own.
"""

import time
from concurrent.futures import Future
from threading import Lock

import certifi

from carillon.adapters.curl_slot import Ended
from carillon.adapters.transfer_loop import Begin, Task, TransferLoop

IDLE_MAX_S = 4
"""A kept connection that rested longer is not used again. Servers close theirs after 5 s (Node,
uvicorn, Hypercorn) to 75 s (nginx), and a request written into that moment has an unknown fate."""


class Transfers:
    """Makes transfers, up to `at_once` at a time, over connections that it keeps. Safe in threads.

    Nothing is asked twice, redirects are not followed, cookies are not kept, and the environment's
    proxies and passwords are not used. Certificates are verified against `ca_file`, by default
    certifi's authorities. All is made at the first transfer: a snapshot of the process before it
    holds no connection and no random numbers, which its copies would share.
    """

    def __init__(
        self, *, at_once: int, ca_file: str | None = None, idle_max_s: int = IDLE_MAX_S
    ) -> None:
        self._at_once = at_once
        self._ca_file = ca_file
        self._idle_max_s = idle_max_s
        self._lock = Lock()
        self._loop: TransferLoop | None = None

    def submit(self, begin: Begin, *, after_s: float = 0.0) -> Future[Ended]:
        """Make a transfer once so many seconds are over and a place is free.

        Its time is counted from there: waiting for its turn takes nothing of it.
        """
        task = Task(time.monotonic() + after_s, begin, Future())
        with self._lock:
            if self._loop is None or not self._loop.take(task):
                self._loop = self._started()
                self._loop.take(task)
        return task.ended

    def close(self) -> None:
        """Cut what is under way, and close the kept connections."""
        with self._lock:
            if self._loop is not None:
                self._loop.stop()

    def _started(self) -> TransferLoop:
        ca_file = self._ca_file or certifi.where()
        return TransferLoop(self._at_once, ca_file=ca_file, idle_max_s=self._idle_max_s)
