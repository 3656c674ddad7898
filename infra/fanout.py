"""The `fanout` function: works the commands of the fan-out queue."""

from typing import Final

from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.queues import Queues
from infra.tables import Tables

# A command may run for minutes: one at a time, so that no other waits behind it in the same batch.
_BATCH: Final = 1
_MEMORY_MB: Final = 1024


class Fanout(PythonFunction):
    """Starts, slices, releases, closes and purges mailings; what takes long goes on in rounds."""

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
            name="fanout",
            description="Carillon: makes a mailing's messages and closes its account.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=environment.fanout_timeout_s,
            reserved_concurrency=environment.fanout_reserved_concurrency,
            settings={
                "CLIENTS_TABLE": tables.clients.table_name,
                "MAILINGS_TABLE": tables.mailings.table_name,
                "MESSAGES_TABLE": tables.messages.table_name,
                "STATS_TABLE": tables.stats.table_name,
                "FANOUT_QUEUE_URL": queues.fanout.queue_url,
                "MESSAGE_QUEUE_URL": queues.message.queue_url,
                "MESSAGE_DEAD_LETTERS_URL": queues.message_dead_letters.queue_url,
                "FANOUT_DEAD_LETTERS_URL": queues.fanout_dead_letters.queue_url,
                "IMPORT_DEAD_LETTERS_URL": queues.import_dead_letters.queue_url,
                "UNDELIVERABLE_URL": queues.undeliverable.queue_url,
                "SLICES": str(environment.slices),
                "RETENTION_DAYS": str(environment.retention_days),
            },
            feeds_itself=True,
        )
        self.take_from(queues.fanout, batch=_BATCH, max_concurrency=environment.fanout_concurrency)
