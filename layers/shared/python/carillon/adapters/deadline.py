"""The one deadline of a gateway call, how far the call came, and looking names up within it."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from enum import Enum, auto
from threading import Lock, Thread
from typing import Any

Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]
LookUp = Callable[[str, int], list[Address]]


def system_look_up(host: str, port: int, flags: int = 0) -> list[Address]:
    """The addresses of a host as the system finds them; it may take half a minute."""
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags))


class Phase(Enum):
    """How far a call came."""

    NOT_BEGUN = auto()
    LOOKING_UP = auto()
    CONNECTING = auto()
    SECURING = auto()
    READY = auto()
    HANDED_OVER = auto()


class Names:
    """Looks names up within a call's time.

    `getaddrinfo` cannot be interrupted, so it runs in a thread of its own and may be abandoned.
    Callers who ask for the same name meanwhile share that thread: a dead name server holds one
    thread, not one per call.
    """

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up
        self._lock = Lock()
        self._running: dict[tuple[str, int], Future[list[Address]]] = {}

    def addresses(self, host: str, port: int, *, timeout_s: float) -> list[Address]:
        """Addresses in the order to try; OSError (also TimeoutError) or ValueError."""
        with suppress(socket.gaierror):  # It is a name, not an address.
            return system_look_up(host, port, flags=socket.AI_NUMERICHOST)
        with self._lock:
            future = self._running.get((host, port))
            if future is None:
                future = Future()
                Thread(target=self._run, args=(host, port, future), daemon=True).start()
                self._running[host, port] = future
        return future.result(timeout=timeout_s)

    def _run(self, host: str, port: int, future: Future[list[Address]]) -> None:
        try:
            found = self._look_up(host, port)
        except (OSError, ValueError) as error:
            self._forget(host, port)
            future.set_exception(error)
        else:
            self._forget(host, port)
            future.set_result(found)

    def _forget(self, host: str, port: int) -> None:
        with self._lock:
            del self._running[host, port]


class Call:
    """One call's deadline and progress, and how long its connection may have rested before."""

    def __init__(self, budget_s: float, *, names: Names, idle_max_s: float) -> None:
        self.names = names
        self.idle_max_s = idle_max_s
        self.phase = Phase.NOT_BEGUN
        self.timed_out = False
        self._begun = time.monotonic()
        self._deadline = self._begun + budget_s

    @contextmanager
    def in_charge(self) -> Iterator[None]:
        """Rule every deadline socket that this thread touches meanwhile."""
        before = current_call.set(self)
        try:
            yield
        finally:
            current_call.reset(before)

    def spent_s(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._begun

    def left_s(self) -> float:
        """Seconds left, always more than none; TimeoutError when the time is over."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            self.timed_out = True
            raise TimeoutError("the call's time is over")
        return left


current_call: ContextVar[Call] = ContextVar("current gateway call")
