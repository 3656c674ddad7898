"""What the model is asked: three sizes, four gateways, two deployments, and what to raise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from benchmarks.model import advice
from benchmarks.model.advice import Step
from benchmarks.model.course import Course
from benchmarks.model.measured import Measured
from benchmarks.model.money import Bill, Prices, bill
from benchmarks.model.scenario import Scenario
from benchmarks.model.settings import DEFAULT, TUNED, Settings
from benchmarks.model.timings import Timings

SIZES: Final = (10_000, 1_000_000, 10_000_000)
GATEWAYS: Final = (50.0, 500.0, 5_000.0, None)
"""Messages a second that it takes; the last one takes all, each in 200 ms."""

DEPLOYMENTS: Final = {"default": DEFAULT, "tuned": TUNED}

_PEAK_S: Final = 5.0

KEYS_TRIED: Final = 64
"""How many partition keys a mailing might have instead."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One mailing, run."""

    deployment: str
    scenario: Scenario
    course: Course
    bill: Bill
    steps: Sequence[Step]

    @property
    def mean_per_s(self) -> float:
        """From the first call to the last answer."""
        return self.course.recipients / (self.course.last_s - self.course.first_s)

    @property
    def peak_per_s(self) -> float:
        """In the best five seconds, or in the best span where that is longer."""
        return max(self._rates())

    def _rates(self) -> Iterator[float]:
        moments = self.course.moments
        begin = 0
        for number, moment in enumerate(moments):
            if moment.at - moments[begin].at >= _PEAK_S or number == len(moments) - 1:
                passed = moment.at - moments[begin].at
                if passed:
                    yield (moment.sent - moments[begin].sent) / passed
                begin = number

    @property
    def in_flight_peak(self) -> float:
        """Records that senders hold at once, at most."""
        return max(moment.in_flight for moment in self.course.moments)

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        limit, share = advice.bottleneck(self.course)
        settings = self.scenario.settings
        return {
            "recipients": self.course.recipients,
            "gateway_per_s": settings.gateway_parts_per_s,
            "deployment": self.deployment,
            "settings": asdict(settings),
            "first_s": self.course.first_s,
            "last_s": self.course.last_s,
            "counted_s": self.course.counted_s,
            "finished_s": self.scenario.closed_s(self.course),
            "mean_per_s": self.mean_per_s,
            "peak_per_s": self.peak_per_s,
            "in_flight_peak": self.in_flight_peak,
            "bottleneck": limit,
            "bottleneck_share": share,
            "limited_s": dict(self.course.limited_s),
            "raise": [
                {"limit": each.limit, "setting": each.words, "last_s": each.last_s}
                for each in self.steps
            ],
            "bill": dict(self.bill.lines) | {"total": self.bill.total},
        }


@dataclass(frozen=True, slots=True)
class Study:
    """The model with what was measured."""

    measured: Measured
    prices: Prices

    def scenario(self, recipients: int, settings: Settings) -> Scenario:
        """A mailing whose functions take as much CPU as was measured."""
        timings = replace(Timings(), cpu_ms=self.measured.cpu_ms)
        return Scenario(recipients=recipients, settings=settings, timings=timings)

    def row(self, recipients: int, deployment: str, gateway: float | None) -> Row:
        """One of the table."""
        settings = DEPLOYMENTS[deployment].at_gateway(gateway)
        scenario = self.scenario(recipients, settings)
        course = scenario.run()
        return Row(
            deployment=deployment,
            scenario=scenario,
            course=course,
            bill=bill(course, self.measured.per_message, self.prices),
            steps=advice.steps(scenario, course),
        )

    def rows(self) -> Iterator[Row]:
        """All, the sizes of one gateway together."""
        for gateway in GATEWAYS:
            for recipients in SIZES:
                for deployment in DEPLOYMENTS:
                    yield self.row(recipients, deployment, gateway)

    def with_more_keys(self) -> Mapping[int, tuple[float, float]]:
        """For each large size at an unlimited gateway, tuned: seconds to the last answer with the
        partition keys that a mailing has, and with more of them."""
        found: dict[int, tuple[float, float]] = {}
        for recipients in SIZES[1:]:
            scenario = self.scenario(recipients, TUNED)
            more = replace(scenario, keys=KEYS_TRIED)
            found[recipients] = scenario.run().last_s, more.run().last_s
        return found
