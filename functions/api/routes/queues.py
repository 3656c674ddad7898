"""How full the queues are, for people to look at.

Here alone the API asks SQS: it puts nothing into a queue and takes nothing out, and no other
request waits for this one.
"""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.ports import QueueGauge
from functions.api import page_views
from functions.api.answers import found
from functions.api.endpoint import API, endpoint


@dataclass(frozen=True, slots=True)
class QueueRoutes:
    """Requests about the queues."""

    gauge: QueueGauge

    @endpoint(
        "GET",
        f"{API}/queues",
        operation_id="getQueues",
        tag="Service",
        answer="How full the queues are",
    )
    def read(self) -> Response[page_views.Queues]:
        """Look at the queues.

        The numbers are SQS's own, approximate and about a minute behind. Dead letters are what was
        given up: somebody should look at them.
        """
        return found(page_views.Queues.of(self.gauge.read()))
