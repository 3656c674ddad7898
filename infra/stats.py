"""The `stats` function: from the messages stream to exact counters."""

from typing import Final

from aws_cdk import Duration
from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.queues import Queues
from infra.tables import Tables

# One transaction of a few writes for each batch, so large batches are the cheap ones: at 1,000
# changes it adds 0.03 write units to a message's three. A change is a kilobyte and a half of JSON,
# and an invocation takes 6 MB.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_BATCH: Final = 1000
_WINDOW_S: Final = 1
_TIMEOUT_S: Final = 60
_MEMORY_MB: Final = 512

# Counts must be exact, so a batch is given up as late as can be: a stream keeps a change for 24 h,
# and an hour before that its place is noted while it still can be read. The number of retries is
# Lambda's greatest: the age decides.
# https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
_MAX_AGE: Final = Duration.hours(23)
_RETRIES: Final = 10_000


class Stats(PythonFunction):
    """Counts each change of a message's status once."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="stats",
            description="Carillon: counts messages by status.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=_TIMEOUT_S,
            settings={
                "STATS_TABLE": tables.stats.table_name,
                "MAILINGS_TABLE": tables.mailings.table_name,
                "FANOUT_QUEUE_URL": queues.fanout.queue_url,
            },
        )
        self.read_stream(
            tables.messages,
            batch=_BATCH,
            window_s=_WINDOW_S,
            tumbling_window_s=environment.stats_window_s,
            retries=_RETRIES,
            max_age=_MAX_AGE,
            undeliverable=queues.undeliverable,
        )
