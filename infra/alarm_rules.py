"""When somebody is told: every alarm as a rule over metrics, with what it means.

An alarm costs by the metrics that it looks at, so each looks at as few as tell what it is about:
the functions add up themselves what would be a sum here, the tick counts the dead letters of all
queues, and a failed invocation is read from the logs of all functions into one metric (ADR 21).

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
from infra.tables import DUE

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
    yield _dead_letters(sources)
    yield from _gateway(sources)
    yield from _mailings(sources, environment)
    yield from _functions(sources)
    yield _api(sources)


def _dead_letters(sources: Sources) -> Rule:
    return Rule(
        name="DeadLetters",
        means="Records were given up after ten tries, or not delivered, and wait for a person.",
        metrics={"letters": sources.ours(m.DEAD_LETTERS)},
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
    yield Rule(
        name="GatewayDown",
        means="The gateway took nothing for minutes, though messages are due: they are kept and"
        " tried again until their mailing ends.",
        # A breaker that is open lets single probes through; those that it spares are in vain, too.
        metrics={"vain": sources.ours(m.IN_VAIN), "served": sources.ours(m.SERVED)},
        expression="IF(FILL(vain, 0) >= 10 AND FILL(served, 0) == 0, 1, 0)",
        threshold=0,
        periods=5,
        breaching=3,
        anchor="gateway-down",
    )


def _mailings(sources: Sources, environment: Environment) -> Iterator[Rule]:
    # Nobody but the tick reads this index, and DynamoDB tells of each read for nothing.
    ticks = sources.of_index("mailings", DUE, "ConsumedReadCapacityUnits", "SampleCount")
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
    ended = "(FILL(lost, 0) + FILL(sent, 0))"
    yield Rule(
        name="Failures",
        means="An unusual share of messages ends as failed or unknown.",
        metrics={"lost": sources.ours(m.LOST), "sent": sources.ours(m.SENT)},
        expression=f"IF({ended} >= {environment.alarm_failures_min}, FILL(lost, 0) / {ended}, 0)",
        threshold=environment.alarm_failure_share,
        period_s=600,
        anchor="failures",
    )


def _functions(sources: Sources) -> Iterator[Rule]:
    yield Rule(
        name="FunctionErrors",
        means="A function failed or ran out of time; what it was at comes again.",
        metrics={"failed": sources.failed_invocations()},
        threshold=0,
        period_s=300,
        anchor="function-errors",
    )
    yield Rule(
        name="FunctionThrottles",
        means="Lambda turned invocations away: the account's concurrency is used up, or what is"
        " reserved for one function.",
        metrics={"throttled": sources.of_account("Throttles")},
        threshold=0,
        period_s=300,
        anchor="function-throttles",
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
