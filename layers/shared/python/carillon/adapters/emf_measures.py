"""Measures as lines of the function's log, which CloudWatch turns into metrics by itself.

No call of AWS is made, so measuring costs no time: a few additions, and one line at the end of an
invocation, in Powertools' embedded metric format. Two lines where a spread has more than the 100
values that one may hold.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

from carillon.models.measures import Measure

logger = logging.getLogger(__name__)

_LEVELS: Final = {logging.WARNING: "WARN", logging.ERROR: "ERROR"}
"""What a line calls itself where Lambda drops those of lesser levels: one without a level counts as
INFO, and with it would go all metrics and alarms.
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
"""

E = TypeVar("E")
C = TypeVar("C")
A = TypeVar("A")


class EmfMeasures:
    """The port `Measures` of one process; `POWERTOOLS_METRICS_NAMESPACE` and
    `POWERTOOLS_SERVICE_NAME` say whose they are.

    Args:
        level: the least severe level that the function logs, as `logging` numbers it.
    """

    def __init__(self, level: int = logging.INFO) -> None:
        self._level = _LEVELS.get(level)
        self._seen: dict[Measure, list[float]] = {}

    def add(self, measure: Measure, value: float = 1) -> None:
        """Remember it until the invocation is over."""
        values = self._seen.setdefault(measure, [])
        if measure.kind == "each" or not values:
            values.append(value)
        elif measure.kind == "sum":
            values[0] += value
        else:
            values[0] = value

    def flushed(self, handler: Callable[[E, C], A]) -> Callable[[E, C], A]:
        """The handler, with what its invocation measured told at its end, also where it fails."""

        @wraps(handler)
        def and_tell(event: E, context: C) -> A:
            try:
                return handler(event, context)
            finally:
                self.flush()

        return and_tell

    def flush(self) -> None:
        """Tell what was seen, if anything was; a failure is told in the log and nowhere else."""
        seen, self._seen = self._seen, {}
        try:
            self._tell(seen)
        except Exception as error:  # measuring is beside the work, and must not undo it
            logger.warning("measures not told", extra={"error": type(error).__name__})

    def _tell(self, seen: dict[Measure, list[float]]) -> None:
        emf = AmazonCloudWatchEMFProvider()
        if self._level:
            emf.add_metadata("level", self._level)
        # Spreads last: with the hundredth value of one Powertools prints all that it has so far.
        for measure in sorted(seen, key=lambda each: each.kind == "each"):
            for value in seen[measure]:
                emf.add_metric(measure.name, str(measure.unit), value)
        if emf.metric_set:
            print(json.dumps(emf.serialize_metric_set(), separators=(",", ":")))
