"""Calls of the gateway side by side, in threads: each spends its time waiting for an answer."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from carillon.adapters.gateway_http import HttpGateway
from carillon.models.gateway import GatewayOutcome, NoReply, PlannedCall
from carillon.policy.retry import may_begin
from carillon.ports import Clock

GATHER_S = 0.1
"""How long the first answer of a group waits for others, so that they are written down together: a
write of 25 takes hardly longer than one of a single answer. A sender that dies meanwhile leaves
these attempts unconfirmed, as it does those whose answers are still under way."""


@dataclass(frozen=True, slots=True)
class ParallelCalls:
    """Makes calls in as many threads as `threads` has; it lives as long as the process.

    A thread waits for its call's time with `pause`, which is given seconds. The first answer of a
    group waits `gather_s` for others.
    """

    gateway: HttpGateway
    clock: Clock
    threads: ThreadPoolExecutor
    pause: Callable[[float], None] = time.sleep
    gather_s: float = GATHER_S

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call within its times; yields (index, outcome) in groups as they end."""
        ended: SimpleQueue[Future[GatewayOutcome]] = SimpleQueue()
        running: dict[Future[GatewayOutcome], int] = {}
        for index, planned in enumerate(calls):
            future = self.threads.submit(self._one, planned)
            running[future] = index
            future.add_done_callback(ended.put)
        while running:
            group = _gathered(ended, at_most=len(running), within_s=self.gather_s)
            yield [(running.pop(future), future.result()) for future in group]

    def _one(self, planned: PlannedCall) -> GatewayOutcome:
        wait = planned.not_before - self.clock.now()
        if wait.total_seconds() > 0:
            self.pause(wait.total_seconds())
        now = self.clock.now()
        if not may_begin(planned, now):
            return NoReply(
                cause="not_called", handed_over=False, detail="no time left", duration_s=0.0
            )
        # Its time is counted from here: waiting for its turn takes nothing of it.
        return self.gateway.send(planned.call, budget_s=(planned.until - now).total_seconds())


def _gathered(
    ended: SimpleQueue[Future[GatewayOutcome]], *, at_most: int, within_s: float
) -> list[Future[GatewayOutcome]]:
    """The next that ends, however late, and those that end soon after it."""
    group = [ended.get()]
    until = time.monotonic() + within_s
    while len(group) < at_most:
        try:
            group.append(ended.get(timeout=max(until - time.monotonic(), 0)))
        except Empty:
            break
    return group
