"""The world: Carillon's functions on fakes, wired as the stack wires them.

Each invocation is a process of the kernel with its own clock and its own fate. What happened is
left in `history` for the checkers; nothing here judges it.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from carillon.adapters.items import Item
from carillon.adapters.mailing_items import mailing_item
from carillon.adapters.message_items import message_item
from carillon.adapters.trials_table import trial_item
from carillon.models.commands import Tick
from carillon.models.mailing import Mailing
from carillon.models.message import Message, partition_number
from carillon.models.trial import Trial
from tests.fakes import (
    FakeClients,
    FakeCreations,
    FakeJournal,
    FakeMailings,
    FakeMessages,
    FakePace,
    FakeStatistics,
    FakeTrials,
    SeededChance,
)
from tests.simulation.faults import CROWDED, MILD, QUIET, Faults, weather
from tests.simulation.functions import (
    FANOUT_TIMEOUT_S,
    SENDER_TIMEOUT_S,
    Cloud,
    Functions,
    QueuePort,
    Settings,
)
from tests.simulation.gateway import SimulatedGateway
from tests.simulation.history import Corruption, History
from tests.simulation.kernel import Kernel
from tests.simulation.ports import Poison
from tests.simulation.queue import SimulatedQueue
from tests.simulation.schedules import SimulatedSchedules
from tests.simulation.stream import Layout, SimulatedShard

START = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
"""The evening before clocks change in Europe, so that windows meet a gap."""

SHARDS = 2
"""Of the messages' stream: one item's changes all come through the same one."""

TICK_S = 60.0
FANOUT_CONCURRENCY = 10


class World:
    """One seed's world, before anything happened in it."""

    def __init__(self, seed: int) -> None:
        kernel = Kernel(seed, START)
        dice = kernel.dice
        faults = Faults(kernel, weather(dice))
        history = History(kernel.now)
        creations = FakeCreations(kernel.clock)
        mailings = FakeMailings(
            creations, self._mailing_changed, lambda *both: history.note(history.work, *both)
        )
        self.kernel = kernel
        self.faults = faults
        self.history = history
        self.is_mild = faults.rates in MILD
        self.mild_rates = faults.rates if self.is_mild else QUIET
        self.is_crowded = faults.rates is CROWDED
        senders = (1, 2) if self.is_crowded else (1, 2, 5, 20)
        self.cloud = Cloud(
            kernel=kernel,
            faults=faults,
            history=history,
            chance=SeededChance(seed),
            settings=Settings(
                slices=dice.choice((1, 3)),
                parts_per_s=None
                if self.is_mild or self.is_crowded
                else dice.choice((None, 0.5, 2.0, 10.0)),
                retry_unknown=dice.random() < 0.7,
            ),
            creations=creations,
            clients=FakeClients(creations, lambda *both: history.note(history.clients, *both)),
            mailings=mailings,
            messages=FakeMessages(self._message_changed),
            trials=FakeTrials(mailings, self._trial_changed),
            statistics=FakeStatistics(),
            pace=FakePace(),
            journal=FakeJournal(),
            gateway=SimulatedGateway(faults),
        )
        self.commands = SimulatedQueue(
            kernel,
            faults,
            handle=lambda event: self.functions.fanout(event),
            batch_max=1,
            timeout_s=FANOUT_TIMEOUT_S,
            concurrency=FANOUT_CONCURRENCY,
        )
        self.doorbells = SimulatedQueue(
            kernel,
            faults,
            handle=lambda event: self.functions.sender(event),
            batch_max=dice.choice((5, 20, 40)),
            window_s=dice.choice((0.02, 1.0)),
            timeout_s=SENDER_TIMEOUT_S,
            concurrency=20 if self.is_mild else dice.choice(senders),
        )
        self.functions = Functions(
            self.cloud,
            commands=QueuePort(self.commands),
            doorbells=QueuePort(self.doorbells),
            schedules=SimulatedSchedules(kernel, faults, self.commands),
        )
        self._mailings_shard = SimulatedShard(
            kernel,
            faults,
            Layout(_mailings_item, ("mailing_id", "item")),
            name="mailings",
            handle=self.functions.planner,
        )
        self._message_shards = [
            SimulatedShard(
                kernel,
                faults,
                Layout(message_item, ("part", "client_id")),
                name=f"messages-{number}",
                handle=self.functions.stats,
            )
            for number in range(SHARDS)
        ]
        self.calm_from: datetime | None = None
        kernel.after(dice.uniform(0, TICK_S), self._tick)

    def choose_poison(self) -> None:
        """Of the clients that there are one may be such that senders die of it."""
        clients = sorted(self.cloud.clients.by_id)
        if clients and self.kernel.dice.random() < self.faults.rates.get("poison", 0.0):
            chosen = frozenset({self.kernel.dice.choice(clients)})
            self.cloud.poison = Poison(chosen, kills=self.kernel.dice.random() < 0.6)

    def calm_down(self) -> None:
        """From now on nothing new goes wrong, but for what is poison."""
        self.faults.rates = QUIET
        self.calm_from = self.kernel.now()

    def corrupt_counters(self, mailing_id: str) -> bool:
        """Somebody adds numbers to the counters of a mailing that is not being recounted."""
        mailings, dice = self.cloud.mailings, self.kernel.dice
        mailing = mailings.by_id.get(mailing_id)
        if mailing is None or mailing.deleted or not self.faults.strikes("counters_corrupted"):
            return False
        recount = mailings.recount(mailing_id, mailing.recounts)
        if recount is not None and recount.finished_at is None:
            return False
        name, by = dice.choice(("pending", "sent", "total", "attempts")), dice.choice((-3, 1, 7))
        statistics = self.cloud.statistics
        statistics.totals.setdefault((mailing_id, mailing.recounts), Counter())[name] += by
        statistics.everything[name] += by
        number = self.history.next_number()
        self.history.corruptions.append(Corruption(number, mailing_id, name, by))
        return True

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is left to be done."""
        shards = [self._mailings_shard, *self._message_shards]
        return (
            not self.commands
            and not self.doorbells
            and all(each.is_drained for each in shards)
            and not any(self.cloud.mailings.due(datetime.max.replace(tzinfo=UTC)))
        )

    def run_for(self, seconds: float, steps_max: int) -> None:
        """Let time pass."""
        self.kernel.run(self.kernel.now() + timedelta(seconds=seconds), steps_max)

    def _tick(self) -> None:
        if not self.faults.strikes("tick_lost"):
            self.commands.put(Tick().model_dump_json(), 0)
        self.kernel.after(TICK_S, self._tick)

    def _mailing_changed(self, old: Mailing | None, new: Mailing | None) -> None:
        self.history.note(self.history.mailings, old, new)
        self._mailings_shard.put(old, new)

    def _trial_changed(self, old: Trial | None, new: Trial | None) -> None:
        self.history.note(self.history.trials, old, new)
        self._mailings_shard.put(old, new)

    def _message_changed(self, old: Message | None, new: Message | None) -> None:
        self.history.note(self.history.messages, old, new)
        some = new or old
        if some is not None:
            number = partition_number(some.client_id) % SHARDS
            self._message_shards[number].put(old, new)


def _mailings_item(thing: Mailing | Trial) -> Item:
    """Whichever of the two, as it lies in their table."""
    return trial_item(thing) if isinstance(thing, Trial) else mailing_item(thing)
