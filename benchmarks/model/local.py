"""The same model of one machine, to be held against what was measured there.

A local stack has none of AWS's limits. It has processors, and one process that plays all of AWS and
is never more than one processor. How much CPU a message takes of each is measured, by the system's
own accounting; how long a run takes is not used. So what the model says about seconds is a
prediction: whether messages that cost so much CPU, moved in these pages and batches by so many
functions, take as long as they did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any, Final

from benchmarks.deliveries import Delivery
from benchmarks.model import shape
from benchmarks.model.course import Course
from benchmarks.model.flow import Flow
from benchmarks.model.limits import AWS
from benchmarks.model.measured import CALIBRATED_AT
from benchmarks.model.settings import Settings
from benchmarks.model.stages import COUNT, MAKE, SEND, Stages
from benchmarks.model.timings import Timings
from benchmarks.model.walls import Wall

EMULATOR: Final = "the emulator's one process"
PROCESSORS: Final = "the machine's processors"

TOLERANCE: Final = 0.35
"""How far a prediction may be off, as a share of what was measured: the runs themselves differ by a
tenth on a machine that others use too, and the emulator is a program, not a service."""

SETTINGS: Final = Settings(slices=3, fanout_concurrency=5, sender_concurrency=5)
"""Those of every local stack: `local.context`. A test holds them to it."""

_CHANGES: Final = sum(shape.STREAM_RECORDS.values())

# Which part of the emulator's work is for which stage, by requests: a message is scanned, inserted
# and rung for; received, read, claimed, recorded, deleted; counted.
_EMULATOR: Final = {MAKE: 0.3, SEND: 0.55, COUNT: 0.15}

_CALL_S: Final = 0.003
"""A request to the emulator when nothing else is asked of it, with what is not its CPU."""

_START_S: Final = 0.35
"""From the API's answer to the first page: the planner's stream, the start's command, the slices'
commands, each polled for ten times a second."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine, and CPU milliseconds that one message takes of each group on it."""

    processors: float
    cpu_ms: Mapping[str, float]
    settings: Settings = SETTINGS

    @classmethod
    def of(cls, runs: Sequence[Delivery], processors: float) -> "Machine":
        """From the CPU of runs at a gateway without latency."""
        found = [each for each in runs if each.latency_ms == CALIBRATED_AT]
        groups = ("emulator", "gateway", "fanout", "sender", "stats")
        return cls(processors, {name: fmean(run.cpu_ms(name) for run in found) for name in groups})

    @property
    def shards(self) -> float:
        """The emulator's streams have one."""
        return 1.0

    def walls(self) -> Sequence[Wall]:
        """Its processors, and the one that the emulator can use."""
        emulator = {stage: part * self.cpu_ms["emulator"] for stage, part in _EMULATOR.items()}
        functions = {
            MAKE: self.cpu_ms["fanout"],
            SEND: self.cpu_ms["sender"] + self.cpu_ms["gateway"],
            COUNT: self.cpu_ms["stats"],
        }
        together = {stage: emulator[stage] + functions[stage] for stage in functions}
        return [
            Wall(EMULATOR, 1000, _by_change(emulator)),
            Wall(PROCESSORS, 1000 * self.processors, _by_change(together)),
        ]

    def spend(self, moved: Mapping[str, float], *, at: float, seconds: float) -> None:
        """Nothing of a machine grows with use."""

    def run(self, clients: int, latency_ms: float) -> Course:
        """One mailing, from the API's answer on."""
        cpu = {name: self.cpu_ms[name] for name in ("fanout", "sender")}
        cpu["stats"] = self.cpu_ms["stats"] / _CHANGES
        timings = Timings(
            get_s=_CALL_S,
            scan_s=_CALL_S,
            batch_get_s=_CALL_S,
            batch_write_s=_CALL_S,
            transact_s=_CALL_S,
            queue_s=_CALL_S,
            cold_start_s=0.0,
            gateway_s=latency_ms / 1000,
            cpu_ms=cpu,
        )
        whole = dict.fromkeys(shape.MEMORY_MB, AWS.vcpu_mb)
        stages = Stages(settings=self.settings, timings=timings, limits=AWS, memory_mb=whole)
        first_s = _START_S + stages.page_s
        return Flow(
            recipients=clients,
            settings=self.settings,
            stages=stages,
            limits=AWS,
            world=self,
            begins_s=_START_S,
            first_s=first_s,
            ramps=False,
        ).run()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measured run, and what the model says of it."""

    clients: int
    latency_ms: int
    measured_s: float
    predicted_s: float

    @property
    def error(self) -> float:
        """How far the prediction is off, as a share of what was measured; positive if slower."""
        return self.predicted_s / self.measured_s - 1

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return asdict(self) | {"error": self.error, "holds": self.holds}

    @property
    def holds(self) -> bool:
        """Whether it is within the tolerance."""
        return abs(self.error) <= TOLERANCE


def check(measured: Sequence[Delivery], *, processors: Sequence[float]) -> Sequence[Comparison]:
    """Every measured run beside its prediction, from the CPU of the runs without latency alone.

    `processors`: what there was of them for each run, as others may have used the machine too. The
    more of it was theirs, the less a run proves: with nothing left idle, CPU and seconds are one.
    """
    return [
        Comparison(
            clients=run.clients,
            latency_ms=run.latency_ms,
            measured_s=run.seconds,
            predicted_s=Machine.of(measured, free).run(run.clients, run.latency_ms).last_s,
        )
        for run, free in zip(measured, processors, strict=True)
    ]


def _by_change(by_message: Mapping[str, float]) -> Mapping[str, float]:
    """The counters' costs are of one change, of which a message makes three."""
    return {**by_message, COUNT: by_message[COUNT] / _CHANGES}
