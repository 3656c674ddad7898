"""What one mailing asks of AWS, counted: units, requests, invocations, bytes; not seconds.

`one_mailing` sends one through the real handlers in one process and hands each of their requests to
a `Meter`. What no request shows, because Lambda asks for it on our behalf, is counted by a rule:

- A batch of n records of a queue is received and deleted ten at a time, the most that
  ReceiveMessage and DeleteMessageBatch take: ⌈n / 10⌉ of each.
  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
- A request of SQS of up to 64 KB is one; each 64 KB of payload count as another.
  https://aws.amazon.com/sqs/pricing/
- Reading a stream costs nothing where Lambda does it. https://aws.amazon.com/dynamodb/pricing/
- Each event of a log is charged with 26 bytes beside its own; Lambda adds two to an invocation,
  `platform.start` and `platform.report`.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutLogEvents.html
  https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

RECEIVED_AT_ONCE: Final = 10
SQS_CHUNK_BYTES: Final = 64 * 1024
LOG_EVENT_BYTES: Final = 26
PLATFORM_LOG_BYTES: Final = 650
"""Of both lines that Lambda adds, with their 26 bytes each: 170 and 480 in its own examples."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Of one mailing, or of an idle time with no message. Tables and functions by short names."""

    messages: int
    write_units: Mapping[str, float]
    read_units: Mapping[str, float]
    sqs_requests: Mapping[str, int]
    invocations: Mapping[str, int]
    billed_ms: Mapping[str, float]
    memory_mb: Mapping[str, int]
    gateway_calls: int
    log_bytes: int
    stream_records: int

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` takes them back."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Counts":
        """What `as_json` gave."""
        return cls(**values)

    def per_message(self) -> dict[str, float]:
        """Each sum, for one message; what the budget and the targets are about."""
        return {name: value / self.messages for name, value in self.sums().items()}

    def sums(self) -> dict[str, float]:
        """One number for each kind of thing that is counted."""
        return {
            "write units": sum(self.write_units.values()),
            "read units": sum(self.read_units.values()),
            "SQS requests": sum(self.sqs_requests.values()),
            "invocations": sum(self.invocations.values()),
            "gateway calls": self.gateway_calls,
            "log bytes": self.log_bytes,
            "stream records": self.stream_records,
        }


@dataclass(slots=True)
class Tally:
    """Counts that grow; `counts` is what has come together."""

    sqs_requests: Counter[str] = field(default_factory=Counter)
    invocations: Counter[str] = field(default_factory=Counter)
    billed_ms: Counter[str] = field(default_factory=Counter)
    gateway_calls: int = 0
    log_bytes: int = 0
    stream_records: int = 0

    def sqs(self, action: str, payload_bytes: int = 0) -> None:
        """One request of ours."""
        self.sqs_requests[action] += max(1, math.ceil(payload_bytes / SQS_CHUNK_BYTES))

    def polled(self, records: int, *, deleted: int | None = None) -> None:
        """A batch that Lambda took for a function; `deleted` of it were done with, or all."""
        done = records if deleted is None else deleted
        self.sqs_requests["ReceiveMessage"] += math.ceil(records / RECEIVED_AT_ONCE)
        self.sqs_requests["DeleteMessageBatch"] += math.ceil(done / RECEIVED_AT_ONCE)

    def invoked(self, function: str, *, ms: float) -> None:
        """One invocation; billed are whole milliseconds."""
        self.invocations[function] += 1
        self.billed_ms[function] += math.ceil(ms)
        self.log_bytes += PLATFORM_LOG_BYTES

    def logged(self, text: str) -> None:
        """What a function printed, one or more lines."""
        lines = text.splitlines()
        self.log_bytes += sum(len(line.encode()) + LOG_EVENT_BYTES for line in lines)


def marginal(small: Counts, large: Counts) -> Counts:
    """What each further message adds: the difference of two mailings of different sizes.

    What a mailing costs however small it is, such as its start and its end, falls out.
    """
    return Counts(
        messages=large.messages - small.messages,
        write_units=_more(small.write_units, large.write_units),
        read_units=_more(small.read_units, large.read_units),
        sqs_requests=_more(small.sqs_requests, large.sqs_requests),
        invocations=_more(small.invocations, large.invocations),
        billed_ms=_more(small.billed_ms, large.billed_ms),
        memory_mb=large.memory_mb,
        gateway_calls=large.gateway_calls - small.gateway_calls,
        log_bytes=large.log_bytes - small.log_bytes,
        stream_records=large.stream_records - small.stream_records,
    )


def _more(small: Mapping[str, Any], large: Mapping[str, Any]) -> dict[str, Any]:
    return {name: large[name] - small.get(name, 0) for name in large}
