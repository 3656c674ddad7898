"""Lambda entry: the stream of `messages` → exact counters."""

from carillon.adapters.aws import client
from carillon.adapters.emf_measures import EmfMeasures
from carillon.adapters.events import Event
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.queues import CommandQueue
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.telemetry import set_up
from carillon.usecases.counting import Counting
from functions.stats.invocation import count_batch
from functions.stats.settings import StatsSettings

logger = set_up()
_settings = StatsSettings.from_env()
_measures = EmfMeasures(logger.log_level)
_dynamodb = client("dynamodb")
_counting = Counting(
    statistics=DynamoStatistics(_dynamodb, _settings.stats_table),
    commands=CommandQueue(client("sqs"), _settings.fanout_queue_url),
    mailings=MailingsTable(_dynamodb, _settings.mailings_table),
    measures=_measures,
)


@logger.inject_lambda_context
@_measures.flushed
def handler(event: Event, _context: object) -> Event:
    """Count a batch of one shard."""
    return count_batch(event, counting=_counting)
