"""What answers which request: the use cases over their ports, and the routes over those."""

from dataclasses import dataclass

from carillon.ports import (
    Audience,
    Caller,
    CensusTaker,
    Chance,
    Clock,
    CreationLog,
    Directory,
    GatewayJournal,
    IdentityProvider,
    Imports,
    Mailings,
    Messages,
    Openings,
    PaceTable,
    QueueGauge,
    RefusedLines,
    StatisticsTable,
    Trials,
    Uploads,
)
from carillon.usecases.clients import Clients
from carillon.usecases.exporting import Exporting
from carillon.usecases.foreseeing import Foreseeing
from carillon.usecases.gateway import GatewayReport
from carillon.usecases.imports import ImportDesk
from carillon.usecases.mailings import MailingDesk
from carillon.usecases.messages import MessageLookup
from carillon.usecases.monitoring import Monitoring
from carillon.usecases.previewing import Previewing
from carillon.usecases.statistics import StatisticsReport
from carillon.usecases.suggesting import Suggesting
from carillon.usecases.trials import TrialDesk
from functions.api.endpoint import Endpoint, endpoints_of
from functions.api.routes.actions import ActionRoutes
from functions.api.routes.clients import ClientRoutes
from functions.api.routes.exports import ExportRoutes
from functions.api.routes.gateway import GatewayRoutes
from functions.api.routes.health import HealthRoutes
from functions.api.routes.imports import ImportRoutes
from functions.api.routes.mailings import MailingRoutes
from functions.api.routes.messages import MessageRoutes
from functions.api.routes.metrics import MetricsRoutes
from functions.api.routes.outlooks import OutlookRoutes
from functions.api.routes.queues import QueueRoutes
from functions.api.routes.recounts import RecountRoutes
from functions.api.routes.statistics import StatisticsRoutes
from functions.api.routes.trials import TrialRoutes


@dataclass(frozen=True, slots=True)
class Ports:
    """What the API needs of the world; `parts_per_s` is the pace of all senders, None for none."""

    directory: Directory
    audience: Audience
    census: CensusTaker
    log: CreationLog
    mailings: Mailings
    openings: Openings
    messages: Messages
    trials: Trials
    statistics: StatisticsTable
    queues: QueueGauge
    journal: GatewayJournal
    pace: PaceTable
    imports: Imports
    uploads: Uploads
    refused: RefusedLines
    provider: IdentityProvider
    clock: Clock
    chance: Chance
    parts_per_s: float | None = None


def endpoints(ports: Ports, caller: Caller) -> tuple[Endpoint, ...]:
    """All that stands below `/api`, and `/health`."""
    lookup = MessageLookup(mailings=ports.mailings, messages=ports.messages)
    report = StatisticsReport(mailings=ports.mailings, statistics=ports.statistics)
    clients = Clients(
        directory=ports.directory, log=ports.log, clock=ports.clock, chance=ports.chance
    )
    desk = MailingDesk(
        mailings=ports.mailings,
        log=ports.log,
        clock=ports.clock,
        chance=ports.chance,
        caller=caller,
    )
    trials = TrialDesk(
        mailings=ports.mailings,
        trials=ports.trials,
        log=ports.log,
        clock=ports.clock,
        chance=ports.chance,
    )
    gateway = GatewayReport(ports.journal, ports.pace, ports.clock, ports.parts_per_s)
    all_routes = (
        OutlookRoutes(
            previews=Previewing(census=ports.census, clock=ports.clock),
            suggestions=Suggesting(census=ports.census, clock=ports.clock),
            openings=Foreseeing(
                mailings=ports.mailings, openings=ports.openings, clock=ports.clock
            ),
        ),
        ExportRoutes(exports=_exporting(ports)),
        QueueRoutes(gauge=ports.queues),
        ClientRoutes(clients=clients, messages=lookup, caller=caller),
        ImportRoutes(imports=_importing(ports, caller), caller=caller),
        MailingRoutes(mailings=desk, messages=lookup, statistics=report, caller=caller),
        ActionRoutes(mailings=desk),
        TrialRoutes(trials=trials, caller=caller),
        RecountRoutes(mailings=desk),
        MessageRoutes(messages=lookup),
        StatisticsRoutes(statistics=report),
        GatewayRoutes(gateway=gateway),
        MetricsRoutes(Monitoring(ports.mailings, ports.statistics, gateway, ports.queues)),
        _health(ports),
    )
    return tuple(each for routes in all_routes for each in endpoints_of(routes))


def _health(ports: Ports) -> HealthRoutes:
    return HealthRoutes(
        directory=ports.directory,
        log=ports.log,
        mailings=ports.mailings,
        messages=ports.messages,
        statistics=ports.statistics,
        imports=ports.imports,
    )


def _importing(ports: Ports, caller: Caller) -> ImportDesk:
    return ImportDesk(
        imports=ports.imports,
        uploads=ports.uploads,
        refused=ports.refused,
        log=ports.log,
        clock=ports.clock,
        chance=ports.chance,
        caller=caller,
    )


def _exporting(ports: Ports) -> Exporting:
    return Exporting(
        directory=ports.directory,
        audience=ports.audience,
        mailings=ports.mailings,
        messages=ports.messages,
        clock=ports.clock,
    )
