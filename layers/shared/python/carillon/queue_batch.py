"""How a function works a batch of commands from its queue: fan-out and importer do it alike.

A command that fails comes again, after longer each time, and ends among the dead letters after ten
times.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from carillon.adapters.events import Event, batch_item_failures, read_queue
from carillon.concern import concerning
from carillon.errors import LostRace, Unavailable
from carillon.models.base import Model
from carillon.models.records import Record
from carillon.telemetry import describe, function_logger
from carillon.usecases.delays import come_again_s

logger = function_logger(__name__)

M = TypeVar("M", bound=Model)

MANY_RECEIVES = 5
"""From this receive on a failure is a person's to look at: it waits minutes each time, and the
queue gives up after ten."""


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
    _put_off(queue, [(each, come_again_s(each.receives)) for each in failed])
    _put_off(queue, [(each, 0) for each in unreadable])
    return batch_item_failures([each.id for each in failed] + [each.id for each in unreadable])


def _work(record: Record[M], work: Callable[[M], None]) -> bool:
    """Whether it is done; if not, the queue gives the record again."""
    # A cursor is a key of some table: long, and of no use to who reads the log.
    command = record.body.model_dump(mode="json", exclude={"cursor"})
    with concerning(record_id=record.id, **command):
        try:
            work(record.body)
        except Exception as error:  # one record must not take its neighbours along
            # What AWS or another writer got in the way of is done the next time; an error of ours
            # is not, nor what was tried so often that the dead letters are near.
            passes = isinstance(error, Unavailable | LostRace) and record.receives < MANY_RECEIVES
            logger.log(
                logging.WARNING if passes else logging.ERROR,
                "command failed",
                extra={"receives": record.receives, **describe(error)},
            )
            return False
        logger.info("command worked")
    return True


def _put_off(queue: Deferring, records: Sequence[tuple[Record[M] | Record[str], int]]) -> None:
    for record, delay_s in records:
        try:
            queue.defer(record.receipt, delay_s=delay_s)
        except Unavailable as error:
            keys = {"record_id": record.id, "error": str(error)}
            logger.warning("record keeps its visibility", extra=keys)
