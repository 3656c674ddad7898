"""Lambda entry: the import queue → whatever import the record names."""

from carillon.adapters.aws import client
from carillon.adapters.events import Event
from carillon.adapters.imported_clients import ImportedClientsTable
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.queues import CommandQueue
from carillon.adapters.system import InvocationContext, LambdaBudget, SystemChance, SystemClock
from carillon.adapters.uploads_bucket import RefusedLinesBucket, UploadsBucket
from carillon.telemetry import set_up
from carillon.usecases.importing import Importing
from carillon.usecases.upserting import Upserting
from functions.importer.invocation import work_batch
from functions.importer.settings import ImporterSettings

logger = set_up()
_clock = SystemClock()


def _compose(settings: ImporterSettings, queue: CommandQueue) -> Importing:
    dynamodb, s3 = client("dynamodb"), client("s3")
    return Importing(
        imports=ImportsTable(dynamodb, table=settings.imports_table),
        uploads=UploadsBucket(s3, settings.uploads_bucket),
        refused=RefusedLinesBucket(s3, settings.uploads_bucket),
        upserting=Upserting(
            clients=ImportedClientsTable(
                dynamodb,
                clients=settings.clients_table,
                phones=settings.phones_table,
                imports=settings.imports_table,
            ),
            clock=_clock,
            chance=SystemChance(),
        ),
        queue=queue,
        clock=_clock,
    )


_settings = ImporterSettings.from_env()
_queue = CommandQueue(client("sqs"), _settings.import_queue_url)
_importing = _compose(_settings, _queue)


@logger.inject_lambda_context
def handler(event: Event, context: InvocationContext) -> Event:
    """Work each record of the batch."""
    return work_batch(event, LambdaBudget(context), importing=_importing, queue=_queue)
