"""One invocation of the fan-out: works each command of a batch.

A command that fails comes again, after longer each time, and ends among the dead letters after ten
times; the tick gives out again what it stood for.
"""

from collections.abc import Sequence

from carillon.adapters.events import Event, batch_item_failures, read_queue
from carillon.errors import Unavailable
from carillon.models.commands import Command, parse_command
from carillon.models.records import Record
from carillon.ports import Budget, Commands
from carillon.telemetry import describe, function_logger
from carillon.usecases.delays import come_again_s
from carillon.usecases.working import Working

logger = function_logger(__name__)


def work_batch(event: Event, budget: Budget, *, working: Working, commands: Commands) -> Event:
    """Work each command; those that failed are put off and reported back to the queue."""
    records, unreadable = read_queue(event, parse_command)
    failed = [each for each in records if not _work(each, budget, working)]
    _put_off(commands, [(each.receipt, come_again_s(each.receives)) for each in failed])
    _put_off(commands, [(each.receipt, 0) for each in unreadable])
    return batch_item_failures([each.id for each in failed] + [each.id for each in unreadable])


def _work(record: Record[Command], budget: Budget, working: Working) -> bool:
    """Whether it is done; if not, the queue gives the record again."""
    try:
        working.work(record.body, budget)
    except Exception as error:  # one record must not take its neighbours along
        logger.error("command failed", extra={"record_id": record.id, **describe(error)})
        return False
    # A cursor is a key of some table: long, and of no use to who reads the log.
    logger.info("command worked", extra=record.body.model_dump(mode="json", exclude={"cursor"}))
    return True


def _put_off(commands: Commands, receipts: Sequence[tuple[str, int]]) -> None:
    for receipt, delay_s in receipts:
        try:
            commands.defer(receipt, delay_s=delay_s)
        except Unavailable as error:
            logger.warning("record keeps its visibility", extra={"error": str(error)})
