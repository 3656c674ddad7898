"""The catalogue: everything that Carillon measures of itself, and nothing else.

Use cases add to these through the port `Measures`; dashboard, alarms and tests read the same list,
so that nothing is drawn that nobody emits, and nothing emitted that nobody looks at. It imports no
other module of ours, because the deployment reads it too.

Each measure is a metric of one function: the stack's name is the namespace, the function's the
dimension `service`. There is no other dimension. Outcomes and causes are names instead, which costs
the same, $0.30 a month for each in hours in which it is emitted, and lets one invocation tell all
of its measures in one line of its log.
https://aws.amazon.com/cloudwatch/pricing/
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

SERVICE = "service"
"""The one dimension."""

METRIC_MONTH_USD = 0.30
"""For a metric that is emitted all month, of the first 10,000. (Same page.)"""


class Unit(StrEnum):
    """CloudWatch's words.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
    """

    COUNT = "Count"
    MILLISECONDS = "Milliseconds"
    SECONDS = "Seconds"


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of the function `service`.

    Of a `sum` an invocation tells what was added up, of a `gauge` the last value, and of `each` all
    values, so that CloudWatch can give percentiles.
    """

    name: str
    service: str
    tells: str
    unit: Unit = Unit.COUNT
    kind: Literal["sum", "gauge", "each"] = "sum"


MADE = Measure("MessagesMade", "stats", "messages that were made for selected clients")
SENT = Measure("MessagesSent", "stats", "messages that the gateway took")
FAILED = Measure("MessagesFailed", "stats", "messages that the gateway refused for good")
UNKNOWN = Measure("MessagesUnknown", "stats", "messages that may have been taken, never confirmed")
LOST = Measure("MessagesLost", "stats", "messages that ended as failed or unknown")
EXPIRED = Measure("MessagesExpired", "stats", "messages that were not sent before their end")
CANCELLED = Measure("MessagesCancelled", "stats", "messages that were called off")
FIRST_AFTER = Measure(
    "FirstMessageAfter",
    "stats",
    "from a mailing's start until its first message was sent",
    Unit.SECONDS,
    "each",
)

LATENCY = Measure(
    "GatewayLatency",
    "sender",
    "one call of the gateway, whatever came of it; there are as many as calls",
    Unit.MILLISECONDS,
    "each",
)
ACCEPTED = Measure("GatewayAccepted", "sender", "calls that the gateway said yes to")
REFUSED = Measure("GatewayRefused", "sender", "calls that it refused for good: 400 or 422")
UNREACHABLE = Measure(
    "RetriesUnreachable", "sender", "calls to be tried again: no connection, no such name, bad TLS"
)
NO_ANSWER = Measure(
    "RetriesNoAnswer", "sender", "calls to be tried again: sent, and no whole answer in time"
)
SERVER_ERROR = Measure("RetriesServerError", "sender", "calls to be tried again: 5xx")
THROTTLED = Measure("RetriesThrottled", "sender", "calls to be tried again: 429")
TOKEN_REFUSED = Measure("RetriesTokenRefused", "sender", "calls to be tried again: 401 or 403")
OTHER_RETRY = Measure(
    "RetriesOther", "sender", "calls to be tried again: any other answer, such as 404 or a bad body"
)
SERVED = Measure("GatewayServed", "sender", "calls that it did as agreed: yes, 400, 422, 429")
IN_VAIN = Measure(
    "GatewayInVain",
    "sender",
    "calls that it did not serve, 401 and 403 apart, and messages that an open breaker put off",
)
BREAKER_OPENED = Measure("BreakerOpened", "sender", "senders that began to spare the gateway")
SPARED = Measure("MessagesSpared", "sender", "messages put off by an open breaker, each time anew")
PARTS_GRANTED = Measure("PartsGranted", "sender", "SMS parts that the pace let through")
PACE_AHEAD = Measure(
    "PaceAhead",
    "sender",
    "how far ahead the pace is given out, once a batch; up to 2 s, then messages are put off",
    Unit.MILLISECONDS,
    "each",
)
PACE_SLOWED = Measure("PaceSlowed", "sender", "times that the pace was halved, after a 429")

SELECTED = Measure("ClientsSelected", "fanout", "clients that a mailing's filter chose")
WAVES = Measure("WavesOpened", "fanout", "openings of local hours that were rung for")
SEARCHES = Measure("RepairsSearches", "fanout", "mailings searched for lost doorbells")
STALLED = Measure(
    "RepairsStalled", "fanout", "slices, waves and passes given out again that had come to a halt"
)
LOST_HINTS = Measure(
    "RepairsLostHints", "fanout", "mailings and waves that the tick found waiting for a minute"
)
RUNNING = Measure(
    "MailingsRunning", "fanout", "mailings that run, at each tick that finds any", kind="gauge"
)
OVERDUE = Measure(
    "MailingsOverdue",
    "fanout",
    "mailings that ended a quarter of an hour ago and are not settled, at each tick that finds any",
    kind="gauge",
)
DEAD_LETTERS = Measure(
    "DeadLetters",
    "fanout",
    "records that were given up or not delivered, at each tick that finds any",
    kind="gauge",
)
LAST_AFTER = Measure(
    "LastMessageAfter",
    "fanout",
    "from a mailing's start until all of its messages were settled, if that was before its end",
    Unit.SECONDS,
    "each",
)

OUTCOMES = {
    "sent": SENT,
    "failed": FAILED,
    "unknown": UNKNOWN,
    "expired": EXPIRED,
    "cancelled": CANCELLED,
}
"""By the status that a message ends in."""

LOST_AS = frozenset({"failed", "unknown"})
"""The statuses of those that count as lost, too."""

RETRIES = (UNREACHABLE, NO_ANSWER, SERVER_ERROR, THROTTLED, TOKEN_REFUSED, OTHER_RETRY)
"""Each call that is to be tried again is one of these."""

CATALOGUE = (
    MADE,
    *OUTCOMES.values(),
    LOST,
    FIRST_AFTER,
    LATENCY,
    ACCEPTED,
    REFUSED,
    *RETRIES,
    SERVED,
    IN_VAIN,
    BREAKER_OPENED,
    SPARED,
    PARTS_GRANTED,
    PACE_AHEAD,
    PACE_SLOWED,
    SELECTED,
    WAVES,
    SEARCHES,
    STALLED,
    LOST_HINTS,
    RUNNING,
    OVERDUE,
    DEAD_LETTERS,
    LAST_AFTER,
)
