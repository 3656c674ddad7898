"""Each minute: give out again whatever is due, in case a hint was lost.

The index `due` holds every mailing, slice and wave at the next time something must happen to it,
and each leaves it only when that is verified done. So a lost schedule, an emptied queue or a
crash between two steps costs a minute or two, never the work.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from carillon.models.commands import Advance, Command, Release, RunSlice
from carillon.models.mailing import DueItem, Mailing, Slice, Wave
from carillon.ports import Clock, Commands, Mailings
from carillon.usecases.delays import queue_delay_s

AHEAD = timedelta(seconds=70)
"""The tick comes each minute, give or take: what is due before the next is sent with a delay, so
that waves open to the second."""

ITEMS_MAX = 5000
"""Of one tick; what is left over is the first of the next."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """Works `Tick` commands."""

    mailings: Mailings
    commands: Commands
    clock: Clock

    def tick(self) -> None:
        """Send a command for everything that is due by the next tick."""
        now = self.clock.now()
        by_delay: dict[int, list[Command]] = defaultdict(list)
        for item in islice(self.mailings.due(now + AHEAD), ITEMS_MAX):
            command = _command(item, now)
            if command is not None and item.due_at is not None:
                by_delay[queue_delay_s(item.due_at, now)].append(command)
        for delay_s, commands in by_delay.items():
            self.commands.send(commands, delay_s=delay_s)


def _command(item: DueItem, now: datetime) -> Command | None:
    """What brings this item on; None for what needs nothing yet."""
    match item:
        case Mailing(id=mailing_id, due_at=datetime() as at):
            return Advance(mailing_id=mailing_id, at=at)
        case Slice(mailing_id=mailing_id, number=number, due_at=datetime() as at) if at <= now:
            return RunSlice(mailing_id=mailing_id, number=number)
        case Wave(mailing_id=mailing_id, opens_at=opens_at):
            return Release(mailing_id=mailing_id, at=opens_at)
        case _:
            return None
