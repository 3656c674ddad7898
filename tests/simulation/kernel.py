"""Virtual time and processes: everything that happens, happens here, one thing at a time.

A process is a greenlet that runs until it waits; the kernel then goes on with whatever is earliest.
So two invocations interleave at every call of a port, in an order that the seed alone decides.
"""

import heapq
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from greenlet import GreenletExit, getcurrent, greenlet

from carillon.errors import CarillonError


class Killed(GreenletExit):
    """The process ends here, as by kill -9: no `except` of the code under test sees it."""


class Process(greenlet):
    """One invocation. `met` counts what it met that was more than a delay; each of its calls takes
    5 ms, and from the `slow_from`-th on `slow_s`."""

    met: int = 0
    calls: int = 0
    slow_from: int = 0
    slow_s: float = 0.005
    returned: bool = False

    def next_call_s(self) -> float:
        """How long its next call takes."""
        self.calls += 1
        return self.slow_s if self.calls > self.slow_from else 0.005


class WorldClock:
    """The port `Clock` of whoever's clock is right."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self) -> datetime:
        return self.moment


class Kernel:
    """The heap of what is to happen."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.dice = random.Random(seed)
        self.clock = WorldClock(start)
        self.steps = 0
        self._numbers = count()
        self._heap: list[tuple[datetime, int, Callable[[], object]]] = []
        self._main = getcurrent()

    def now(self) -> datetime:
        """The world's time."""
        return self.clock.moment

    def at(self, moment: datetime, action: Callable[[], object]) -> None:
        """Have `action` happen at `moment`, or now if that is past."""
        heapq.heappush(self._heap, (max(moment, self.now()), next(self._numbers), action))

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Have `action` happen in so many seconds."""
        self.at(self.now() + timedelta(seconds=seconds), action)

    def run_process(
        self,
        body: Callable[[], object],
        *,
        timeout_s: float,
        timed_out: Callable[[], object] = lambda: None,
        ended: Callable[[Process], object] = lambda _: None,
    ) -> None:
        """A new process, killed after `timeout_s`; `ended` is told when it is over, however."""
        over = False

        def whole() -> None:
            nonlocal over
            try:
                body()
                process.returned = True
            except CarillonError:
                pass  # the invocation failed, and whoever invoked it does so again
            finally:
                over = True
                self.after(0, lambda: ended(process))

        def time_is_up() -> None:
            if not over:
                process.met += 1
                timed_out()
                process.throw(Killed)

        process = Process(whole, parent=self._main)
        self.after(0, process.switch)
        self.after(timeout_s, time_is_up)

    def sleep(self, seconds: float) -> None:
        """The calling process waits; the rest of the world goes on."""
        self.sleep_until(self.now() + timedelta(seconds=seconds))

    def sleep_until(self, moment: datetime) -> None:
        """The calling process waits for `moment`."""
        process = getcurrent()
        self.at(moment, lambda: None if process.dead else process.switch())
        self._main.switch()

    def process(self) -> Process | None:
        """Who is running; None while the world itself acts."""
        present = getcurrent()
        return present if isinstance(present, Process) else None

    def calling(self) -> Process:
        """Who is running, where only a process can be."""
        present = getcurrent()
        if not isinstance(present, Process):
            raise AssertionError("the world itself does not call")
        return present

    def run(self, until: datetime, steps_max: int) -> None:
        """Let things happen until that time, or fail when they never end."""
        while self._heap and self._heap[0][0] <= until:
            moment, _, action = heapq.heappop(self._heap)
            self.clock.moment = moment
            self.steps += 1
            if self.steps > steps_max:
                raise AssertionError(f"no end in sight after {steps_max} steps, at {moment}")
            action()
        self.clock.moment = until
