"""Lambda entry: a look at the dashboard → HTML for its custom widget."""

from carillon.adapters.aws import client
from carillon.adapters.events import Event
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.telemetry import set_up
from functions.widget.invocation import show
from functions.widget.settings import WidgetSettings

logger = set_up()
_settings = WidgetSettings.from_env()
_dynamodb = client("dynamodb")
_mailings = MailingsTable(_dynamodb, _settings.mailings_table)
_statistics = DynamoStatistics(_dynamodb, _settings.stats_table)


@logger.inject_lambda_context
def handler(event: Event, _context: object) -> str:
    """Show the counts, or tell what the widget is."""
    return show(event, mailings=_mailings, statistics=_statistics, page_url=_settings.page_url)
