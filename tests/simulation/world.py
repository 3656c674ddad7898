"""The world: every function of Carillon on fakes, wired as the stack wires them.

Each invocation is a process of the kernel with its own clock, a little off, and its own fate. What
happened is left in `record` for the checkers; nothing here judges it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from carillon.errors import CarillonError
from carillon.models.client import Client
from carillon.models.commands import Command, Doorbell, Tick, parse_command
from carillon.models.mailing import Mailing
from carillon.models.message import Message
from carillon.models.records import MessageChange, Record
from carillon.usecases.clients import Clients
from carillon.usecases.composing import compose_fanout, compose_sender
from carillon.usecases.counting import Counting
from carillon.usecases.delivering import Delivering
from carillon.usecases.mailings import MailingDesk
from carillon.usecases.planning import Planner
from tests.fakes import (
    FakeClients,
    FakeCreations,
    FakeMailings,
    FakeMessages,
    FakeStatistics,
    FakeToken,
    SeededChance,
)
from tests.simulation.faults import ROUGH, Faults, Rates, Suffering
from tests.simulation.gateway import SimulatedGateway
from tests.simulation.kernel import Kernel
from tests.simulation.queue import Held, SimulatedQueue
from tests.simulation.stream import SimulatedStream

START = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
"""The evening before clocks change in Europe, so that windows meet a gap."""

FANOUT_TIMEOUT_S = 15.0
SENDER_TIMEOUT_S = 60.0
GATEWAY_TIMEOUT = timedelta(seconds=10)
SKEW_S = 0.25
"""Two invocations' clocks are at most twice this apart."""

SLICES = 3
WARM_SENDERS = 3


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed, and when; `old` and `new` are the thing before and after."""

    at: datetime
    old: Any
    new: Any


@dataclass(slots=True)
class History:
    """All that happened, for the checkers."""

    mailings: list[Event] = field(default_factory=list)
    messages: list[Event] = field(default_factory=list)
    clients: list[Event] = field(default_factory=list)


class SkewedClock:
    """The port `Clock` on one machine, whose clock is a little off."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._off = timedelta(seconds=kernel.dice.uniform(-SKEW_S, SKEW_S))

    def now(self) -> datetime:
        return self._kernel.now() + self._off


@dataclass(frozen=True, slots=True)
class Deadline:
    """The port `Budget` of an invocation that is killed at `at`."""

    kernel: Kernel
    at: datetime

    def left_s(self) -> float:
        return (self.at - self.kernel.now()).total_seconds()


class World:
    """One seed's world, before anything happened in it."""

    def __init__(self, seed: int, rates: Rates = ROUGH) -> None:
        self.kernel = Kernel(seed, START)
        self.faults = Faults(self.kernel, rates)
        self.record = History()
        self.chance = SeededChance(seed)
        self.creations = FakeCreations(self.kernel.clock)
        self.clients = FakeClients(self.creations)
        self.statistics = FakeStatistics()
        self.gateway = SimulatedGateway(self.kernel)
        self.mailings = FakeMailings(self.creations, self._mailing_changed)
        self.messages = FakeMessages(self._message_changed)
        self.commands = self._queue(1, FANOUT_TIMEOUT_S, self._fanout)
        self.doorbells = self._queue(10, SENDER_TIMEOUT_S, self._sender)
        self.mailings_stream = SimulatedStream(self.kernel, self.faults, self._planner)
        self.messages_stream = SimulatedStream(self.kernel, self.faults, self._stats)
        self._schedules: dict[str, datetime] = {}
        self._senders: list[Delivering] = []
        self.kernel.after(self.kernel.dice.uniform(0, 60), self._tick)

    def calm_down(self) -> None:
        """From now on nothing goes wrong."""
        self.faults.rates = Rates()

    # What operators do, with a clock that is right and no faults on their side.

    def desk(self) -> MailingDesk:
        """The API's use cases for mailings."""
        return MailingDesk(self.mailings, self.creations, self.kernel.clock, self.chance)

    def directory(self) -> Clients:
        """The API's use cases for clients."""
        return Clients(self.clients, self.creations, self.kernel.clock, self.chance)

    def client_changed(self, old: Client | None, new: Client | None) -> None:
        """Operators note what they did to a client: the directory has no stream."""
        self.record.clients.append(Event(self.kernel.now(), old, new))

    # Ports that no fake stands for: they lead back into the world.

    def send(self, commands: Sequence[Command], *, delay_s: int = 0) -> None:
        """Port `Commands`."""
        for each in commands:
            self.commands.put(each.model_dump_json(), delay_s)

    def ring(self, doorbells: Sequence[tuple[Doorbell, int]]) -> None:
        """Port `Doorbells`."""
        for doorbell, delay_s in doorbells:
            self.doorbells.put(doorbell.model_dump_json(), delay_s)

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Port `Doorbells`."""
        self.doorbells.defer(receipt, delay_s)

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        """Port `Schedules`: fires within the minute after `at`, at least once."""
        if name in self._schedules:
            return
        self._schedules[name] = at
        if self.faults.strikes("schedule_lost"):
            return
        for _ in range(2 if self.faults.strikes("schedule_twice") else 1):
            late = timedelta(seconds=self.kernel.dice.uniform(0, 60))
            self.kernel.at(at + late, lambda: self._fire(name, command))

    def delete(self, name: str) -> None:
        """Port `Schedules`."""
        self._schedules.pop(name, None)

    def _fire(self, name: str, command: Command) -> None:
        if name in self._schedules:
            self.commands.put(command.model_dump_json(), 0)

    def _tick(self) -> None:
        if not self.faults.strikes("tick_lost"):
            self.commands.put(Tick().model_dump_json(), 0)
        self.kernel.after(60, self._tick)

    # The functions, as their handlers compose them.

    def _port(self, real: object) -> Any:
        return Suffering(real, self.faults)

    def _fanout(self, batch: Sequence[Held]) -> Collection[str]:
        working = compose_fanout(
            mailings=self._port(self.mailings),
            audience=self._port(self.clients),
            messages=self._port(self.messages),
            statistics=self._port(self.statistics),
            doorbells=self._port(self),
            commands=self._port(self),
            clock=SkewedClock(self.kernel),
            chance=self.chance,
            slices=SLICES,
            retention_days=30,
        )
        budget = self._budget(FANOUT_TIMEOUT_S)
        failed = []
        for each in batch:
            try:
                working.work(parse_command(each.body), budget)
            except CarillonError:
                failed.append(each.id)
        return failed

    def _sender(self, batch: Sequence[Held]) -> Collection[str]:
        records = [
            Record(each.id, each.id, each.receives, Doorbell.model_validate_json(each.body))
            for each in batch
        ]
        return self._warm_sender().deliver(records, self._budget(SENDER_TIMEOUT_S))

    def _warm_sender(self) -> Delivering:
        """A sender that has been used before remembers mailings."""
        place = self.kernel.dice.randrange(WARM_SENDERS)
        if place < len(self._senders):
            return self._senders[place]
        sender = compose_sender(
            mailings=self._port(self.mailings),
            audience=self._port(self.clients),
            messages=self._port(self.messages),
            doorbells=self._port(self),
            calls=self.gateway,
            token=FakeToken(),
            clock=SkewedClock(self.kernel),
            chance=self.chance,
            retention_days=30,
            timeout=GATEWAY_TIMEOUT,
        )
        self._senders.append(sender)
        return sender

    def _planner(self, batch: Sequence[Any]) -> None:
        planner = Planner(
            schedules=self._port(self), commands=self._port(self), clock=SkewedClock(self.kernel)
        )
        for _, old, new in batch:
            planner.plan(old, new)

    def _stats(self, batch: Sequence[Any]) -> None:
        counting = Counting(statistics=self._port(self.statistics), commands=self._port(self))
        changes = [
            MessageChange(sequence=sequence, old=old, new=new) for sequence, old, new in batch
        ]
        counting.count("shard", changes)

    def _budget(self, timeout_s: float) -> Deadline:
        return Deadline(self.kernel, self.kernel.now() + timedelta(seconds=timeout_s))

    def _queue(
        self, batch_max: int, timeout_s: float, handle: Callable[[Sequence[Held]], Collection[str]]
    ) -> SimulatedQueue:
        queue = SimulatedQueue(
            self.kernel,
            self.faults,
            batch_max=batch_max,
            timeout_s=timeout_s,
            visibility_s=timeout_s * 6,
        )
        queue.handle = handle
        return queue

    def _mailing_changed(self, old: Mailing | None, new: Mailing | None) -> None:
        self.record.mailings.append(Event(self.kernel.now(), old, new))
        self.mailings_stream.put(old, new)

    def _message_changed(self, old: Message | None, new: Message | None) -> None:
        self.record.messages.append(Event(self.kernel.now(), old, new))
        self.messages_stream.put(old, new)
