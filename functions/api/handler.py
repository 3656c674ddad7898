"""The API function: composes the adapters once, at init, and answers HTTP requests."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from carillon import telemetry
from carillon.adapters import aws
from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.census_scan import SEGMENTS, CensusScan
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.identity_provider import OidcProvider
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.journal_table import DynamoJournal
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.pace_table import DynamoPace
from carillon.adapters.queue_lengths import QueueUrls, SqsGauge
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemChance, SystemClock
from carillon.adapters.trials_table import TrialsTable
from carillon.adapters.uploads_bucket import RefusedLinesBucket, UploadsBucket
from functions.api.app import compose
from functions.api.callers import subject_of
from functions.api.composition import Ports
from functions.api.routes.sign_in import Console
from functions.api.settings import ApiSettings

logger = telemetry.set_up()
settings = ApiSettings.from_env()
dynamodb = aws.client("dynamodb")
mailings = MailingsTable(dynamodb, table=settings.mailings_table, keys=settings.idempotency_table)
s3 = aws.client("s3")
clock = SystemClock()
api = compose(
    Ports(
        directory=ClientsTable(
            dynamodb,
            clients=settings.clients_table,
            phones=settings.phones_table,
            keys=settings.idempotency_table,
        ),
        log=CreationTable(dynamodb, settings.idempotency_table),
        audience=AudienceTable(dynamodb, settings.clients_table),
        census=CensusScan(
            aws.client("dynamodb", quick=True),
            settings.clients_table,
            threads=ThreadPoolExecutor(SEGMENTS, thread_name_prefix="census"),
        ),
        mailings=mailings,
        openings=mailings,
        messages=MessagesTable(dynamodb, settings.messages_table),
        trials=TrialsTable(
            dynamodb, table=settings.mailings_table, keys=settings.idempotency_table
        ),
        statistics=DynamoStatistics(dynamodb, settings.stats_table),
        queues=SqsGauge(
            aws.client("sqs", quick=True),
            QueueUrls(
                messages=settings.message_queue_url,
                fanout=settings.fanout_queue_url,
                imports=settings.import_queue_url,
                dead_messages=settings.message_dead_letters_url,
                dead_fanout=settings.fanout_dead_letters_url,
                dead_imports=settings.import_dead_letters_url,
                undeliverable=settings.undeliverable_url,
            ),
            threads=ThreadPoolExecutor(len(fields(QueueUrls)), thread_name_prefix="queues"),
        ),
        journal=DynamoJournal(dynamodb, settings.gateway_table),
        pace=DynamoPace(dynamodb, settings.gateway_table),
        imports=ImportsTable(
            dynamodb, table=settings.imports_table, keys=settings.idempotency_table
        ),
        uploads=UploadsBucket(s3, settings.uploads_bucket),
        refused=RefusedLinesBucket(s3, settings.uploads_bucket),
        provider=OidcProvider(
            settings.oidc_configuration_url, issuer=settings.oidc_issuer, clock=clock
        ),
        clock=clock,
        chance=SystemChance(),
        parts_per_s=settings.gateway_parts_per_s,
    ),
    console=Console(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        audience=settings.oidc_audience,
    ),
)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway (payload format 2.0)."""
    request_id = event["requestContext"]["requestId"]
    logger.append_keys(request_id=request_id, caller=subject_of(event))
    return api.answer(event, context)
