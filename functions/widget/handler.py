"""Lambda entry: a look at the dashboard → HTML for its custom widget."""

from carillon.adapters.aws import client
from carillon.adapters.events import Event
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.errors import Unavailable
from carillon.telemetry import set_up
from functions.widget.drawing import ABOUT, MAILINGS_MAX, UNREADABLE, draw
from functions.widget.settings import WidgetSettings

logger = set_up()
_settings = WidgetSettings.from_env()
_mailings = MailingsTable(client("dynamodb"), _settings.mailings_table)
_statistics = DynamoStatistics(client("dynamodb"), _settings.stats_table)


@logger.inject_lambda_context
def handler(event: Event, _context: object) -> str:
    """Answer CloudWatch: what the widget is, or what it shows."""
    if event.get("describe"):
        return ABOUT
    try:
        newest = _mailings.page(status=None, limit=MAILINGS_MAX, cursor=None).items
        counts = _statistics.counts([each.id for each in newest])
        overall = _statistics.overall()
    except Unavailable as error:
        logger.warning("widget not drawn", extra={"error": str(error)})
        return UNREADABLE
    return draw(overall, newest, counts, page_url=_settings.page_url)
