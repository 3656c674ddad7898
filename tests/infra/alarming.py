"""CloudWatch's alarms, evaluated: a template's alarm over series of metrics, minute by minute.

What is built here is what AWS documents, as far as our alarms use it: a value for each period from
the statistic or from metric math, `M` breaching values of the last `N`, and what stands in for
values that are missing. Anything else is refused, so that no alarm is tested as something that it
is not.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import ast
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tests.infra.template import Template, text
from tests.measuring import emitted

Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""Namespace, name and dimensions."""

Value = float | None
"""None where it is missing."""

LOOKS_BACK_FURTHER = 2
"""More values than it evaluates are looked at, for real ones to take the place of missing ones; in
AWS's own example two more. (Second page.)"""

_STATISTICS: Mapping[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "SampleCount": len,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


@dataclass
class Series:
    """Values of metrics by the second at which they came in."""

    _values: dict[Key, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))

    def put(
        self, namespace: str, name: str, dimensions: Mapping[str, str], at_s: int, *values: float
    ) -> None:
        """Values of one metric."""
        key = (namespace, name, tuple(dimensions.items()))
        self._values[key] += [(at_s, value) for value in values]

    def take(self, lines: Iterable[Mapping[str, Any]], at_s: int) -> None:
        """What a function's log holds, as CloudWatch takes metrics from it."""
        for line in lines:
            for metric, values in emitted(line).items():
                self.put(metric.namespace, metric.name, dict(metric.dimensions), at_s, *values)

    def value(self, key: Key, statistic: str, period_s: int, number: int) -> Value:
        """Of the period with that number."""
        found = [value for at_s, value in self._values[key] if at_s // period_s == number]
        return float(_STATISTICS[statistic](found)) if found else None


@dataclass(frozen=True)
class Alarm:
    """An alarm by its properties in the template."""

    properties: Mapping[str, Any]

    @property
    def period_s(self) -> int:
        """Of one value; metrics of several lengths are refused."""
        if "Period" in self.properties:
            return int(self.properties["Period"])
        [period_s] = {each["MetricStat"]["Period"] for each in self._queries().values()}
        return int(period_s)

    def looks_at(self) -> set[Key]:
        """The metrics that it looks at."""
        if "MetricName" in self.properties:
            return {_key(self.properties)}
        return {_key(each["MetricStat"]["Metric"]) for each in self._queries().values()}

    def story(self, series: Series, *, until_s: int) -> list[str]:
        """The states that it goes through from the start on, each named once."""
        states = [self._state(series, last) for last in range((until_s + 1) // self.period_s)]
        return [state for state, _ in groupby(states)]

    def _state(self, series: Series, last: int) -> str:
        """Once the period with the number `last` is over."""
        periods = self.properties["EvaluationPeriods"]
        first = max(0, last + 1 - periods - LOOKS_BACK_FURTHER)
        values = [self._value(series, number) for number in range(first, last + 1)]
        real = [each for each in values if each is not None][-periods:]
        breaching = sum(map(self._is_breaching, real))
        if self.properties["TreatMissingData"] == "breaching":
            breaching += periods - len(real)
        elif self.properties["TreatMissingData"] != "notBreaching":
            raise ValueError(f"no alarm of ours has it: {self.properties['TreatMissingData']}")
        return "ALARM" if breaching >= self.properties["DatapointsToAlarm"] else "OK"

    def _is_breaching(self, value: float) -> bool:
        compare = _COMPARISONS[self.properties["ComparisonOperator"]]
        return compare(value, self.properties["Threshold"])

    def _value(self, series: Series, number: int) -> Value:
        if "MetricName" in self.properties:
            statistic = self.properties["Statistic"]
            return series.value(_key(self.properties), statistic, self.period_s, number)
        known = {
            name: series.value(
                _key(query["MetricStat"]["Metric"]),
                query["MetricStat"]["Stat"],
                self.period_s,
                number,
            )
            for name, query in self._queries().items()
        }
        [expression] = [
            each["Expression"] for each in self.properties["Metrics"] if each.get("ReturnData")
        ]
        return math(expression, known)

    def _queries(self) -> dict[str, Any]:
        return {each["Id"]: each for each in self.properties["Metrics"] if "MetricStat" in each}


def math(expression: str, known: Mapping[str, Value]) -> Value:
    """Metric math on one value of each metric; what is missing stays missing until it is filled."""
    python = expression.replace(" AND ", " and ").replace(" OR ", " or ")
    return _of(ast.parse(python, mode="eval").body, known)


_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
}


def _of(node: ast.expr, known: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(int() | float() as number):
            return float(number)
        case ast.Name(name):
            return known[name]
        case ast.Call(ast.Name("FILL"), [series, filling]):
            value = _of(series, known)
            return _of(filling, known) if value is None else value
        case ast.Call(ast.Name("IF"), [condition, then, otherwise]):
            truth = _of(condition, known)
            return None if truth is None else _of(then if truth else otherwise, known)
        case ast.BoolOp(ast.And(), operands):
            truths = [_of(each, known) for each in operands]
            return None if None in truths else float(all(truths))
        case ast.BinOp(left, ast.Div(), right):
            parts = _of(left, known), _of(right, known)
            # A division by zero yields no value.
            return None if None in parts or not parts[1] else (parts[0] or 0.0) / parts[1]
        case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
            a, b = _of(left, known), _of(right, known)
            return None if a is None or b is None else float(_OPERATORS[type(sign)](a, b))
    raise ValueError(f"no alarm of ours computes so: {ast.unparse(node)}")


def _key(metric: Mapping[str, Any]) -> Key:
    named = metric.get("Dimensions", [])
    dimensions = tuple((each["Name"], text(each["Value"])) for each in named)
    return metric["Namespace"], metric["MetricName"], dimensions


def alarms(template: Template) -> dict[str, Alarm]:
    """By the names of their rules."""
    found = {
        re.sub(r"^MonitoringAlarms|[0-9A-F]{8}$", "", name): Alarm(properties)
        for name, properties in template.of_type("AWS::CloudWatch::Alarm").items()
    }
    assert len(found) >= 9
    return found
