"""The thread that drives transfers: it waits for all of their sockets and moments at once.

libcurl says which those are (https://curl.se/libcurl/c/curl_multi_socket_action.html).
"""

import heapq
import itertools
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import pycurl

from carillon.adapters.curl_slot import CurlSlot, Ended, Request
from carillon.models.gateway import NoReply

DIED_S = 1.05
"""How long no kept connection is used after one was closed by the other side: curl looks at them
once a second, and only then throws out those that are dead."""

Begin = Callable[[], Request | NoReply]
"""Asked when its turn has come: what to ask for, or what came of it without asking."""

_RESTS = "rests"


@dataclass(frozen=True, slots=True)
class Task:
    """A transfer to make at this moment of `time.monotonic` or soon after, and who waits for it."""

    due_at: float
    begin: Begin
    ended: Future[Ended]


class TransferLoop:
    """The thread: waits until a socket, curl's timer, a task or a deadline wants something."""

    def __init__(self, at_once: int, *, ca_file: str, idle_max_s: int) -> None:
        self._inbox: SimpleQueue[Task | None] = SimpleQueue()
        self._is_open = True
        self._lock = Lock()
        self._free = [
            CurlSlot(ca_file=ca_file, idle_max_s=idle_max_s, on_socket=self._forget)
            for _ in range(at_once)
        ]
        self._busy: dict[pycurl.Curl, tuple[CurlSlot, Task]] = {}
        self._numbers = itertools.count()
        self._waiting: list[tuple[float, int, Task]] = []
        self._deadlines: list[tuple[float, int, CurlSlot]] = []
        self._timer_at: float | None = None
        self._fresh_until = 0.0
        self._bell, self._rope = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, at_once)
        self._thread = Thread(target=self._run, name="transfers", daemon=True)
        self._thread.start()

    def take(self, task: Task | None) -> bool:
        """Take on a task, None for the end; False when the thread takes none any more."""
        with self._lock:
            if self._is_open:
                self._inbox.put(task)
                self._rope.send(b"!")
            return self._is_open

    def stop(self) -> None:
        """End the thread."""
        self.take(None)
        self._thread.join()

    def _run(self) -> None:
        error: BaseException = RuntimeError("the transfers were closed")
        try:
            while self._turn():
                pass
        except BaseException as unforeseen:
            error = unforeseen
        self._end(error)

    def _turn(self) -> bool:
        """Do what is to be done after one wait; False at the end."""
        goes_on = True
        for key, events in self._selector.select(self._patience_s()):
            if self._selector.get_map().get(key.fd) is not key:
                continue  # what came before has changed it
            if key.fileobj is self._bell:
                self._bell.recv(4096)
                goes_on = self._empty_inbox()
            elif key.data == _RESTS:
                self._selector.unregister(key.fd)
                self._fresh_until = time.monotonic() + DIED_S
            else:
                self._multi.socket_action(key.fd, events)  # the selector's flags are curl's
        if self._timer_at is not None and self._timer_at <= time.monotonic():
            self._timer_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._collect()
        self._cut_overdue()
        self._begin_due()
        return goes_on

    def _patience_s(self) -> float | None:
        while self._deadlines and self._deadlines[0][1] != self._deadlines[0][2].number:
            heapq.heappop(self._deadlines)  # it ended in time
        moments = [self._timer_at, *(each[0] for each in self._deadlines[:1])]
        if self._free:
            moments += [each[0] for each in self._waiting[:1]]
        known = [each for each in moments if each is not None]
        return max(min(known) - time.monotonic(), 0) if known else None

    def _empty_inbox(self) -> bool:
        try:
            while (task := self._inbox.get_nowait()) is not None:
                heapq.heappush(self._waiting, (task.due_at, next(self._numbers), task))
        except Empty:
            return True
        return False

    def _begin_due(self) -> None:
        while self._free and self._waiting and self._waiting[0][0] <= time.monotonic():
            task = heapq.heappop(self._waiting)[2]
            try:
                request = task.begin()
            except Exception as error:  # theirs, not ours
                task.ended.set_exception(error)
                continue
            if isinstance(request, NoReply):
                task.ended.set_result(request)
            else:
                self._begin(request, task)

    def _begin(self, request: Request, task: Task) -> None:
        slot, number = self._free.pop(), next(self._numbers)
        self._busy[slot.handle] = slot, task
        try:
            slot.load(request, number, fresh=time.monotonic() < self._fresh_until)
        except ValueError as error:
            self._release(slot, NoReply("connect", False, str(error), 0.0))
            return
        heapq.heappush(self._deadlines, (slot.deadline, number, slot))
        self._multi.add_handle(slot.handle)

    def _collect(self) -> None:
        """Tell those who wait what the transfers have come to that curl is done with."""
        left = 1
        while left:
            left, answered, failed = self._multi.info_read()
            for handle in answered:
                slot = self._busy[handle][0]
                self._end_of(slot, slot.answer())
            for handle, code, _ in failed:
                slot = self._busy[handle][0]
                self._end_of(slot, slot.failure(code))

    def _cut_overdue(self) -> None:
        while self._deadlines and self._deadlines[0][0] <= time.monotonic():
            _, number, slot = heapq.heappop(self._deadlines)
            if slot.number == number:
                self._end_of(slot, slot.cut())

    def _end_of(self, slot: CurlSlot, ended: Ended) -> None:
        self._multi.remove_handle(slot.handle)
        self._release(slot, ended)

    def _release(self, slot: CurlSlot, ended: Ended) -> None:
        _, task = self._busy.pop(slot.handle)
        slot.number = -1
        self._free.append(slot)
        task.ended.set_result(ended)

    def _watch(self, events: int, fd: int, _multi: object, _data: object) -> None:
        """Called by curl: what of a socket it waits for.

        Nothing, where a connection rests. We do: whatever such a one says is that it is over.
        """
        rests = events == pycurl.POLL_REMOVE
        if fd in self._selector.get_map():
            if rests:
                self._selector.modify(fd, selectors.EVENT_READ, _RESTS)
            else:
                self._selector.modify(fd, events)
        elif not rests:
            self._selector.register(fd, events)

    def _forget(self, fd: int) -> None:
        """A new socket has the number of one that was closed."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def _set_timer(self, timeout_ms: int) -> None:
        """Called by curl: when it wants to be called whatever happens; -1 for never."""
        self._timer_at = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def _end(self, error: BaseException) -> None:
        """Nobody may wait for an answer that nobody reads."""
        with self._lock:
            self._is_open = False
        self._empty_inbox()
        for task in (
            *(each for _, each in self._busy.values()),
            *(each[2] for each in self._waiting),
        ):
            task.ended.set_exception(error)
        self._multi.close()
        self._selector.close()
        self._bell.close()
        self._rope.close()
