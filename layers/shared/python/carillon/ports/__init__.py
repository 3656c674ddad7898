"""What the use cases need of the world. Each port has a real adapter and a fake for the tests.

Every method may raise `errors.Unavailable`: AWS throttled, failed or did not answer, and the write
may or may not have happened. Callers are built so that doing it again is harmless.
"""

from carillon.ports.census import CensusTaker
from carillon.ports.clients import Audience, Directory
from carillon.ports.creations import Created, Creation, CreationLog
from carillon.ports.digest import DayStatistics, DigestMarks, Mailer
from carillon.ports.gateway import Calls, GatewayJournal, GatewayToken, PaceTable
from carillon.ports.imports import (
    CHANGES_ACTIONS_MAX,
    Addition,
    ClientChange,
    ImportedClients,
    ImportQueue,
    Imports,
    Known,
    RefusedLines,
    Replacement,
    Upload,
    Uploads,
    UploadTicket,
)
from carillon.ports.mailings import Mailings, Openings, W
from carillon.ports.measures import Measures
from carillon.ports.messages import Messages
from carillon.ports.pages import Page
from carillon.ports.queue_lengths import DeadLetters, QueueGauge
from carillon.ports.queues import Commands, Doorbells, Schedules
from carillon.ports.sign_in import IdentityProvider, ProviderAddresses, TokenAnswer
from carillon.ports.statistics import StatisticsTable
from carillon.ports.surroundings import Budget, Caller, Chance, Clock
from carillon.ports.trials import TrialBells, Trials

__all__ = [
    "CHANGES_ACTIONS_MAX",
    "Addition",
    "Audience",
    "Budget",
    "Caller",
    "Calls",
    "CensusTaker",
    "Chance",
    "ClientChange",
    "Clock",
    "Commands",
    "Created",
    "Creation",
    "CreationLog",
    "DayStatistics",
    "DeadLetters",
    "DigestMarks",
    "Directory",
    "Doorbells",
    "GatewayJournal",
    "GatewayToken",
    "IdentityProvider",
    "ImportQueue",
    "ImportedClients",
    "Imports",
    "Known",
    "Mailer",
    "Mailings",
    "Measures",
    "Messages",
    "Openings",
    "PaceTable",
    "Page",
    "ProviderAddresses",
    "QueueGauge",
    "RefusedLines",
    "Replacement",
    "Schedules",
    "StatisticsTable",
    "TokenAnswer",
    "TrialBells",
    "Trials",
    "Upload",
    "UploadTicket",
    "Uploads",
    "W",
]
