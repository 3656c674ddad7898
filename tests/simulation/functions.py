"""Carillon's functions, composed as their handlers compose them, on fakes that suffer.

Each invocation is the very one that ships: it takes the event that Lambda makes and gives the
answer that Lambda expects.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from carillon.adapters.events import Event as LambdaEvent
from carillon.models.commands import Bell, Command
from carillon.usecases.clients import Clients
from carillon.usecases.composing import compose_fanout, compose_sender
from carillon.usecases.counting import Counting
from carillon.usecases.mailings import MailingDesk
from carillon.usecases.planning import Planner
from carillon.usecases.sending import Sender
from carillon.usecases.trials import TrialDesk
from functions.fanout.invocation import work_batch
from functions.planner.invocation import plan_batch
from functions.sender.invocation import deliver_batch
from functions.stats.invocation import count_batch
from tests.fakes import (
    FakeCaller,
    FakeClients,
    FakeCreations,
    FakeDeadLetters,
    FakeJournal,
    FakeMailings,
    FakeMeasures,
    FakeMessages,
    FakePace,
    FakeStatistics,
    FakeToken,
    FakeTrials,
    SeededChance,
)
from tests.simulation.faults import Faults
from tests.simulation.gateway import SimulatedCalls, SimulatedGateway
from tests.simulation.history import History
from tests.simulation.kernel import Kernel
from tests.simulation.ports import (
    Deadline,
    Poison,
    SkewedClock,
    SmallPages,
    StaleClients,
    StaleMailings,
    Suffering,
)
from tests.simulation.queue import SimulatedQueue

FANOUT_TIMEOUT_S = 15.0
SENDER_TIMEOUT_S = 60.0
GATEWAY_TIMEOUT = timedelta(seconds=10)
RETENTION_DAYS = 30

SLOW_FROM_MAX = 12
"""A process may be slow from its first call on, or become so."""

SLUGGISH_S = (0.1, 0.5, 1.5)
SLUGGISH_SENDER_S = (0.5, 2.5)
"""What a call of AWS may take in a slow process; a sender has more time."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a world's operators set once."""

    slices: int
    parts_per_s: float | None
    retry_unknown: bool


@dataclass(slots=True)
class Cloud:
    """What the functions reach: tables, queues, schedules, and the gateway."""

    kernel: Kernel
    faults: Faults
    history: History
    chance: SeededChance
    settings: Settings
    creations: FakeCreations
    clients: FakeClients
    mailings: FakeMailings
    messages: FakeMessages
    trials: FakeTrials
    statistics: FakeStatistics
    pace: FakePace
    journal: FakeJournal
    gateway: SimulatedGateway
    poison: Poison = field(default_factory=Poison)


@dataclass(frozen=True, slots=True)
class QueuePort:
    """The ports `Commands`, `Doorbells` and `TrialBells` of one queue."""

    queue: SimulatedQueue

    def send(self, commands: Sequence[Command], *, delay_s: int = 0) -> None:
        for each in commands:
            self.queue.put(each.model_dump_json(), delay_s)

    def ring(self, bells: Sequence[tuple[Bell, int]]) -> None:
        for bell, delay_s in bells:
            self.queue.put(bell.model_dump_json(), delay_s)

    def defer(self, receipt: str, *, delay_s: int) -> None:
        self.queue.defer(receipt, delay_s)

    def waiting(self) -> int:
        return self.queue.waiting()


@dataclass(slots=True)
class Functions:
    """The functions of one world; `commands`, `doorbells` and `schedules` are ports into it."""

    cloud: Cloud
    commands: object
    doorbells: object
    schedules: object
    _idle: list[tuple[Sender, Any]] = field(default_factory=list)
    _senders: int = 0
    _requests: int = 0

    def fanout(self, event: LambdaEvent) -> LambdaEvent:
        """Invoke the fan-out."""
        cloud, commands = self.cloud, self._port(self.commands)
        self._begin()
        working = compose_fanout(
            mailings=self._port(StaleMailings(cloud.mailings, cloud.history, cloud.faults)),
            audience=self._port(SmallPages(cloud.clients)),
            messages=self._port(SmallPages(cloud.messages)),
            statistics=self._port(cloud.statistics),
            doorbells=self._port(self.doorbells),
            commands=commands,
            dead_letters=FakeDeadLetters(),
            clock=SkewedClock(cloud.kernel, cloud.faults),
            chance=cloud.chance,
            slices=cloud.settings.slices,
            retention_days=RETENTION_DAYS,
            measures=FakeMeasures(),
        )
        budget = Deadline(cloud.kernel, FANOUT_TIMEOUT_S)
        return work_batch(event, budget, working=working, commands=commands)

    def sender(self, event: LambdaEvent) -> LambdaEvent:
        """Invoke a sender: one that is idle and remembers things, or a new one.

        Who dies is not used again, as Lambda does it.
        """
        self._begin(SLUGGISH_SENDER_S)
        idle = self._idle
        place = self.cloud.kernel.dice.randrange(len(idle)) if idle else None
        sender, doorbells = self._new_sender() if place is None else idle.pop(place)
        budget = Deadline(self.cloud.kernel, SENDER_TIMEOUT_S)
        answer = deliver_batch(event, budget, sender=sender, doorbells=doorbells)
        idle.append((sender, doorbells))
        return answer

    def planner(self, event: LambdaEvent) -> None:
        """Invoke the planner."""
        self._begin()
        planner = Planner(
            schedules=self._port(self.schedules),
            commands=self._port(self.commands),
            clock=SkewedClock(self.cloud.kernel, self.cloud.faults),
        )
        plan_batch(event, planner=planner, trial_bells=self._port(self.doorbells))

    def stats(self, event: LambdaEvent) -> object:
        """Invoke the counters."""
        self._begin()
        counting = Counting(
            statistics=self._port(self.cloud.statistics),
            commands=self._port(self.commands),
            mailings=self._port(self.cloud.mailings),
            measures=FakeMeasures(),
        )
        return count_batch(event, counting=counting)

    def desk(self) -> MailingDesk:
        """The API's use cases for mailings."""
        cloud = self.cloud
        self._requests += 1
        mailings = StaleMailings(cloud.mailings, cloud.history, cloud.faults)
        return MailingDesk(
            self._port(mailings),
            self._port(cloud.creations),
            SkewedClock(cloud.kernel, cloud.faults),
            cloud.chance,
            FakeCaller(request_id=f"request-{self._requests}"),
        )

    def trials(self) -> TrialDesk:
        """The API's use cases for trials."""
        cloud = self.cloud
        return TrialDesk(
            self._port(StaleMailings(cloud.mailings, cloud.history, cloud.faults)),
            self._port(cloud.trials),
            self._port(cloud.creations),
            SkewedClock(cloud.kernel, cloud.faults),
            cloud.chance,
        )

    def directory(self) -> Clients:
        """The API's use cases for clients."""
        cloud = self.cloud
        return Clients(
            self._port(cloud.clients),
            self._port(cloud.creations),
            SkewedClock(cloud.kernel, cloud.faults),
            cloud.chance,
        )

    def _new_sender(self) -> tuple[Sender, Any]:
        cloud, doorbells = self.cloud, self._port(self.doorbells)
        clock = SkewedClock(cloud.kernel, cloud.faults)
        self._senders += 1
        clients = StaleClients(cloud.clients, cloud.history, cloud.faults, cloud.poison)
        sender = compose_sender(
            mailings=self._port(StaleMailings(cloud.mailings, cloud.history, cloud.faults)),
            audience=self._port(clients),
            messages=self._port(cloud.messages),
            trials=self._port(cloud.trials),
            doorbells=doorbells,
            trial_bells=doorbells,
            calls=SimulatedCalls(cloud.gateway, clock, self._senders),
            token=FakeToken(),
            pace=self._port(cloud.pace),
            journal=self._port(cloud.journal),
            clock=clock,
            chance=cloud.chance,
            retention_days=RETENTION_DAYS,
            timeout=GATEWAY_TIMEOUT,
            parts_per_s=cloud.settings.parts_per_s,
            retry_unknown=cloud.settings.retry_unknown,
            measures=FakeMeasures(),
        )
        return sender, doorbells

    def _port(self, real: object) -> Any:
        return Suffering(real, self.cloud.faults)

    def _begin(self, sluggish_s: Sequence[float] = SLUGGISH_S) -> None:
        process = self.cloud.kernel.process()
        if process is not None and self.cloud.faults.strikes("sluggish"):
            process.slow_from = self.cloud.kernel.dice.randrange(SLOW_FROM_MAX)
            process.slow_s = self.cloud.kernel.dice.choice(sluggish_s)
