"""When somebody is told: every alarm as a rule over metrics, with what it means.

How long each one waits follows from what is normal. A probe of an open breaker comes twice a
minute, a record is held back for 15 minutes at most, a stream's counters follow within seconds, the
tick comes each minute. Where nothing happens most metrics are missing, which is well for all rules
but the one of the tick, whose silence is the news.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from infra.catalogue import measures as m
from infra.environment import Environment
from infra.metrics import Metric, Sources

STREAM_READERS = ("planner", "stats")

METRICS_MAX = 10
"""In the expression of one alarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
"""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """An alarm: `breaching` of the last `periods` values are beyond the threshold.

    A value is that of the only metric, or of `expression` over all of them by their ids.
    """

    name: str
    means: str
    metrics: Mapping[str, Metric]
    expression: str | None = None
    threshold: float
    is_below: bool = False
    period_s: int = 60
    periods: int = 1
    breaching: int = 1
    missing: Literal["notBreaching", "breaching"] = "notBreaching"
    anchor: str = field(default="")

    def __post_init__(self) -> None:
        if len(self.metrics) > METRICS_MAX or (len(self.metrics) > 1) != bool(self.expression):
            raise ValueError(f"{self.name}: {len(self.metrics)} metrics do not make this alarm")


def rules(sources: Sources, environment: Environment) -> Iterator[Rule]:
    """All alarms of a stack."""
    yield from _dead_letters(sources)
    yield from _gateway(sources)
    yield from _mailings(sources, environment)
    yield from _functions(sources)
    yield _api(sources)


def _dead_letters(sources: Sources) -> Iterator[Rule]:
    for name in sources.dead_letters:
        visible = sources.of_queue(name, "ApproximateNumberOfMessagesVisible", "Maximum")
        yield Rule(
            name=name,
            means="Records were given up after ten tries and wait for a person.",
            metrics={"letters": visible},
            threshold=0,
            anchor="dead-letters",
        )


def _gateway(sources: Sources) -> Iterator[Rule]:
    yield Rule(
        name="TokenRefused",
        means="The gateway answers 401 or 403: nothing is sent until it has a token it accepts.",
        metrics={"refused": sources.ours(m.TOKEN_REFUSED)},
        threshold=0,
        periods=5,
        breaching=3,  # a token is read again once a minute: what lasts is not a change of token
        anchor="token-refused",
    )
    troubles = {
        "unreachable": m.UNREACHABLE,
        "silent": m.NO_ANSWER,
        "failing": m.SERVER_ERROR,
        "other": m.OTHER_RETRY,
    }
    well = {"accepted": m.ACCEPTED, "refused": m.REFUSED, "throttled": m.THROTTLED}
    spared = {"spared": m.SPARED}
    yield Rule(
        name="GatewayDown",
        means="The gateway took nothing for minutes, though messages are due: they are kept and"
        " tried again until their mailing ends.",
        metrics={key: sources.ours(each) for key, each in {**troubles, **well, **spared}.items()},
        # A breaker that is open lets single probes through, and spares all others.
        expression=f"IF({_sum(*troubles, *spared)} >= 10 AND {_sum(*well)} == 0, 1, 0)",
        threshold=0,
        periods=5,
        breaching=3,
        anchor="gateway-down",
    )


def _mailings(sources: Sources, environment: Environment) -> Iterator[Rule]:
    ticks = sources.ours(m.RUNNING, "SampleCount")
    yield Rule(
        name="TickStopped",
        means="The tick did not run for five minutes: waves stay closed and what is lost stays so.",
        metrics={"ticks": ticks},
        threshold=1,
        is_below=True,
        periods=5,
        breaching=5,
        missing="breaching",
        anchor="tick-stopped",
    )
    yield Rule(
        name="MailingOverdue",
        means="A mailing ended a quarter of an hour ago and still has messages that are pending.",
        metrics={"overdue": sources.ours(m.OVERDUE)},
        threshold=0,
        periods=5,
        breaching=3,
        anchor="mailing-overdue",
    )
    yield Rule(
        name="OldestMessage",
        means="While a mailing runs, a record of the message queue waits for too long: senders do"
        " not keep up, or stand still.",
        metrics={
            "age": sources.of_queue("Message", "ApproximateAgeOfOldestMessage", "Maximum"),
            "running": sources.ours(m.RUNNING),
        },
        expression="IF(FILL(running, 0) > 0, FILL(age, 0), 0)",
        threshold=environment.alarm_message_age_s,
        periods=5,
        breaching=3,
        anchor="oldest-message",
    )
    bad = {"failed": m.FAILED, "unknown": m.UNKNOWN}
    ended = {**bad, "sent": m.SENT}
    enough = f"{_sum(*ended)} >= {environment.alarm_failures_min}"
    yield Rule(
        name="Failures",
        means="An unusual share of messages ends as failed or unknown.",
        metrics={key: sources.ours(each) for key, each in ended.items()},
        expression=f"IF({enough}, {_sum(*bad)} / {_sum(*ended)}, 0)",
        threshold=environment.alarm_failure_share,
        period_s=600,
        anchor="failures",
    )


def _functions(sources: Sources) -> Iterator[Rule]:
    for metric, means in (
        ("Errors", "A function failed or ran out of time; what it was at comes again."),
        ("Throttles", "Lambda turned invocations away: concurrency is used up."),
    ):
        yield Rule(
            name=f"Function{metric}",
            means=means,
            metrics={name: sources.of_function(name, metric) for name in sources.functions},
            expression=_sum(*sources.functions),
            threshold=0,
            period_s=300,
            anchor=f"function-{metric.lower()}",
        )
    for name in STREAM_READERS:
        yield Rule(
            name=f"{name.capitalize()}Stream",
            means="Changes of a table wait for minutes to be read: counters or schedules lag.",
            metrics={"age": sources.of_function(name, "IteratorAge", "Maximum")},
            threshold=5 * 60 * 1000,  # milliseconds
            periods=3,
            breaching=3,
            anchor="stream-age",
        )


def _api(sources: Sources) -> Rule:
    return Rule(
        name="ApiErrors",
        means="The API or the page answers 5xx.",
        metrics={"failed": sources.of_api("5xx")},
        threshold=4,
        period_s=300,
        anchor="api-errors",
    )


def _sum(*ids: str) -> str:
    """Missing values count as none."""
    return "(" + " + ".join(f"FILL({each}, 0)" for each in ids) + ")"
