"""The dashboard, from top to bottom: is it well, is it fast, what waits, what costs, the counts.

Its body is written as CloudWatch reads it, so that a test can compare it with what is emitted.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.alarms import Alarms
from infra.catalogue import measures as m
from infra.environment import Environment
from infra.metrics import Metric, Sources
from infra.widget import Widget

WIDTH: Final = 24
"""Of the grid that widgets lie on. (Same page.)"""
_HEIGHT: Final = 6
_TITLE_HEIGHT: Final = 2

Body = dict[str, Any]


class Dashboard(Construct):
    """One for the stack: of the three that an account has for free."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        sources: Sources,
        alarms: Alarms,
        widget: Widget,
        environment: Environment,
    ) -> None:
        super().__init__(scope, construct_id)
        self._sources = sources
        self._region = Stack.of(self).region
        sections: list[list[Body]] = [
            self._well([each.attr_arn for each in alarms.by_name.values()], environment),
            self._fast(),
            self._waits(),
            self._costs(),
            _counts(widget.function.function_arn),
        ]
        body = {"start": "-PT3H", "widgets": list(_laid_out(sections))}
        text = Stack.of(self).to_json_string(body)
        self.name = cloudwatch.CfnDashboard(self, "Body", dashboard_body=text).ref

    def _well(self, alarms: Sequence[str], environment: Environment) -> list[Body]:
        see = f"What each alarm means, and what to do: {environment.docs_url}operations.md"
        ours = self._sources.ours
        calls = [ours(each) for each in (m.ACCEPTED, m.REFUSED, *m.RETRIES)]
        working = [ours(each) for each in (m.ACCEPTED, m.REFUSED, m.THROTTLED)]
        return [
            _text("Is it well?", see),
            {
                "type": "alarm",
                "width": 12,
                "height": _HEIGHT,
                "properties": {"title": "Alarms", "alarms": list(alarms)},
            },
            self._graph(
                "Messages by outcome", [ours(each) for each in m.OUTCOMES.values()], stacked=True
            ),
            self._ratio("Gateway: calls that it answered as agreed, %", working, calls),
            self._graph("Calls to be tried again, by cause", [ours(each) for each in m.RETRIES]),
            self._graph(
                "Gateway: served, in vain; breakers that opened, messages put off",
                [ours(each) for each in (m.SERVED, m.IN_VAIN, m.BREAKER_OPENED, m.SPARED)],
            ),
            self._graph("Messages that ended as failed or unknown", [ours(m.LOST)]),
            self._graph("Dead letters", [ours(m.DEAD_LETTERS, label="all"), *self._dead()]),
            self._graph("Functions: errors", self._of_functions("Errors"), stacked=True),
            self._graph("Functions: throttled", self._of_functions("Throttles"), stacked=True),
            self._graph(
                "API and page: answers 4xx and 5xx",
                [self._sources.of_api("4xx"), self._sources.of_api("5xx")],
            ),
            self._graph(
                "Repairs by the tick: work that had stalled, lost hints, lost doorbells",
                [ours(m.STALLED), ours(m.LOST_HINTS), ours(m.SEARCHES)],
            ),
        ]

    def _fast(self) -> list[Body]:
        ours, api = self._sources.ours, self._sources.of_api
        return [
            _text("Is it fast?", "Latencies in ms, rates a second, starts in seconds."),
            self._graph("Gateway: latency", _spread(ours(m.LATENCY, "p50"), "p50", "p90", "p99")),
            self._rates("Messages and clients a second", [m.SELECTED, m.MADE, m.SENT]),
            self._graph(
                "From a mailing's start to its first message",
                _spread(ours(m.FIRST_AFTER, "p50"), "p50", "Maximum"),
            ),
            self._graph(
                "From a mailing's start to its last message",
                _spread(ours(m.LAST_AFTER, "p50"), "p50", "Maximum"),
            ),
            self._rates("Pace: SMS parts a second", [m.PARTS_GRANTED]),
            self._graph(
                "Pace: how far ahead it is given out, and slowings",
                [ours(m.PACE_AHEAD, "Maximum"), ours(m.PACE_SLOWED)],
            ),
            self._graph("Openings of local hours", [ours(m.WAVES)]),
            self._graph("API and page: latency", _spread(api("Latency", "p50"), "p50", "p99")),
        ]

    def _waits(self) -> list[Body]:
        queue, ours = self._sources.of_queue, self._sources.ours
        deep = {
            "ApproximateNumberOfMessagesVisible": "ready",
            "ApproximateNumberOfMessagesDelayed": "put off",
            "ApproximateNumberOfMessagesNotVisible": "at work",
        }
        return [
            _text("What waits?", "A record that is put off is a retry, the pace, or closed hours."),
            *(
                self._graph(
                    f"{name} queue",
                    [
                        Metric(**{**vars(queue(name, metric, "Maximum")), "label": label})
                        for metric, label in deep.items()
                    ],
                    stacked=True,
                )
                for name in self._sources.queues
            ),
            self._graph(
                "Age of the oldest record, s",
                [
                    queue(name, "ApproximateAgeOfOldestMessage", "Maximum")
                    for name in self._sources.queues
                ],
            ),
            self._graph(
                "Streams: age of the oldest change, ms",
                [
                    self._sources.of_function(name, "IteratorAge", "Maximum")
                    for name in ("planner", "stats")
                ],
            ),
            self._graph("Mailings: running, overdue", [ours(m.RUNNING), ours(m.OVERDUE)]),
        ]

    def _costs(self) -> list[Body]:
        queues = [*self._sources.queues, *self._sources.dead_letters]
        table, queue = self._sources.of_table, self._sources.of_queue
        return [
            _text("What costs?", "Sums; prices are in docs/operations.md."),
            self._graph("Invocations", self._of_functions("Invocations"), stacked=True),
            self._graph("Duration, ms in all", self._of_functions("Duration"), stacked=True),
            self._graph(
                "DynamoDB: write units, without indexes",
                [table(name, "ConsumedWriteCapacityUnits") for name in self._sources.tables],
                stacked=True,
            ),
            self._graph(
                "DynamoDB: read units, without indexes",
                [table(name, "ConsumedReadCapacityUnits") for name in self._sources.tables],
                stacked=True,
            ),
            *(
                self._graph(f"SQS: {title}", [queue(each, metric) for each in queues], stacked=True)
                for metric, title in (
                    ("NumberOfMessagesSent", "sent"),
                    ("NumberOfMessagesReceived", "received"),
                    ("NumberOfEmptyReceives", "polled in vain"),
                )
            ),
            self._graph(
                "Log bytes",
                [self._sources.of_logs(name) for name in self._sources.log_groups],
                stacked=True,
            ),
            self._graph("API and page: requests", [self._sources.of_api("Count")]),
        ]

    def _dead(self) -> list[Metric]:
        visible, of_queue = "ApproximateNumberOfMessagesVisible", self._sources.of_queue
        return [of_queue(name, visible, "Maximum") for name in self._sources.dead_letters]

    def _of_functions(self, metric: str) -> list[Metric]:
        return [self._sources.of_function(name, metric) for name in self._sources.functions]

    def _graph(self, title: str, metrics: Iterable[Metric], *, stacked: bool = False) -> Body:
        return self._metric(title, [each.drawn() for each in metrics], stacked=stacked)

    def _rates(self, title: str, measured: Sequence[m.Measure]) -> Body:
        lines: list[Any] = []
        for number, measure in enumerate(measured):
            key = f"m{number}"
            how = {"expression": f"{key} / PERIOD({key})", "label": f"{measure.name} a second"}
            lines += [[how], self._sources.ours(measure).drawn(id=key, visible=False)]
        return self._metric(title, lines)

    def _ratio(self, title: str, part: Sequence[Metric], whole: Sequence[Metric]) -> Body:
        ids = {metric: f"m{number}" for number, metric in enumerate(whole)}
        summed = " + ".join(f"FILL({ids[metric]}, 0)" for metric in part)
        all_of_it = " + ".join(f"FILL({each}, 0)" for each in ids.values())
        expression = {"expression": f"100 * ({summed}) / ({all_of_it})", "label": "%"}
        lines = [metric.drawn(id=key, visible=False) for metric, key in ids.items()]
        return self._metric(title, [[expression], *lines])

    def _metric(self, title: str, lines: Sequence[Any], *, stacked: bool = False) -> Body:
        return {
            "type": "metric",
            "width": 6,
            "height": _HEIGHT,
            "properties": {
                "title": title,
                "view": "timeSeries",
                "stacked": stacked,
                "region": self._region,
                "period": 60,
                "metrics": list(lines),
                "yAxis": {"left": {"min": 0}},
            },
        }


def _spread(metric: Metric, *stats: str) -> list[Metric]:
    return [Metric(**{**vars(metric), "stat": stat, "label": stat}) for stat in stats]


def _text(title: str, below: str) -> Body:
    properties = {"markdown": f"# {title}\n{below}", "background": "transparent"}
    return {"type": "text", "width": WIDTH, "height": _TITLE_HEIGHT, "properties": properties}


def _counts(endpoint: str) -> list[Body]:
    properties = {
        "title": "Messages by status, and the latest mailings",
        "endpoint": endpoint,
        "updateOn": {"refresh": True, "resize": False, "timeRange": False},
    }
    return [
        _text("The counts", "Exact, and a second or so behind the messages."),
        {"type": "custom", "width": WIDTH, "height": 10, "properties": properties},
    ]


def _laid_out(sections: Iterable[Sequence[Body]]) -> Iterable[Body]:
    """Each widget with its place: from left to right, then below; a section begins a new row."""
    y = 0
    for section in sections:
        x, below = 0, y
        for widget in section:
            if x + widget["width"] > WIDTH:
                x, y = 0, below
            yield {**widget, "x": x, "y": y}
            x, below = x + widget["width"], y + widget["height"]
        y = below
