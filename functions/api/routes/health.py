"""Whether the deployed API can do its work."""

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from carillon.ports import CreationLog, Directory, Imports, Mailings, Messages, StatisticsTable
from functions.api import views
from functions.api.answers import found
from functions.api.endpoint import endpoint

_NOBODY = "health"
"""Nothing is stored under this name: the cheapest read that a table can be asked for."""


@dataclass(frozen=True, slots=True)
class HealthRoutes:
    """The one question that a monitor asks."""

    directory: Directory
    log: CreationLog
    mailings: Mailings
    messages: Messages
    statistics: StatisticsTable
    imports: Imports

    @endpoint(
        "GET",
        "/health",
        operation_id="getHealth",
        tag="Service",
        answer="Every table could be read just now",
    )
    def check(self) -> Response[views.Health]:
        """Check that the API can read its tables."""
        self.directory.get(_NOBODY)
        self.directory.get_by_phone(_NOBODY)
        self.log.find(_NOBODY)
        self.mailings.get(_NOBODY)
        self.messages.get(_NOBODY, _NOBODY)
        self.statistics.counts([_NOBODY])
        self.imports.get(_NOBODY)
        return found(views.Health(status="ok"))
