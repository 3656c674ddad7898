"""The three stages of the way of a message, and how fast one function is at each.

make   a slice reads a page of clients, inserts their messages, rings for them, notes how far it is
send   a sender gets up to a hundred records, reads, claims, calls, records
count  the counters get up to 500 changes of one shard of the stream, one batch after the other
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from benchmarks.model import shape
from benchmarks.model.limits import Limits
from benchmarks.model.settings import Settings
from benchmarks.model.timings import Timings

MAKE, SEND, COUNT = "make", "send", "count"


@dataclass(frozen=True, kw_only=True)
class Stages:
    """Seconds that each step takes, from the timings of its requests."""

    settings: Settings
    timings: Timings
    limits: Limits
    memory_mb: Mapping[str, float]

    def cpu_s(self, function: str, number: float) -> float:
        """Seconds for which its share of a processor is busy with so many messages or changes."""
        share = min(1.0, self.memory_mb[function] / self.limits.vcpu_mb)
        return number * self.timings.cpu_ms[function] / 1000 / share

    @property
    def page_s(self) -> float:
        """A slice's page."""
        each, clients = self.timings, shape.PAGE_CLIENTS
        inserts = ceil(clients / self.limits.statements_max) * each.batch_write_s
        rings = ceil(clients / self.limits.queue_batch_max) * each.queue_s
        reads = each.scan_s + each.get_s
        checkpoint = each.get_s
        return reads + inserts + rings + checkpoint + self.cpu_s("fanout", clients)

    @property
    def slice_per_s(self) -> float:
        """Messages that one slice makes, its handing over to the next invocation included."""
        handover = 2 * self.timings.queue_s + self.timings.invoke_s
        turn = max(shape.TURN_S, self.page_s)
        return shape.PAGE_CLIENTS / self.page_s * turn / (turn + handover)

    @property
    def gather_s(self) -> float:
        """Until a full batch of waiting records is received, ten by ten."""
        return ceil(shape.SENDER_BATCH / self.limits.queue_batch_max) * self.timings.queue_s

    @property
    def is_paced(self) -> bool:
        """Whether senders share a pace."""
        return self.settings.gateway_parts_per_s is not None

    @property
    def look_s(self) -> float:
        """What comes before the claim: facts, and a slot where there is a pace."""
        pace = 2 * self.timings.get_s if self.is_paced else 0.0
        return self.timings.invoke_s + self.timings.batch_get_s + pace

    def batch_s(self, records: float = shape.SENDER_BATCH) -> float:
        """An invocation of the sender that delivers so many records at once."""
        claims = ceil(records / self.limits.statements_max) * self.timings.batch_write_s
        recorded = self.timings.record_calls * self.timings.batch_write_s
        cpu = self.cpu_s("sender", records)
        return self.look_s + claims + self.timings.gateway_s + recorded + cpu

    @property
    def paced_s(self) -> float:
        """What a pace that binds adds to a batch: the calls wait for slots that are given out as
        far ahead as may be, and those that get none are rung for again before."""
        rings = ceil(shape.SENDER_BATCH / self.limits.queue_batch_max) * self.timings.queue_s
        return rings + shape.PACE_HORIZON_S

    @property
    def shard_per_s(self) -> float:
        """Changes that the counters take from one shard in full batches."""
        each, changes = self.timings, shape.STATS_BATCH
        reads = each.get_s + each.batch_get_s
        batch = each.invoke_s + reads + each.transact_s + self.cpu_s("stats", changes)
        return changes / batch
