"""Where a process spends its CPU time: every thread's own clock, read every few milliseconds.

A thread that waits for an answer uses no CPU, so its clock stands still and it is not counted,
however long it waits. What a thread did use since it was looked at last is put down to what it is
doing now. Nothing but Python's standard library is needed, and no rights over other processes.

Runs where threads have clocks of their own: on Linux and the BSDs, not on macOS.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import FrameType, TracebackType
from typing import Generic, Self, TypeVar

from benchmarks.repeating import Repeating

EVERY_S = 0.002
SWITCH_S = 0.0005
"""How long a thread keeps the interpreter from the sampler; Python's own 5 ms are too coarse."""

K = TypeVar("K")


def is_possible() -> bool:
    """Whether this system's threads have clocks that can be read."""
    return hasattr(time, "pthread_getcpuclockid")


class Sampling(Generic[K]):
    """CPU seconds by whatever `name` calls a stack; its argument is the innermost frame."""

    def __init__(self, name: Callable[[FrameType], K]) -> None:
        """Nothing is looked at yet."""
        self._name = name
        self._used: defaultdict[K, float] = defaultdict(float)
        self._clocks: dict[int, int] = {}
        self._seen: dict[int, float] = {}
        look = partial(self._look, count=True)
        self._sampler = Repeating(look, every_s=EVERY_S, name="sampling")
        self._switched_s = sys.getswitchinterval()

    @property
    def cpu_s(self) -> Mapping[K, float]:
        """CPU seconds by name."""
        return dict(self._used)

    def __enter__(self) -> Self:
        """Begin; what was used before does not count."""
        sys.setswitchinterval(SWITCH_S)
        self._look(count=False)
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Look a last time."""
        self._sampler.stop()
        self._look(count=True)
        sys.setswitchinterval(self._switched_s)

    def _look(self, *, count: bool) -> None:
        for thread, frame in sys._current_frames().items():
            if thread == self._sampler.thread.ident:
                continue
            with suppress(OSError):  # the thread ended meanwhile
                used = self._clock(thread)
                since = used - self._seen.get(thread, 0.0)
                self._seen[thread] = used
                if count and since > 0:
                    self._used[self._name(frame)] += since

    def _clock(self, thread: int) -> float:
        if thread not in self._clocks:
            self._clocks[thread] = time.pthread_getcpuclockid(thread)
        return time.clock_gettime(self._clocks[thread])
