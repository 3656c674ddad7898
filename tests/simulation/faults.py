"""What goes wrong, by a share of occasions each; and ports that suffer it."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

from carillon.errors import Unavailable
from tests.simulation.kernel import Kernel, Killed


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of occasions on which each fault strikes; all zero is calm."""

    crash_before: float = 0.0
    crash_after: float = 0.0
    aws_fails: float = 0.0
    answer_lost: float = 0.0
    slow: float = 0.0
    record_twice: float = 0.0
    record_late: float = 0.0
    stream_again: float = 0.0
    schedule_twice: float = 0.0
    schedule_lost: float = 0.0
    tick_lost: float = 0.0

    def scaled(self, factor: float) -> "Rates":
        """All of them times `factor`."""
        return replace(self, **{name: getattr(self, name) * factor for name in self.__slots__})


ROUGH = Rates(
    crash_before=0.004,
    crash_after=0.004,
    aws_fails=0.01,
    answer_lost=0.006,
    slow=0.01,
    record_twice=0.05,
    record_late=0.05,
    stream_again=0.1,
    schedule_twice=0.1,
    schedule_lost=0.1,
    tick_lost=0.1,
)
"""A bad day: about one invocation in five meets something."""


@dataclass(slots=True)
class Faults:
    """Throws the dice for each fault, and counts what it did."""

    kernel: Kernel
    rates: Rates
    injected: Counter[str] = field(default_factory=Counter)

    def strikes(self, name: str) -> bool:
        """Whether this fault happens now."""
        if self.kernel.dice.random() >= getattr(self.rates, name):
            return False
        self.injected[name] += 1
        return True


class Suffering:
    """A port whose calls take time, fail, succeed without an answer, or are the process's last."""

    def __init__(self, port: object, faults: Faults) -> None:
        self._port = port
        self._faults = faults

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = cast(Callable[..., object], getattr(self._port, name))

        def call(*args: Any, **kwargs: Any) -> object:
            self._before()
            result = method(*args, **kwargs)
            if isinstance(result, Iterator):
                result = list(result)
            self._after()
            return result

        return call

    def _before(self) -> None:
        faults = self._faults
        dice = faults.kernel.dice
        faults.kernel.sleep(dice.uniform(0.5, 3.0) if faults.strikes("slow") else 0.005)
        if faults.strikes("crash_before"):
            raise Killed
        if faults.strikes("aws_fails"):
            raise Unavailable("simulated: throttled")

    def _after(self) -> None:
        if self._faults.strikes("crash_after"):
            raise Killed
        if self._faults.strikes("answer_lost"):
            raise Unavailable("simulated: done, but the answer was lost")
