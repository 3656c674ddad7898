"""The `importer` function: reads uploaded files into the directory."""

from typing import Final

from constructs import Construct

from infra.environment import Environment
from infra.function import PythonFunction
from infra.layers import Layers
from infra.queues import Queues
from infra.tables import Tables
from infra.uploads import Uploads

# An import runs for minutes: one at a time, so that no other waits behind it in the same batch.
_BATCH: Final = 1
_MEMORY_MB: Final = 1024


class Importer(PythonFunction):
    """Reads a file page by page; what takes long goes on in rounds."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: Environment,
        layers: Layers,
        tables: Tables,
        queues: Queues,
        uploads: Uploads,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            name="importer",
            description="Carillon: brings clients from uploaded files into the directory.",
            environment=environment,
            layers=layers,
            memory_mb=_MEMORY_MB,
            timeout_s=environment.importer_timeout_s,
            settings={
                "CLIENTS_TABLE": tables.clients.table_name,
                "PHONES_TABLE": tables.phones.table_name,
                "IMPORTS_TABLE": tables.imports.table_name,
                "UPLOADS_BUCKET": uploads.bucket.bucket_name,
                "IMPORT_QUEUE_URL": queues.imports.queue_url,
            },
            feeds_itself=True,
        )
        self.take_from(queues.imports, batch=_BATCH, max_concurrency=environment.import_concurrency)
