"""Lambda entry: the fan-out queue → whatever the command says."""

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.aws import client
from carillon.adapters.emf_measures import EmfMeasures
from carillon.adapters.events import Event
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.queue_lengths import SqsDeadLetters
from carillon.adapters.queues import CommandQueue, DoorbellQueue
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import InvocationContext, LambdaBudget, SystemChance, SystemClock
from carillon.telemetry import set_up
from carillon.usecases.composing import compose_fanout
from carillon.usecases.working import Working
from functions.fanout.invocation import work_batch
from functions.fanout.settings import FanoutSettings

logger = set_up()
_measures = EmfMeasures(logger.log_level)
_sqs = client("sqs")


def _compose(settings: FanoutSettings, commands: CommandQueue) -> Working:
    dynamodb = client("dynamodb")
    return compose_fanout(
        mailings=MailingsTable(dynamodb, settings.mailings_table),
        audience=AudienceTable(dynamodb, settings.clients_table),
        messages=MessagesTable(dynamodb, settings.messages_table),
        statistics=DynamoStatistics(dynamodb, settings.stats_table),
        doorbells=DoorbellQueue(_sqs, settings.message_queue_url),
        commands=commands,
        dead_letters=SqsDeadLetters(
            _sqs,
            (
                settings.message_dead_letters_url,
                settings.fanout_dead_letters_url,
                settings.import_dead_letters_url,
                settings.undeliverable_url,
            ),
        ),
        clock=SystemClock(),
        chance=SystemChance(),
        slices=settings.slices,
        retention_days=settings.retention_days,
        measures=_measures,
    )


_settings = FanoutSettings.from_env()
_commands = CommandQueue(_sqs, _settings.fanout_queue_url)
_working = _compose(_settings, _commands)


@logger.inject_lambda_context
@_measures.flushed
def handler(event: Event, context: InvocationContext) -> Event:
    """Work each command of the batch."""
    return work_batch(event, LambdaBudget(context), working=_working, commands=_commands)
