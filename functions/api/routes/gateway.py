"""The gateway, as its calls show it."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.usecases.gateway import GatewayReport
from functions.api import gateway_views
from functions.api.answers import found
from functions.api.endpoint import API, endpoint


@dataclass(frozen=True, slots=True)
class GatewayRoutes:
    """Requests about the gateway."""

    gateway: GatewayReport

    @endpoint(
        "GET",
        f"{API}/gateway",
        operation_id="getGateway",
        tag="Statistics",
        answer="How the gateway does",
    )
    def look(self) -> Response[gateway_views.Gateway]:
        """See how the gateway does.

        By the calls of all senders, minute by minute for an hour, a few seconds behind. A minute's
        numbers may miss calls or count some twice: they are for people to look at.
        """
        return found(gateway_views.Gateway.of(self.gateway.look()))
