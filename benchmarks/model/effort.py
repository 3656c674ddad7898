"""What a run uses of functions, span after span: for the bill."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.model import shape
from benchmarks.model.spans import NOTHING
from benchmarks.model.stages import COUNT, MAKE, SEND, Stages


@dataclass(frozen=True, slots=True)
class AtWork:
    """In one span: slices and senders that run, shards that are read, and whether records wait."""

    slices: float
    senders: float
    shards: float
    waiting: bool


@dataclass(slots=True)
class Effort:
    """What a run used, for the bill: seconds that functions ran, and how often they did."""

    billed_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    invocations: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    looks: float = 0.0
    """Records that were received, decided on and rung for again because no slot was free."""

    def note(
        self,
        stages: Stages,
        moved: Mapping[str, float],
        looks: float,
        at_work: AtWork,
        seconds: float,
    ) -> None:
        """Add a span in which so many messages and changes went through."""
        self.looks += looks
        self._note_fanout(moved[MAKE], at_work, seconds)
        self._note_senders(stages, moved[SEND], looks, at_work, seconds)
        self._note_counters(stages, moved[COUNT], at_work, seconds)

    def _note_fanout(self, made: float, at_work: AtWork, seconds: float) -> None:
        if made > NOTHING:
            self.billed_s["fanout"] += at_work.slices * seconds
            self.invocations["fanout"] += at_work.slices * seconds / shape.TURN_S

    def _note_senders(
        self, stages: Stages, sent: float, looks: float, at_work: AtWork, seconds: float
    ) -> None:
        received = sent + looks
        if received <= 0:
            return
        batch_s = stages.batch_s() + (stages.paced_s if looks else 0.0)
        arriving = received / seconds * (shape.QUEUE_WINDOW_S + batch_s)
        each = min(float(shape.SENDER_BATCH), max(1.0, arriving / max(1.0, at_work.senders)))
        fill = shape.SENDER_BATCH if at_work.waiting else each
        batches = received / fill
        spared = stages.cpu_s("sender", shape.SENDER_BATCH - fill * sent / received)
        # Functions that tables throttle wait, and waiting is billed.
        whole = at_work.senders * seconds * batch_s / (batch_s + stages.gather_s)
        throttled = at_work.waiting and not looks
        self.billed_s["sender"] += whole if throttled else min(whole, batches * (batch_s - spared))
        self.invocations["sender"] += batches

    def _note_counters(
        self, stages: Stages, counted: float, at_work: AtWork, seconds: float
    ) -> None:
        if counted <= NOTHING:
            return
        # A batch waits a second at most; a shard that brings little fills it little.
        by_shard = counted / seconds / at_work.shards
        fill = max(1.0, min(shape.STATS_BATCH, by_shard))
        batch_s = shape.STATS_BATCH / stages.shard_per_s
        spared = stages.cpu_s("stats", shape.STATS_BATCH - fill)
        self.invocations["stats"] += counted / fill
        self.billed_s["stats"] += counted / fill * (batch_s - spared)
