"""What it costs: a million delivered messages, and a month in which nothing happens.

Counts, not times, are turned into money, line by line, by the prices in `prices.toml`. Each line is
given at list price, as if the account had no allowance or had used it up elsewhere, and with what
AWS gives every account for ever, as if nothing else were in the account.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.counting import Counts

PRICES: Final = Path(__file__).with_name("prices.toml")
MILLION: Final = 1_000_000
GB: Final = 1_000_000_000

MONTH_MINUTES: Final = 730 * 60
"""AWS's month has 730 hours. https://aws.amazon.com/calculator/calculator-assumptions/"""

POLLERS: Final = 5
"""Of an idle SQS event source: Lambda goes down to five at a time, and to two only where no maximum
of concurrency is set. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""

POLLERS_WITHOUT_MAXIMUM: Final = 2

LONG_POLL_S: Final = 20
"""The longest that a ReceiveMessage waits; an idle poller asks again after it.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html"""

BYTES_OUT_PER_CALL: Final = 1000
"""Of a call of the gateway: a text, a token and headers in some 700 bytes, with what TLS adds."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many of something, at a price."""

    number: float
    list_usd: float
    free_usd: float
    """With the month's allowance taken off."""


@dataclass(frozen=True, slots=True)
class Bill:
    """All lines by what they are for, in the order in which they are told."""

    lines: Mapping[str, Line]

    @property
    def total(self) -> float:
        """US dollars at list price."""
        return sum(each.list_usd for each in self.lines.values())

    @property
    def total_with_allowances(self) -> float:
        """US dollars in an account that has all of its allowances left."""
        return sum(each.free_usd for each in self.lines.values())

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "lines": {
                name: {"number": line.number, "list": line.list_usd, "with_free": line.free_usd}
                for name, line in self.lines.items()
            },
            "list": self.total,
            "with_free": self.total_with_allowances,
        }

    def __str__(self) -> str:
        rows = [f"{'':46}{'number':>14}{'list $':>10}{'with free $':>13}"]
        rows += [
            f"{name:46}{line.number:>14,.2f}{line.list_usd:>10.4f}{line.free_usd:>13.4f}"
            for name, line in self.lines.items()
        ]
        rows.append(f"{'together':60}{self.total:>10.4f}{self.total_with_allowances:>13.4f}")
        return "\n".join(rows)


class Prices:
    """The file; asked for a price that it does not have, it raises KeyError."""

    def __init__(self, file: Path = PRICES) -> None:
        self._of: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))

    def bill(self, items: Mapping[str, tuple[float, str]]) -> Bill:
        """Of numbers by what they are for, each with the name of its price.

        An allowance is used up by the lines in their order.
        """
        left = {name: float(price["free"]) for name, price in self._of.items() if _is_price(price)}
        lines = {}
        for what, (number, name) in items.items():
            free = min(number, left[name])
            left[name] -= free
            each = self._of[name]["each"]
            lines[what] = Line(number, number * each, (number - free) * each)
        return Bill(lines)


def bill(counts: Counts, prices: Prices) -> Bill:
    """What these counts cost, for a million messages of their kind."""
    times = MILLION / counts.messages
    gb_s = sum(
        ms / 1000 * counts.memory_mb[function] / 1024 for function, ms in counts.billed_ms.items()
    )
    sums = counts.sums()
    return prices.bill(
        {
            "write units": (sums["write units"] * times, "write_unit"),
            "read units": (sums["read units"] * times, "read_unit"),
            "SQS requests": (sums["SQS requests"] * times, "sqs_request"),
            "invocations": (sums["invocations"] * times, "lambda_request"),
            "GB-seconds": (gb_s * times, "lambda_gb_s"),
            "GB of logs": (sums["log bytes"] * times / GB, "log_gb"),
            "GB to the gateway": (
                sums["gateway calls"] * times * BYTES_OUT_PER_CALL / GB,
                "gb_out",
            ),
        }
    )


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What one tick of an idle stack asks for, and the metrics of ours that it emits."""

    counts: Counts
    metrics: int


def idle_month(template: Mapping[str, Any], tick: Tick, prices: Prices) -> Bill:
    """What the stack of this template costs in a month without a mailing, a client or a caller."""
    counts, sums = tick.counts, tick.counts.sums()
    gb_s = sum(ms / 1000 * counts.memory_mb[name] / 1024 for name, ms in counts.billed_ms.items())
    sent = sum(
        number for action, number in counts.sqs_requests.items() if action != "ReceiveMessage"
    )
    month = MONTH_MINUTES
    return prices.bill(
        {
            "secrets": (_number(template, "AWS::SecretsManager::Secret"), "secret"),
            "metrics that alarms look at": (alarm_metrics(template), "alarm_metric"),
            "metrics of its own": (tick.metrics, "metric"),
            "dashboards": (_number(template, "AWS::CloudWatch::Dashboard"), "dashboard"),
            "SQS requests of idle pollers": (polls(template), "sqs_request"),
            # One more, with which Scheduler sends the command.
            "SQS requests of ticks": ((sent + 1) * month, "sqs_request"),
            "invocations by Scheduler": (month, "schedule_invocation"),
            "invocations of ticks": (sums["invocations"] * month, "lambda_request"),
            "GB-seconds of ticks": (gb_s * month, "lambda_gb_s"),
            "read units of ticks": (sums["read units"] * month, "read_unit"),
            "write units of ticks": (sums["write units"] * month, "write_unit"),
            "GB of ticks' logs": (sums["log bytes"] * month / GB, "log_gb"),
        }
    )


def alarm_metrics(template: Mapping[str, Any]) -> int:
    """One for each metric that an alarm looks at; an expression over them is none."""
    return sum(
        sum("MetricStat" in each for each in alarm["Metrics"]) if "Metrics" in alarm else 1
        for alarm in _of_type(template, "AWS::CloudWatch::Alarm")
    )


def polls(template: Mapping[str, Any]) -> float:
    """Requests of a month with which Lambda asks empty queues, by all of their event sources."""
    pollers = 0
    for source in _of_type(template, "AWS::Lambda::EventSourceMapping"):
        if "StartingPosition" in source:
            continue  # a stream, which Lambda reads for nothing
        has_maximum = "MaximumConcurrency" in source.get("ScalingConfig", {})
        pollers += POLLERS if has_maximum else POLLERS_WITHOUT_MAXIMUM
    return pollers * MONTH_MINUTES * 60 / LONG_POLL_S


def _number(template: Mapping[str, Any], kind: str) -> int:
    return len(_of_type(template, kind))


def _of_type(template: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [each["Properties"] for each in template["Resources"].values() if each["Type"] == kind]


def _is_price(value: object) -> bool:
    return isinstance(value, dict) and "each" in value
