"""What the stages share, and what each of them takes of it: one wall for each limit.

A wall has a name for people, so much a second, and what a message costs of it at each stage. When
all stages together want more, a stage that wants little gets it, for whoever has functions to spare
tries again until it is through, and the others share what is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from benchmarks.model import shape
from benchmarks.model.limits import Limits
from benchmarks.model.settings import Settings
from benchmarks.model.stages import COUNT, MAKE, SEND
from benchmarks.model.tables import Table
from benchmarks.model.timings import Timings

SPREAD: Final = "the fullest partition of the messages table"
MESSAGES: Final = "the messages table as a whole"
CLIENTS: Final = "the clients table"
COUNTERS: Final = "the counters of one mailing"
GATEWAY: Final = "the gateway's pace"
PACE_ITEM: Final = "the one item of the pace"

_CLIENTS_A_READ_UNIT: Final = 16
"""Consistent reads of a scan count 4 KB a unit, and a client is about 250 bytes (ADR 3)."""

_CLIENT_READ_UNITS: Final = 0.5
"""A sender reads each client by its key, eventually consistent."""

_COUNTER_WRITES: Final = 4.0
"""For a batch of changes: the mailing's counts and one minute, each twice, in a transaction."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A limit that several stages share: `per_s` units, of which a message takes `costs`."""

    name: str
    per_s: float
    costs: Mapping[str, float]

    def parts(self, wanted: Mapping[str, float], seconds: float) -> Mapping[str, float]:
        """Which part of what each stage wants gets through; a stage without costs is not named."""
        wants = {stage: cost * wanted.get(stage, 0.0) for stage, cost in self.costs.items()}
        wants = {stage: units for stage, units in wants.items() if units > 0}
        left, found = self.per_s * seconds, {}
        for number, (stage, units) in enumerate(sorted(wants.items(), key=lambda each: each[1])):
            given = min(units, left / (len(wants) - number))
            found[stage] = given / units
            left -= given
        return found

    def units(self, moved: Mapping[str, float]) -> float:
        """What so many messages at each stage take of it."""
        return sum(cost * moved.get(stage, 0.0) for stage, cost in self.costs.items())


class World(Protocol):
    """Where the pipeline stands: an AWS account, or one machine."""

    @property
    def shards(self) -> float:
        """Shards of the messages stream, as many as a mailing's changes are spread over evenly."""
        ...

    def walls(self) -> Sequence[Wall]:
        """As they are at this moment."""
        ...

    def spend(self, moved: Mapping[str, float], *, at: float, seconds: float) -> None:
        """Take note of what went through, for what grows with use."""
        ...


@dataclass(slots=True)
class Account:
    """An AWS account in which nothing else happens."""

    settings: Settings
    limits: Limits
    timings: Timings
    keys: int = shape.PARTITION_KEYS
    messages: Table = field(init=False)

    def __post_init__(self) -> None:
        new = self.limits.new_table_writes_per_s
        self.messages = Table(
            units_per_s=max(new, self.settings.messages_warm_writes_per_s or 0),
            most_per_s=self.limits.table_writes_max_per_s,
            partition_per_s=self.limits.partition_writes_per_s,
            doubles_after_s=self.limits.table_doubles_after_s,
            splits_after_s=self.limits.partition_splits_after_s,
            keys=self.keys,
        )

    @property
    def shards(self) -> float:
        """A shard for each partition, and the fullest one is the last to be done."""
        return 1 / self.messages.hottest_share

    def walls(self) -> Sequence[Wall]:
        """Of the tables and, with a pace, of the gateway."""
        clients = self.settings.clients_warm_reads_per_s or self.limits.new_table_reads_per_s
        reads = {MAKE: 1 / _CLIENTS_A_READ_UNIT, SEND: _CLIENT_READ_UNITS}
        counters = {COUNT: _COUNTER_WRITES / shape.STATS_BATCH}
        # What only one stage meets comes first: who is held up there leaves the rest to others.
        found = [Wall(COUNTERS, self.limits.partition_writes_per_s, counters)]
        if self.settings.gateway_parts_per_s is not None:
            # Senders take their slots from one item, each by reading and then writing it.
            turns_per_s = 1 / (2 * self.timings.get_s)
            found.append(Wall(GATEWAY, self.settings.gateway_parts_per_s, {SEND: 1.0}))
            found.append(Wall(PACE_ITEM, turns_per_s, {SEND: 1 / shape.SENDER_BATCH}))
        found += [
            Wall(SPREAD, self.messages.mailing_per_s, shape.WRITES),
            Wall(MESSAGES, self.messages.units_per_s, shape.WRITES),
            Wall(CLIENTS, clients, reads),
        ]
        return found

    def spend(self, moved: Mapping[str, float], *, at: float, seconds: float) -> None:
        """The messages table grows with what it serves."""
        units = sum(cost * moved.get(stage, 0.0) for stage, cost in shape.WRITES.items())
        self.messages.spend(units, at=at, seconds=seconds)
