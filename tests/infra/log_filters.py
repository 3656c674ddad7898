"""CloudWatch's metric filters, evaluated as far as ours use them: conditions on a line of JSON.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.infra.alarming import Series
from tests.infra.template import Template, target

_CONDITION = re.compile(r'\$\.([\w.]+) (=|!=) "(\w[\w.]*)"')


@dataclass(frozen=True)
class LogFilter:
    """A filter by its properties in the template."""

    properties: Mapping[str, Any]

    @property
    def group(self) -> str:
        """The logical id of the log group that it reads."""
        return target(self.properties["LogGroupName"])

    def take(self, series: Series, lines: Iterable[Mapping[str, Any]], *, at_s: int) -> None:
        """What the log holds, as CloudWatch takes the filter's metric from it."""
        [metric] = self.properties["MetricTransformations"]
        assert "DefaultValue" not in metric, "it would be emitted, and paid for, all the time"
        found = [float(metric["MetricValue"]) for line in lines if self._matches(line)]
        series.put(metric["MetricNamespace"], metric["MetricName"], {}, at_s, *found)

    def _matches(self, line: Mapping[str, Any]) -> bool:
        conditions = self.properties["FilterPattern"].strip("{} ").split(" && ")
        return all(_holds(each, line) for each in conditions)


def log_filters(template: Template) -> list[LogFilter]:
    """All of a template."""
    return [LogFilter(each) for each in template.of_type("AWS::Logs::MetricFilter").values()]


def report(status: str) -> dict[str, Any]:
    """The line with which Lambda ends an invocation, in the words that it documents.

    https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report
    """
    return {
        "time": "2026-11-21T12:00:00.000Z",
        "type": "platform.report",
        "record": {
            "requestId": "79b4f56e-95b1-4643-9700-2807f4e68189",
            "metrics": {
                "durationMs": 101.51,
                "billedDurationMs": 102,
                "memorySizeMB": 512,
                "maxMemoryUsedMB": 33,
            },
            "status": status,
        },
    }


def _holds(condition: str, line: Mapping[str, Any]) -> bool:
    """Of a property that is not there neither condition holds."""
    match = _CONDITION.fullmatch(condition.strip())
    if match is None:
        raise ValueError(f"no filter of ours has it: {condition}")
    path, sign, wanted = match.groups()
    found: Any = line
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return bool(found == wanted) == (sign == "=")
