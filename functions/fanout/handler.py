"""Lambda entry: the fan-out queue → whatever the command says.

A command that fails comes again after the queue's visibility timeout, and ends among the dead
letters after ten times; the tick gives out again what it stood for.
"""

from pydantic import ValidationError

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.aws import client
from carillon.adapters.events import Event, batch_item_failures
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.queues import CommandQueue, DoorbellQueue
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import InvocationContext, LambdaBudget, SystemChance, SystemClock
from carillon.models.commands import parse_command
from carillon.telemetry import describe, set_up
from carillon.usecases.composing import compose_fanout
from carillon.usecases.working import Working
from functions.fanout.settings import FanoutSettings

logger = set_up()


def _compose(settings: FanoutSettings) -> Working:
    dynamodb, sqs = client("dynamodb"), client("sqs")
    return compose_fanout(
        mailings=MailingsTable(dynamodb, settings.mailings_table),
        audience=AudienceTable(dynamodb, settings.clients_table),
        messages=MessagesTable(dynamodb, settings.messages_table),
        statistics=DynamoStatistics(dynamodb, settings.stats_table),
        doorbells=DoorbellQueue(sqs, settings.message_queue_url),
        commands=CommandQueue(sqs, settings.fanout_queue_url),
        clock=SystemClock(),
        chance=SystemChance(),
        slices=settings.slices,
        retention_days=settings.retention_days,
    )


_working = _compose(FanoutSettings.from_env())


@logger.inject_lambda_context
def handler(event: Event, context: InvocationContext) -> Event:
    """Work each command of the batch; those that fail are reported back to the queue."""
    budget = LambdaBudget(context)
    return batch_item_failures(
        record["messageId"]
        for record in event["Records"]
        if not _work(record["messageId"], record["body"], budget)
    )


def _work(record_id: str, body: str, budget: LambdaBudget) -> bool:
    """Whether it is done; if not, the queue gives the record again."""
    try:
        command = parse_command(body)
    except ValidationError:
        logger.error("queue record is not ours", record_id=record_id)
        return False
    try:
        _working.work(command, budget)
    except Exception as error:  # one record must not take its neighbours along
        logger.error("command failed", extra={"record_id": record_id, **describe(error)})
        return False
    logger.info("command worked", **command.model_dump(mode="json"))
    return True
