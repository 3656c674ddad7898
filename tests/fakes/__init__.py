"""A fake of every port: plain dicts, no threads, no time, no randomness of their own.

`tests/contract` runs the same suites on these and on the real adapters, so they tell the truth.
What they hold is public, for tests to look at. Models are frozen, so nothing is copied.
"""

from tests.fakes.census import FakeCensus
from tests.fakes.clients import FakeClients
from tests.fakes.creations import FakeCreations
from tests.fakes.digest import FakeMailer, FakeMarks
from tests.fakes.gateway import FakeCalls, FakeJournal, FakePace, FakeToken
from tests.fakes.identity_provider import FakeProvider
from tests.fakes.imports import (
    FakeImportedClients,
    FakeImportQueue,
    FakeImports,
    FakeRefusedLines,
    FakeUploads,
)
from tests.fakes.mailings import FakeMailings
from tests.fakes.measures import FakeMeasures
from tests.fakes.messages import FakeMessages
from tests.fakes.queue_lengths import FakeDeadLetters, FakeGauge
from tests.fakes.queues import FakeCommands, FakeDoorbells, FakeTrialBells, Visible
from tests.fakes.schedules import FakeSchedules, Scheduled
from tests.fakes.statistics import FakeStatistics
from tests.fakes.system import FakeBudget, FakeCaller, FakeClock, SeededChance
from tests.fakes.trials import FakeTrials

__all__ = [
    "FakeBudget",
    "FakeCaller",
    "FakeCalls",
    "FakeCensus",
    "FakeClients",
    "FakeClock",
    "FakeCommands",
    "FakeCreations",
    "FakeDeadLetters",
    "FakeDoorbells",
    "FakeGauge",
    "FakeImportQueue",
    "FakeImportedClients",
    "FakeImports",
    "FakeJournal",
    "FakeMailer",
    "FakeMailings",
    "FakeMarks",
    "FakeMeasures",
    "FakeMessages",
    "FakePace",
    "FakeProvider",
    "FakeRefusedLines",
    "FakeSchedules",
    "FakeStatistics",
    "FakeToken",
    "FakeTrialBells",
    "FakeTrials",
    "FakeUploads",
    "Scheduled",
    "SeededChance",
    "Visible",
]
