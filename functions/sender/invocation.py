"""One invocation of the sender: works a batch of doorbells and bells of trials.

What is none of ours comes again at once, so that it soon ends among the dead letters.
"""

from carillon.adapters.events import Event, batch_item_failures, read_queue
from carillon.errors import Unavailable
from carillon.models.commands import parse_bell
from carillon.ports import Budget, Doorbells
from carillon.telemetry import function_logger
from carillon.usecases.sending import Sender

logger = function_logger(__name__)


def deliver_batch(event: Event, budget: Budget, *, sender: Sender, doorbells: Doorbells) -> Event:
    """Deliver; the records that must come again are reported back to the queue."""
    records, unreadable = read_queue(event, parse_bell)
    again = sender.work(records, budget)
    for each in unreadable:
        try:
            doorbells.defer(each.receipt, delay_s=0)
        except Unavailable as error:
            keys = {"record_id": each.id, "error": str(error)}
            logger.warning("record keeps its visibility", extra=keys)
    logger.info("batch delivered", extra={"records": len(records), "again": len(again)})
    return batch_item_failures([*(each.id for each in unreadable), *again])
