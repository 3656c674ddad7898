"""What Carillon measures of itself."""

from typing import Protocol

from carillon.models.measures import Measure


class Measures(Protocol):
    """Takes what a use case has seen; never fails, never waits, and so raises nothing."""

    def add(self, measure: Measure, value: float = 1) -> None:
        """So many more of a sum, the present value of a gauge, one value of a spread."""
        ...
