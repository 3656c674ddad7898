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
from tests.fakes.system import FakeClock


class Killed(GreenletExit):
    """The process ends here, as by kill -9: no `except` of the code under test sees it."""


class Kernel:
    """The heap of what is to happen."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.dice = random.Random(seed)
        self.clock = FakeClock(start)
        self.steps = 0
        self._numbers = count()
        self._heap: list[tuple[datetime, int, Callable[[], object]]] = []
        self._main = getcurrent()

    def now(self) -> datetime:
        """The world's time."""
        return self.clock.now()

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
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        """A new process, killed after `timeout_s`; `ended` is told when it is over, however."""
        over = False

        def whole() -> None:
            nonlocal over
            try:
                body()
            except CarillonError:
                pass  # the invocation failed, and whoever invoked it does so again
            finally:
                over = True
                self.after(0, ended)

        process = greenlet(whole, parent=self._main)
        self.after(0, process.switch)
        self.after(timeout_s, lambda: None if over else process.throw(Killed))

    def sleep(self, seconds: float) -> None:
        """The calling process waits; the rest of the world goes on."""
        self.sleep_until(self.now() + timedelta(seconds=seconds))

    def sleep_until(self, moment: datetime) -> None:
        """The calling process waits for `moment`."""
        process = getcurrent()
        self.at(moment, lambda: None if process.dead else process.switch())
        self._main.switch()

    def run(self, until: datetime, steps_max: int) -> None:
        """Let things happen until that time, or fail when they never end."""
        while self._heap and self._heap[0][0] <= until:
            moment, _, action = heapq.heappop(self._heap)
            self.clock.set(moment)
            self.steps += 1
            if self.steps > steps_max:
                raise AssertionError(f"no end in sight after {steps_max} steps, at {moment}")
            action()
        self.clock.set(until)
