"""Calls of the gateway side by side, in threads: each spends its time waiting for an answer."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from carillon.adapters.gateway_http import HttpGateway
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply
from carillon.policy.retry import LAST_CALL_BEFORE_END
from carillon.ports import Clock


@dataclass(frozen=True, slots=True)
class ParallelCalls:
    """Makes calls in as many threads as `threads` has; it lives as long as the process."""

    gateway: HttpGateway
    clock: Clock
    threads: ThreadPoolExecutor

    def make(
        self, calls: Sequence[tuple[GatewayCall, datetime]]
    ) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call and end it by its instant; yields (index, outcome) in groups."""
        running: dict[Future[GatewayOutcome], int] = {
            self.threads.submit(self._one, call, until): index
            for index, (call, until) in enumerate(calls)
        }
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            yield [(running.pop(future), future.result()) for future in ended]

    def _one(self, call: GatewayCall, until: datetime) -> GatewayOutcome:
        left = until - self.clock.now()
        if left < LAST_CALL_BEFORE_END:
            return NoReply(
                cause="not_called", handed_over=False, detail="no time left", duration_s=0.0
            )
        return self.gateway.send(call, budget_s=left.total_seconds())
