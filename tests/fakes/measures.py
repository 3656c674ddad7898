"""A fake of what measures are given to: it keeps them."""

from collections import defaultdict

from carillon.models.measures import Measure


class FakeMeasures:
    """`told` holds every value of each measure, in order."""

    def __init__(self) -> None:
        self.told: dict[Measure, list[float]] = defaultdict(list)

    def add(self, measure: Measure, value: float = 1) -> None:
        self.told[measure].append(value)

    def sums(self) -> dict[str, float]:
        """What the values of each measure add up to, by its name."""
        return {measure.name: sum(values) for measure, values in self.told.items()}
