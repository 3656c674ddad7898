"""The API function: composes the adapters once, at init, and answers HTTP requests."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from carillon import telemetry
from carillon.adapters import aws
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemChance, SystemClock
from functions.api.app import Ports, compose
from functions.api.settings import ApiSettings

logger = telemetry.set_up()
settings = ApiSettings.from_env()
dynamodb = aws.client("dynamodb")
api = compose(
    Ports(
        directory=ClientsTable(
            dynamodb,
            clients=settings.clients_table,
            phones=settings.phones_table,
            keys=settings.idempotency_table,
        ),
        log=CreationTable(dynamodb, settings.idempotency_table),
        mailings=MailingsTable(
            dynamodb, table=settings.mailings_table, keys=settings.idempotency_table
        ),
        messages=MessagesTable(dynamodb, settings.messages_table),
        statistics=DynamoStatistics(dynamodb, settings.stats_table),
        clock=SystemClock(),
        chance=SystemChance(),
    )
)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway (payload format 2.0)."""
    logger.append_keys(request_id=event["requestContext"]["requestId"])
    return api.answer(event, context)
