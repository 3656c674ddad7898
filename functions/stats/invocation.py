"""One invocation of the counters: counts a batch of one shard.

AWS names the shard only to a function with a tumbling window. Such a function must answer with a
state, which we leave empty, and is called a last time without records when the window ends. An
error fails the batch, which then comes again: what was counted of it is known by its position.
"""

from carillon.adapters.events import Event, message_changes
from carillon.concern import concerning
from carillon.telemetry import describe, function_logger
from carillon.usecases.counting import Counting

logger = function_logger(__name__)


def count_batch(event: Event, *, counting: Counting) -> Event:
    """Count what was not counted yet."""
    changes = message_changes(event)
    if changes:
        shard = event.get("shardId") or event["Records"][0]["eventSourceARN"]
        with concerning(shard=shard):
            try:
                counting.count(shard, changes)
            except Exception as error:
                # It comes again until it goes through; what never does leaves a note for a person.
                keys = {"changes": len(changes), "record_id": changes[0].sequence}
                logger.warning("changes not counted", extra={**keys, **describe(error)})
                raise
    return {"state": {}}
