"""What AWS allows, as numbers with their pages: the walls that a mailing can run into.

Everything here is AWS's documented default, except where a docstring says "assumed": there AWS
names no number, and the model takes a careful one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of one account in one region."""

    pollers_first: int = 5
    """Batches of a queue that Lambda works at once when records begin to arrive.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""

    pollers_more_per_min: float = 300
    """How many more batches at once it adds each minute while records wait. (Same page.)"""

    pollers_max: int = 1_250
    """Batches at once of one event source, at most. (Same page.)"""

    in_flight_max: int = 120_000
    """Records of a standard queue that are received and not deleted yet; beyond, SQS gives none.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"""

    queue_delay_max_s: float = 900
    """The longest that SQS holds a record back. (Same page.)"""

    account_concurrency: int = 1_000
    """Functions of the account that run at once; new accounts get less until they ask.
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

    new_table_writes_per_s: float = 4_000
    """Write units that an on-demand table can do from its first second.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html"""

    new_table_reads_per_s: float = 12_000
    """The same for read units. (Same page.)"""

    table_writes_max_per_s: float = 40_000
    """Write units of one table, the account's quota; it can be raised.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""

    table_reads_max_per_s: float = 40_000
    """The same for read units. (Same page.)"""

    partition_writes_per_s: float = 1_000
    """Write units of one partition, whatever the table can do.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"""

    partition_reads_per_s: float = 3_000
    """The same for read units. (Same page.)"""

    table_doubles_after_s: float = 1_800
    """An on-demand table serves twice its previous peak, and the peak counts half an hour later.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html"""

    partition_splits_after_s: float = 600
    """Assumed: a partition that was at its limit for so long is split in two ("split for heat").
    AWS says that it happens under sustained traffic; in its own published experiment the first ten
    minutes pass at one level.
    https://aws.amazon.com/blogs/database/part-2-scaling-dynamodb-how-partitions-hot-keys-and-split-for-heat-impact-performance/"""

    statements_max: int = 25
    """Writes in one BatchExecuteStatement.
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html"""

    queue_batch_max: int = 10
    """Records in one request to SQS.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html"""

    vcpu_mb: float = 1_769
    """Memory with which a function has one whole processor; less memory, as much less of it.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""

    scheduler_precision_s: float = 60
    """A schedule fires anywhere within its minute. The planner sets it a minute early and lets the
    queue's delay, in whole seconds, make up the rest.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"""


AWS = Limits()
