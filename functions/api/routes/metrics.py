"""All numbers for a monitoring system."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.usecases.monitoring import Monitoring
from functions.api.endpoint import API, endpoint
from functions.api.headers import NO_STORE
from functions.api.prometheus import CONTENT_TYPE, exposition


@dataclass(frozen=True, slots=True)
class MetricsRoutes:
    """What Prometheus scrapes."""

    monitoring: Monitoring

    @endpoint(
        "GET",
        f"{API}/metrics",
        operation_id="getMetrics",
        tag="Statistics",
        answer="The numbers of now",
    )
    def read(self) -> Response[str]:
        """Collect metrics.

        For Prometheus, in its text format: messages by status, calls of the gateway, how that
        does, and how full the queues are. Everything is a gauge. A scrape reads a bounded number
        of items, however much there is, so every 15 seconds is fine. Queues that do not answer are
        left out, and `carillon_queues_up` is 0.
        """
        return Response(200, CONTENT_TYPE, exposition(self.monitoring.read()), NO_STORE)
