"""Lambda entry: the stream of `messages` → exact counters.

AWS names the shard only to a function with a tumbling window. Such a function must answer with a
state, which we leave empty, and is called a last time without records when the window ends. An
error fails the batch, which then comes again: what was counted of it is known by its position.
"""

from carillon.adapters.aws import client
from carillon.adapters.events import Event, message_changes
from carillon.adapters.queues import CommandQueue
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.telemetry import set_up
from carillon.usecases.counting import Counting
from functions.stats.settings import StatsSettings

logger = set_up()
_settings = StatsSettings.from_env()
_counting = Counting(
    statistics=DynamoStatistics(client("dynamodb"), _settings.stats_table),
    commands=CommandQueue(client("sqs"), _settings.fanout_queue_url),
)


@logger.inject_lambda_context
def handler(event: Event, _context: object) -> Event:
    """Count a batch of one shard."""
    changes = message_changes(event)
    if changes:
        shard = event.get("shardId") or event["Records"][0]["eventSourceARN"]
        _counting.count(shard, changes)
        logger.info("changes counted", changes=len(changes), shard=shard)
    return {"state": {}}
