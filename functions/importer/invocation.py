"""One invocation of the importer: begins or goes on with the imports that a record names.

What ends among the dead letters leaves its import where its last checkpoint was; the record, put
back into the queue, goes on from there.
"""

from carillon.adapters.events import Event
from carillon.models.imports import ToImport, parse_import_record
from carillon.ports import Budget, ImportQueue
from carillon.queue_batch import work_commands
from carillon.usecases.importing import Importing


def work_batch(event: Event, budget: Budget, *, importing: Importing, queue: ImportQueue) -> Event:
    """Work each record; those that failed are put off and reported back to the queue."""

    def work(record: ToImport) -> None:
        for import_id in record.import_ids:
            importing.run(import_id, budget)

    return work_commands(event, parse=parse_import_record, work=work, queue=queue)
