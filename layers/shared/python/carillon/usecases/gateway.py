"""How the gateway does, for a person who looks: from what all senders wrote down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.conduct import Conduct, Trouble
from carillon.policy.health import MINUTE, Health, breaker_until, health, last_trouble
from carillon.policy.pace import share
from carillon.ports import Clock, GatewayJournal, PaceTable

SHOWN = timedelta(minutes=60)
"""API contract."""


@dataclass(frozen=True, slots=True)
class GatewayState:
    """What was known of it `at` a moment.

    `parts_per_s` is the full pace, None for none, and `share` what is left of it.
    """

    at: datetime
    health: Health
    breaker_until: datetime | None
    parts_per_s: float | None
    share: float
    trouble: Trouble | None
    minutes: tuple[tuple[datetime, Conduct], ...]


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """What an operator sees of the gateway; it follows the calls within a batch's time."""

    journal: GatewayJournal
    pace: PaceTable
    clock: Clock
    parts_per_s: float | None

    def look(self, back: timedelta = SHOWN) -> GatewayState:
        """The last hour, or less, minute by minute, and what follows from it."""
        now = self.clock.now()
        last = now.replace(second=0, microsecond=0)
        minutes = self.journal.read([last - n * MINUTE for n in range(back // MINUTE)])
        return GatewayState(
            at=now,
            health=health(minutes, now),
            breaker_until=breaker_until(minutes, now),
            parts_per_s=self.parts_per_s,
            share=1.0 if self.parts_per_s is None else share(self.pace.read(), now),
            trouble=last_trouble(minutes),
            minutes=tuple(sorted(minutes.items())),
        )
