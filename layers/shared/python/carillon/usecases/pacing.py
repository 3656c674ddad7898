"""The pace of the gateway, shared by all senders through one item: slots given out, and slowing.

A slot is reserved before the claim and costs nothing but itself when it is not used. Senders race
for the item; the one that loses reads it again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.errors import LostRace, Unavailable
from carillon.models.measures import PACE_AHEAD, PACE_SLOWED, PARTS_GRANTED
from carillon.policy.pace import HALVED_AT_MOST_EVERY, Slots, give_out, slowed, taken
from carillon.ports import Chance, Clock, Doorbells, Measures, PaceTable
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.races import RACES_MAX, again_on_lost_race

logger = logging.getLogger(__name__)

CROWDED = timedelta(seconds=1)
"""Who lost every race for a slot asks again after so long, when the batches of now are through."""

BACKLOG_AGE_MAX = timedelta(seconds=5)
"""How long the number of waiting records is remembered; SQS itself is up to a minute behind."""


@dataclass(slots=True)
class Pacing:
    """Gives out slots at `parts_per_s`, and less after the gateway asked for less."""

    table: PaceTable
    doorbells: Doorbells
    clock: Clock
    chance: Chance
    parts_per_s: float
    measures: Measures
    _backlog: tuple[int, datetime] | None = None
    _slowed_at: datetime | None = None

    def reserve(self, parts: Sequence[int]) -> Slots:
        """Slots for as many of these messages as begin soon, in order; `parts` of each."""
        for _ in range(RACES_MAX):
            state, now = self.table.read(), self.clock.now()
            slots = give_out(state, parts, parts_per_s=self.parts_per_s, now=now)
            try:
                if slots.begin_at:
                    self.table.replace(state, taken(state, slots, token=self.chance.new_id()))
            except LostRace:
                continue
            self._measure(slots, parts, now)
            return slots
        return Slots((), free_at=self.clock.now() + CROWDED)

    def delay_s(self, free_at: datetime, parts: int) -> int:
        """For how long a message of so many parts is put off that got no slot.

        Uniform between the next free slot and the time that the whole backlog takes, if it is made
        of such messages. So they come back about as fast as slots come free, however many wait: a
        million of them do not circle every few seconds, and the last few do not sleep for 15
        minutes, which is the most that a queue holds a record back.
        """
        now = self.clock.now()
        soonest = free_at - now
        latest = max(soonest, timedelta(seconds=self._waiting() * parts / self.parts_per_s))
        return queue_delay_s(now + soonest + (latest - soonest) * self.chance.fraction(), now)

    def slow(self) -> None:
        """The gateway asked for less; where that cannot be written down, it will ask again."""
        now = self.clock.now()
        if self._slowed_at is not None and now - self._slowed_at < HALVED_AT_MOST_EVERY:
            return
        self._slowed_at = now
        try:
            again_on_lost_race(self._slow)
        except (LostRace, Unavailable) as error:
            logger.warning("pace not slowed", extra={"error": type(error).__name__})

    def _slow(self) -> None:
        state, now = self.table.read(), self.clock.now()
        slower = slowed(state, now=now, token=self.chance.new_id())
        if slower is not None:
            self.table.replace(state, slower)
            logger.warning("pace slowed", extra={"share": round(slower.slowed_to, 3)})
            self.measures.add(PACE_SLOWED)

    def _measure(self, slots: Slots, parts: Sequence[int], now: datetime) -> None:
        ahead = max(timedelta(0), slots.free_at - now)
        self.measures.add(PACE_AHEAD, round(ahead.total_seconds() * 1000))
        if slots.begin_at:
            self.measures.add(PARTS_GRANTED, sum(parts[: len(slots.begin_at)]))

    def _waiting(self) -> int:
        now = self.clock.now()
        if self._backlog is None or now - self._backlog[1] > BACKLOG_AGE_MAX:
            self._backlog = (self.doorbells.waiting(), now)
        return self._backlog[0]
