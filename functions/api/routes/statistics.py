"""Statistics over all mailings."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.usecases.statistics import StatisticsReport
from functions.api import parameters, views
from functions.api.answers import found
from functions.api.cursors import Seal
from functions.api.endpoint import API, endpoint


@dataclass(frozen=True, slots=True)
class StatisticsRoutes:
    """Requests about all messages at once."""

    statistics: StatisticsReport

    @endpoint(
        "GET",
        f"{API}/stats",
        operation_id="getStatistics",
        tag="Statistics",
        answer="The counts of all, and a page of mailings with theirs",
        problems=(400, 422),
    )
    def overview(
        self,
        status: parameters.MailingStatusFilter = None,
        limit: parameters.Limit = parameters.LIMIT_DEFAULT,
        cursor: parameters.CursorParameter = None,
    ) -> Response[views.StatisticsOverview]:
        """Count all messages.

        By status: of all mailings together, and of each mailing, newest first. `status` selects
        mailings by theirs, as it does in their list. The numbers follow the messages within a
        second or two.
        """
        seal = Seal("statistics", (status,))
        overview = self.statistics.overview(limit=limit, cursor=seal.open(cursor), status=status)
        next_cursor = seal.close(overview.cursor)
        return found(views.StatisticsOverview.of(overview, next_cursor=next_cursor))
