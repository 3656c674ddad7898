"""A sender's breaker: remembers how its gateway does, and whom it spares.

What is spared counts as no attempt: nothing is claimed, and the record is rung again.
"""

import logging
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carillon.models.measures import BREAKER_OPENED
from carillon.policy.breaker import Breaker, Closed, Open, after_answer, let_through
from carillon.ports import Chance, Clock, Measures
from carillon.usecases.delays import queue_delay_s

logger = logging.getLogger(__name__)

SPREAD = 2
"""What is spared comes back spread over so many pauses from the next probe on: by then it is known
how the probe went, and a whole backlog does not return in one second."""


@dataclass(slots=True)
class SenderBreaker:
    """One for each sender process; it begins closed."""

    clock: Clock
    chance: Chance
    measures: Measures
    _state: Breaker = field(default_factory=Closed)

    @property
    def open_until(self) -> datetime | None:
        """When it lets the next probe through; None while it is closed."""
        return self._state.probe_at if isinstance(self._state, Open) else None

    def passing(self, waiting: Sequence[Hashable]) -> int:
        """How many of these, from the first on, may be called for: all, one as a probe, or none."""
        if not waiting or isinstance(self._state, Closed):
            return len(waiting)
        self._state, probes = let_through(
            self._state, waiting[0], now=self.clock.now(), jitter=self.chance.fraction()
        )
        return int(probes)

    def delay_s(self) -> int:
        """For how long one that is spared is put off."""
        if isinstance(self._state, Closed):
            return 0
        now = self.clock.now()
        spread_s = SPREAD * self._state.pause_s * self.chance.fraction()
        return queue_delay_s(self._state.probe_at + timedelta(seconds=spread_s), now)

    def note(self, about: Hashable, *, trouble: bool) -> None:
        """The call for `about` was answered, or not."""
        before = self._state
        self._state = after_answer(
            before, about, trouble=trouble, now=self.clock.now(), jitter=self.chance.fraction()
        )
        match before, self._state:
            case Closed(), Open(pause_s):
                logger.warning("breaker opened", extra={"pause_s": pause_s})
                self.measures.add(BREAKER_OPENED)
            case Open(), Closed():
                logger.info("breaker closed")
