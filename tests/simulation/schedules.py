"""EventBridge Scheduler: fires anywhere within a minute, at least once, and sometimes otherwise."""

from datetime import datetime, timedelta

from carillon.models.commands import Command
from tests.simulation.faults import Faults
from tests.simulation.kernel import Kernel
from tests.simulation.queue import SimulatedQueue


class SimulatedSchedules:
    """The port `Schedules`; what fires goes to `target`."""

    def __init__(self, kernel: Kernel, faults: Faults, target: SimulatedQueue) -> None:
        self._kernel = kernel
        self._faults = faults
        self._target = target
        self._names: set[str] = set()

    def create(self, name: str, *, at: datetime, command: Command) -> None:
        if name in self._names:
            return
        self._names.add(name)
        if self._faults.strikes("schedule_lost"):
            return
        for _ in range(2 if self._faults.strikes("schedule_twice") else 1):
            self._kernel.at(at + self._off(), lambda: self._fire(name, command))

    def delete(self, name: str) -> None:
        self._names.discard(name)

    def _off(self) -> timedelta:
        dice = self._kernel.dice
        if self._faults.strikes("schedule_early"):
            return timedelta(seconds=dice.uniform(-60, 0))
        late = self._faults.strikes("schedule_late")
        return timedelta(seconds=dice.uniform(0, 60) if late else 0)

    def _fire(self, name: str, command: Command) -> None:
        if name in self._names or self._faults.strikes("schedule_undead"):
            self._target.put(command.model_dump_json(), 0)
