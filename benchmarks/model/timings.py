"""How long each step takes: what is assumed of AWS, and what was measured of our code.

AWS promises no latencies. These are round figures of a function and its services in one region, on
the careful side; whoever has measured better ones changes them here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Timings:
    """Seconds for one request or one step, milliseconds of CPU for one message or change."""

    get_s: float = 0.005
    """One item read. DynamoDB calls its latency "single-digit millisecond".
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html"""

    scan_s: float = 0.020
    """A page of 250 clients, 60 KB, read consistently. (Assumed.)"""

    batch_get_s: float = 0.020
    """A hundred items. The slowest of the partitions that are asked decides. (Assumed.)"""

    batch_write_s: float = 0.025
    """25 PartiQL statements. (Assumed.)"""

    transact_s: float = 0.030
    """A transaction of a few items. (Assumed.)"""

    queue_s: float = 0.020
    """One request to SQS within a region, as AWS's own example of throughput counts it.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-throughput-horizontal-scaling-and-batching.html"""

    invoke_s: float = 0.020
    """From a full batch to the handler's first line, warm. (Assumed.)"""

    cold_start_s: float = 1.2
    """The same with a new process: the runtime, and our imports. (Assumed.)"""

    stream_poll_s: float = 0.25
    """Lambda looks into a stream's shard four times a second.
    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html"""

    queue_delay_round_s: float = 1.0
    """A start waits in the queue in whole seconds, rounded up."""

    gateway_s: float = 0.2
    """What the gateway takes to answer."""

    record_calls: int = 4
    """Requests, one after the other, that write down what a batch's calls were answered: answers
    come in groups. (Assumed: as many as for the claims.)"""

    cpu_ms: Mapping[str, float] = field(
        default_factory=lambda: {"fanout": 0.35, "sender": 1.6, "stats": 0.15}
    )
    """CPU milliseconds of our functions on a whole core: for each message of `fanout` and `sender`,
    for each change of `stats`. Measured on the deployed local stack; see `measured.json`."""
