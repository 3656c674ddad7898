"""A mailing's ports on one table, and what its suites put there again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.models.mailing import Mailing, MailingStatus, Slice
from carillon.models.recount import Recount
from carillon.ports import Clock
from tests.fakes import FakeCreations, FakeMailings
from tests.fakes.samples import a_mailing, a_slice
from tests.fakes.system import SOME_MOMENT

MINUTE = timedelta(minutes=1)
RUNNING = MailingStatus.RUNNING


@dataclass
class Stage:
    mailings: FakeMailings | MailingsTable
    creations: FakeCreations | CreationTable
    clock: Clock

    def add(self, *mailings: Mailing) -> None:
        for mailing in mailings:
            self.mailings.add(mailing, None)

    def due(self, minutes: int) -> list[object]:
        return list(self.mailings.due(SOME_MOMENT + minutes * MINUTE))


def slices(total: int = 8) -> Sequence[Slice]:
    return [a_slice(number, total=total) for number in range(total)]


def begun(stage: Stage, total: int = 8) -> Mailing:
    stage.add(a_mailing())
    running = a_mailing().changed(status=RUNNING, slices=total)
    stage.mailings.begin(a_mailing(), running, slices(total))
    return running


def a_recount(number: int = 1, **fields: Any) -> Recount:
    times = {"requested_at": SOME_MOMENT, "due_at": SOME_MOMENT}
    return Recount(**{"mailing_id": "m0000001", "number": number, **times, **fields})


def recounting(stage: Stage) -> Mailing:
    """A running mailing whose first recount has begun."""
    running = begun(stage)
    counting = running.changed(recounts=1)
    stage.mailings.begin(running, counting, [a_recount()])
    return counting
