"""Calls of the gateway side by side, in threads: each spends its time waiting for an answer."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from carillon.adapters.gateway_http import HttpGateway
from carillon.models.gateway import GatewayOutcome, NoReply, PlannedCall
from carillon.policy.retry import may_begin
from carillon.ports import Clock


@dataclass(frozen=True, slots=True)
class ParallelCalls:
    """Makes calls in as many threads as `threads` has; it lives as long as the process.

    A thread waits for its call's time with `pause`, which is given seconds.
    """

    gateway: HttpGateway
    clock: Clock
    threads: ThreadPoolExecutor
    pause: Callable[[float], None] = time.sleep

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call within its times; yields (index, outcome) in groups as they end."""
        running: dict[Future[GatewayOutcome], int] = {
            self.threads.submit(self._one, planned): index for index, planned in enumerate(calls)
        }
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            yield [(running.pop(future), future.result()) for future in ended]

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
