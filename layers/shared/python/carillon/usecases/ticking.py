"""Each minute: give out again whatever is due, in case a hint was lost.

The index `due` holds every mailing, slice, wave and recount at the next time something must happen
to it, and each leaves it only when that is verified done. So a lost schedule, an emptied queue or a
crash between two steps costs a minute or two, never the work.

A running mailing is in the index as long as messages of it are due: while there is any, the tick
listens to the message queue. When it is silent now and a minute later, doorbells were lost, and
they are rung again. A mailing that only waits for its clients' hours is not looked at.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from carillon.models.commands import Advance, Command, Listen, Release, RunRecount, RunSlice
from carillon.models.mailing import DueItem, Mailing, Slice, Wave
from carillon.models.recount import Recount
from carillon.policy.steps import Later, Nothing, is_running, next_step
from carillon.ports import Clock, Commands, Doorbells, Mailings
from carillon.usecases.delays import queue_delay_s

AHEAD = timedelta(seconds=70)
"""The tick comes each minute, give or take: what is due before the next is sent with a delay, so
that waves open to the second."""

ITEMS_MAX = 5000
"""Of one tick, earliest first; what is left over is the first of the next. Mailings whose messages
are on their way count too, and stay: thousands of them at once would hide later items."""

LISTEN_AGAIN_S = 60
"""A queue's own numbers may lag by a minute (SQS, GetQueueAttributes): only a silence that lasts is
believed."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """Works `Tick` and `Listen` commands."""

    mailings: Mailings
    doorbells: Doorbells
    commands: Commands
    clock: Clock

    def tick(self) -> None:
        """Send a command for everything that is due by the next tick."""
        now = self.clock.now()
        by_delay: dict[int, list[Command]] = defaultdict(list)
        items = self._due(now + AHEAD)
        for item in items:
            command = _command(item, now)
            if command is not None and item.due_at is not None:
                by_delay[queue_delay_s(item.due_at, now)].append(command)
        for delay_s, commands in by_delay.items():
            self.commands.send(commands, delay_s=delay_s)
        if _sending(items, now) and not self.doorbells.waiting():
            self.commands.send([Listen()], delay_s=LISTEN_AGAIN_S)

    def listen(self) -> None:
        """If the queue is silent again, ring for every mailing that has something due."""
        if self.doorbells.waiting():
            return
        now = self.clock.now()
        sending = _sending(self._due(now), now)
        self.commands.send([Release(mailing_id=mailing.id, at=now) for mailing in sending])

    def _due(self, until: datetime) -> Sequence[DueItem]:
        return list(islice(self.mailings.due(until), ITEMS_MAX))


def _sending(items: Sequence[DueItem], now: datetime) -> list[Mailing]:
    """Those whose messages should be on their way."""
    return [each for each in items if isinstance(each, Mailing) and is_running(each, now)]


def _command(item: DueItem, now: datetime) -> Command | None:
    """What brings this item on; None for what needs nothing yet."""
    match item:
        case Mailing(id=mailing_id):
            match next_step(item, now):
                case Nothing():
                    return None
                case Later(at):
                    return Advance(mailing_id=mailing_id, at=at) if at <= now + AHEAD else None
                case _:
                    return Advance(mailing_id=mailing_id, at=now)
        case Slice(mailing_id=mailing_id, number=number, due_at=datetime() as at) if at <= now:
            return RunSlice(mailing_id=mailing_id, number=number)
        case Wave(mailing_id=mailing_id, opens_at=opens_at):
            return Release(mailing_id=mailing_id, at=opens_at)
        case Recount(mailing_id=mailing_id, number=number, due_at=datetime() as at) if at <= now:
            return RunRecount(mailing_id=mailing_id, number=number)
        case _:
            return None
