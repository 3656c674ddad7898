"""How a function works a batch of commands from its queue: fan-out and importer do it alike.

A command that fails comes again, after longer each time, and ends among the dead letters after ten
times.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from carillon.adapters.events import Event, batch_item_failures, read_queue
from carillon.errors import Unavailable
from carillon.models.base import Model
from carillon.models.records import Record
from carillon.telemetry import describe, function_logger
from carillon.usecases.delays import come_again_s

logger = function_logger(__name__)

M = TypeVar("M", bound=Model)


class Deferring(Protocol):
    """A queue that takes a record back for a while."""

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        ...


def work_commands(
    event: Event, *, parse: Callable[[str], M], work: Callable[[M], None], queue: Deferring
) -> Event:
    """Work each command; those that failed are put off and reported back to the queue."""
    records, unreadable = read_queue(event, parse)
    failed = [each for each in records if not _work(each, work)]
    _put_off(queue, [(each.receipt, come_again_s(each.receives)) for each in failed])
    _put_off(queue, [(each.receipt, 0) for each in unreadable])
    return batch_item_failures([each.id for each in failed] + [each.id for each in unreadable])


def _work(record: Record[M], work: Callable[[M], None]) -> bool:
    """Whether it is done; if not, the queue gives the record again."""
    try:
        work(record.body)
    except Exception as error:  # one record must not take its neighbours along
        logger.error("command failed", extra={"record_id": record.id, **describe(error)})
        return False
    # A cursor is a key of some table: long, and of no use to who reads the log.
    logger.info("command worked", extra=record.body.model_dump(mode="json", exclude={"cursor"}))
    return True


def _put_off(queue: Deferring, receipts: Sequence[tuple[str, int]]) -> None:
    for receipt, delay_s in receipts:
        try:
            queue.defer(receipt, delay_s=delay_s)
        except Unavailable as error:
            logger.warning("record keeps its visibility", extra={"error": str(error)})
