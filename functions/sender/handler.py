"""Lambda entry: the message queue → claims, calls of the gateway, outcomes."""

from datetime import timedelta

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.aws import client
from carillon.adapters.emf_measures import EmfMeasures
from carillon.adapters.events import Event
from carillon.adapters.gateway_http import GatewayCalls
from carillon.adapters.gateway_token import SecretToken
from carillon.adapters.journal_table import DynamoJournal
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.pace_table import DynamoPace
from carillon.adapters.queues import DoorbellQueue, TrialBellQueue
from carillon.adapters.system import InvocationContext, LambdaBudget, SystemChance, SystemClock
from carillon.adapters.transfers import Transfers
from carillon.adapters.trials_table import TrialsTable
from carillon.telemetry import set_up
from carillon.usecases.composing import compose_sender
from carillon.usecases.sending import Sender
from functions.sender.invocation import deliver_batch
from functions.sender.settings import SenderSettings

logger = set_up()
_measures = EmfMeasures(logger.log_level)
_sqs = client("sqs")


def _compose(settings: SenderSettings, doorbells: DoorbellQueue) -> Sender:
    dynamodb, clock = client("dynamodb"), SystemClock()
    token = SecretToken(client("secretsmanager"), settings.gateway_token_secret_arn, clock)
    transfers = Transfers(at_once=settings.calls_at_once)
    return compose_sender(
        mailings=MailingsTable(dynamodb, settings.mailings_table),
        audience=AudienceTable(dynamodb, settings.clients_table),
        messages=MessagesTable(dynamodb, settings.messages_table),
        trials=TrialsTable(dynamodb, settings.mailings_table),
        doorbells=doorbells,
        trial_bells=TrialBellQueue(_sqs, settings.message_queue_url),
        calls=GatewayCalls(settings.gateway_url, token, transfers, clock),
        token=token,
        pace=DynamoPace(dynamodb, settings.gateway_table),
        journal=DynamoJournal(dynamodb, settings.gateway_table),
        clock=clock,
        chance=SystemChance(),
        retention_days=settings.retention_days,
        timeout=timedelta(seconds=settings.gateway_timeout_s),
        parts_per_s=settings.gateway_parts_per_s,
        retry_unknown=settings.gateway_retry_unknown,
        measures=_measures,
    )


_settings = SenderSettings.from_env()
_doorbells = DoorbellQueue(_sqs, _settings.message_queue_url)
_sender = _compose(_settings, _doorbells)


@logger.inject_lambda_context
@_measures.flushed
def handler(event: Event, context: InvocationContext) -> Event:
    """Work a batch of doorbells and bells of trials."""
    return deliver_batch(event, LambdaBudget(context), sender=_sender, doorbells=_doorbells)
