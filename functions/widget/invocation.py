"""One look at the dashboard: reads the counters and draws them, or says that it could not."""

from carillon.adapters.events import Event
from carillon.errors import Unavailable
from carillon.ports import Mailings, StatisticsTable
from carillon.telemetry import function_logger
from functions.widget.drawing import ABOUT, MAILINGS_MAX, UNREADABLE, draw

logger = function_logger(__name__)


def show(event: Event, *, mailings: Mailings, statistics: StatisticsTable, page_url: str) -> str:
    """Answer CloudWatch: what the widget is, or what it shows."""
    if event.get("describe"):
        return ABOUT
    try:
        newest = mailings.page(status=None, limit=MAILINGS_MAX, cursor=None).items
        counts = statistics.counts([each.id for each in newest])
        overall = statistics.overall()
    except Unavailable as error:
        logger.warning("widget not drawn", extra={"error": str(error)})
        return UNREADABLE
    return draw(overall, newest, counts, page_url=page_url)
