"""Each minute: give out again whatever is due, in case a hint was lost.

The index `due` holds every mailing, slice, wave and recount at the next time something must happen
to it, and each leaves it only when that is verified done. So a lost schedule, an emptied queue or a
crash between two steps costs a minute or two, never the work.

A running mailing is in the index all the time: the tick compares the message queue with what should
be in it. While a pass over its messages is under way, or rests from one, it is due later.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from carillon.concern import about
from carillon.errors import Unavailable
from carillon.models.commands import Advance, Command, Release, RunRecount, RunSlice
from carillon.models.mailing import DueItem, Mailing, Slice
from carillon.models.measures import DEAD_LETTERS, OVERDUE, RUNNING, Measure
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.policy.measured import is_overdue, repair_measure
from carillon.policy.steps import Later, Nothing, is_running, next_step
from carillon.ports import Clock, Commands, DeadLetters, Mailings, Measures
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import LEASE
from carillon.usecases.watching import Watching

logger = logging.getLogger(__name__)

AHEAD = timedelta(seconds=70)
"""The tick comes each minute, give or take: what is due before the next is sent with a delay, so
that waves open to the second."""

ITEMS_MAX = 5000
"""Of one tick, earliest first; what is left over is the first of the next. Mailings whose messages
are on their way count too, and stay: thousands of them at once would hide later items."""


@dataclass(frozen=True, slots=True)
class Ticking:
    """Works `Tick` and `Listen` commands."""

    mailings: Mailings
    watching: Watching
    commands: Commands
    dead_letters: DeadLetters
    clock: Clock
    measures: Measures

    def tick(self) -> None:
        """Send a command for everything that is due by the next tick."""
        now = self.clock.now()
        by_delay: dict[int, list[Command]] = defaultdict(list)
        seen = self._due(now + LEASE + AHEAD)
        self._measure(seen, now)
        items = [each for each in seen if each.due_at is not None and each.due_at <= now + AHEAD]
        for item in items:
            command = _command(item, now)
            if command is not None and item.due_at is not None:
                by_delay[queue_delay_s(item.due_at, now)].append(command)
                _tell_given(item, command)
        for delay_s, commands in by_delay.items():
            self.commands.send(commands, delay_s=delay_s)
        kinds = Counter(each.kind for commands in by_delay.values() for each in commands)
        logger.info("minute passed", extra={"due": len(items), "commands": dict(kinds)})
        self.watching.watch(items)
        self._count_dead_letters()

    def listen(self) -> None:
        """Look once more whether doorbells were lost."""
        self.watching.listen(self._due(self.clock.now() + AHEAD))

    def _measure(self, seen: Sequence[DueItem], now: datetime) -> None:
        """Also what somebody is at work on; no zeros, for each would cost a metric when idle."""
        mailings = [each for each in seen if isinstance(each, Mailing)]
        self._tell(RUNNING, sum(is_running(each, now) for each in mailings))
        self._tell(OVERDUE, sum(is_overdue(each, now) for each in mailings))
        for each in seen:
            if (repair := repair_measure(each, now)) is not None:
                self.measures.add(repair)

    def _count_dead_letters(self) -> None:
        """Last of all: it is for people, and the next tick comes in a minute."""
        try:
            self._tell(DEAD_LETTERS, self.dead_letters.count())
        except Unavailable as error:
            logger.warning("dead letters not counted", extra={"error": str(error)})

    def _tell(self, measure: Measure, number: int) -> None:
        if number:
            self.measures.add(measure, number)

    def _due(self, until: datetime) -> Sequence[DueItem]:
        return list(islice(self.mailings.due(until), ITEMS_MAX))


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
        case Wave(mailing_id=mailing_id, opens_at=opens_at, held_until=held_until) if (
            held_until is None or held_until <= now
        ):
            return Release(mailing_id=mailing_id, at=opens_at)
        case Recount(mailing_id=mailing_id, number=number, due_at=datetime() as at) if at <= now:
            return RunRecount(mailing_id=mailing_id, number=number)
        case _:
            return None


def _tell_given(item: DueItem, command: Command) -> None:
    """What is given out, with the mailing's correlation id where the item is the mailing itself.

    What lies beside a mailing names it by its id alone; who works the command knows the rest.
    """
    ids = about(item) if isinstance(item, Mailing) else {"mailing_id": item.mailing_id}
    keys = command.model_dump(mode="json", include={"kind", "number", "at"})
    logger.info("due work given out", extra={**ids, **keys})
