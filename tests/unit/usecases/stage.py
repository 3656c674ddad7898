"""All fakes on one stage, the use cases over them, and ways to let things go wrong in between."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from carillon.errors import Unavailable
from carillon.models.client import Client, Recipient
from carillon.models.commands import Command, Doorbell
from carillon.models.mailing import Mailing, MailingStatus, Slice
from carillon.models.message import Message, MessageStatus
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.ports import Measures, Page
from carillon.usecases.composing import compose_fanout, compose_sender
from carillon.usecases.counting import Counting
from carillon.usecases.delivering import Delivering
from carillon.usecases.planning import Planner
from carillon.usecases.sending import Sender
from carillon.usecases.working import Working
from tests.fakes import (
    FakeBudget,
    FakeCalls,
    FakeClients,
    FakeClock,
    FakeCommands,
    FakeCreations,
    FakeDeadLetters,
    FakeDoorbells,
    FakeJournal,
    FakeMailings,
    FakeMeasures,
    FakeMessages,
    FakePace,
    FakeSchedules,
    FakeStatistics,
    FakeToken,
    FakeTrialBells,
    FakeTrials,
    SeededChance,
)
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.fakes.system import SOME_MOMENT

NOW = SOME_MOMENT
"""Where each test's clock begins: ten in London, one in the afternoon in Moscow."""

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

TIMEOUT_S = 10
"""Of one call of the gateway."""
SLICES = 3
RETENTION_DAYS = 30
KEPT_UNTIL = int((NOW + timedelta(days=RETENTION_DAYS)).timestamp())
"""The `expires_at` of what is settled now."""

MAILING_ID = "m0000001"


class LaggingClients(FakeClients):
    """Who does not ask for a consistent read sees an empty directory."""

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Recipient]:
        return super().get_many(client_ids) if consistent else {}


class LaggingMessages(FakeMessages):
    """Who does not ask for a consistent read sees no messages yet."""

    def page(
        self,
        mailing_id: str,
        *,
        status: MessageStatus | None,
        limit: int,
        cursor: str | None,
        consistent: bool = False,
    ) -> Page[Message]:
        if not consistent:
            return Page([], None)
        return super().page(mailing_id, status=status, limit=limit, cursor=cursor)


class Stage:
    """A test may replace any fake before it asks for the use cases."""

    def __init__(self, seed: int = 0) -> None:
        self.clock = FakeClock()
        self.chance = SeededChance(seed)
        self.clients = FakeClients(FakeCreations(self.clock))
        self.mailings = FakeMailings(FakeCreations(self.clock))
        self.messages = LaggingMessages()
        self.statistics = FakeStatistics()
        self.schedules = FakeSchedules(self.clock)
        self.commands = FakeCommands(self.clock)
        self.doorbells = FakeDoorbells(self.clock)
        self.calls = FakeCalls(self.clock)
        self.token = FakeToken()
        self.pace = FakePace()
        self.trials = FakeTrials(self.mailings)
        self.trial_bells = FakeTrialBells(self.clock)
        self.journal = FakeJournal()
        self.dead_letters = FakeDeadLetters()
        self.measures: Measures = FakeMeasures()
        self.parts_per_s: float | None = None
        self.retry_unknown = True

    @property
    def planner(self) -> Planner:
        """What follows the stream of mailings."""
        return Planner(schedules=self.schedules, commands=self.commands, clock=self.clock)

    @property
    def fanout(self) -> Working:
        """What works commands."""
        return compose_fanout(
            mailings=self.mailings,
            audience=self.clients,
            messages=self.messages,
            statistics=self.statistics,
            doorbells=self.doorbells,
            commands=self.commands,
            dead_letters=self.dead_letters,
            clock=self.clock,
            chance=self.chance,
            slices=SLICES,
            retention_days=RETENTION_DAYS,
            measures=self.measures,
        )

    @property
    def counting(self) -> Counting:
        """What follows the stream of messages."""
        return Counting(
            statistics=self.statistics,
            commands=self.commands,
            mailings=self.mailings,
            measures=self.measures,
        )

    @property
    def sender(self) -> Delivering:
        """What works doorbells; each time one that remembers nothing."""
        return self.whole_sender.delivering

    @property
    def whole_sender(self) -> Sender:
        """What works trials as well, and notes what calls were like."""
        return compose_sender(
            mailings=self.mailings,
            audience=self.clients,
            messages=self.messages,
            trials=self.trials,
            doorbells=self.doorbells,
            trial_bells=self.trial_bells,
            calls=self.calls,
            token=self.token,
            pace=self.pace,
            journal=self.journal,
            clock=self.clock,
            chance=self.chance,
            retention_days=RETENTION_DAYS,
            timeout=timedelta(seconds=TIMEOUT_S),
            parts_per_s=self.parts_per_s,
            retry_unknown=self.retry_unknown,
            measures=self.measures,
        )

    def budget(self, seconds: float = 900) -> FakeBudget:
        """An invocation that begins now."""
        return FakeBudget(self.clock, seconds=seconds)

    def let_clients_lag(self) -> None:
        """From now on an eventual read of the directory finds nobody."""
        lagging = LaggingClients(FakeCreations(self.clock))
        lagging.by_id = self.clients.by_id
        self.clients = lagging

    def put(self, *things: Mailing | Slice | Wave | Recount | Message | Client) -> None:
        """Have these in the tables, whatever was there."""
        for thing in things:
            match thing:
                case Mailing():
                    self.mailings.by_id[thing.id] = thing
                case Slice() | Wave() | Recount():
                    self.mailings.put_work(thing)
                case Message():
                    self.messages.by_key[thing.mailing_id, thing.client_id] = thing
                case Client():
                    self.clients.by_id[thing.id] = thing

    def mailing(self) -> Mailing:
        """The mailing as it is now."""
        return self.mailings.by_id[MAILING_ID]

    def change_mailing(self, **fields: object) -> None:
        """An operator or another function writes to the mailing."""
        self.put(self.mailing().changed(**fields))

    def message(self, number: int = 1) -> Message:
        """The message to that client as it is now."""
        return self.messages.by_key[MAILING_ID, f"c{number:07d}"]

    def change_message(self, number: int = 1, **fields: object) -> None:
        """Somebody else writes to the message."""
        token = self.chance.new_id()
        changed = self.message(number).changed(token=token, at=self.clock.now(), **fields)
        self.put(changed)

    def go_on(self, seconds: float = 900) -> None:
        """Work the one command that was sent, as if its time had come."""
        [only] = self.commands.queued
        self.commands.queued.clear()
        self.fanout.work(only.value, self.budget(seconds))

    def work_for(self, seconds: int, *, times: int = 1) -> int:
        """Let time pass and work each command so often; returns the most in any one second."""
        most = 0
        for _ in range(seconds):
            commands = self.commands.take(100)
            most = max(most, len(commands))
            for command in commands:
                for _ in range(times):
                    self.fanout.work(command, self.budget())
            self.clock.advance(1)
        return most

    def sent(self) -> list[tuple[Command, datetime]]:
        """The commands in the queue, with the time at which each can be received."""
        return [(each.value, each.at) for each in self.commands.queued]

    def rung(self) -> list[tuple[str, datetime]]:
        """The clients whose messages were rung for, with the time of each doorbell."""
        return [(each.value.client_id, each.at) for each in self.doorbells.queued]


def running(**fields: Any) -> Mailing:
    """Mailing `m0000001`, started with one slice."""
    return a_mailing(**{"status": MailingStatus.RUNNING, "slices": 1, **fields})


def done_slice(number: int = 0) -> Slice:
    """A slice that has reached the end of its segment."""
    return a_slice(number, total=1, done=True, due_at=None)


def with_messages(stage: Stage, count: int, **fields: Any) -> None:
    """Clients with a pending message each."""
    for number in range(1, count + 1):
        stage.put(a_client(number), a_message(number, **fields))


def doorbell(number: int = 1, fresh_at: datetime | None = None) -> Doorbell:
    """The doorbell of the message to that client."""
    return Doorbell(mailing_id=MAILING_ID, client_id=f"c{number:07d}", fresh_at=fresh_at)


def outage() -> None:
    """AWS does not answer."""
    raise Unavailable("AWS does not answer")


def once(happening: Callable[[], object]) -> Callable[[], None]:
    """It happens the first time only."""
    left = [happening]

    def happen() -> None:
        if left:
            left.pop()()

    return happen


def second(happening: Callable[[], None]) -> Callable[[], None]:
    """It happens from the second time on."""
    first = [lambda: None]
    return lambda: (first.pop() if first else happening)()


def before(port: object, method: str, happening: Callable[[], None]) -> Any:
    """The port, but `happening` comes before each call of `method`."""
    return _Disturbed(port, method, first=happening)


def after(port: object, method: str, happening: Callable[[], None]) -> Any:
    """The port, but `happening` comes after each call of `method` has done its work."""
    return _Disturbed(port, method, then=happening)


class _Disturbed:
    """All of a port, with something going on around one of its methods."""

    def __init__(
        self,
        port: object,
        method: str,
        *,
        first: Callable[[], None] | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:
        self._port = port
        self._method = method
        self._first = first
        self._then = then

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        return self._around(real) if name == self._method else real

    def _around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if self._first:
                self._first()
            answer = real(*args, **options)
            if self._then:
                self._then()
            return answer

        return call
