"""Look at a mailing and do what it needs: begin, revise, close, purge, or look again later.

Every hint ends here: the schedules of its start and end, what the planner sends at once, and the
tick. The mailing is read consistently and decided on anew, so a hint that is early, late, repeated
or outdated does no harm.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import learned_of
from carillon.models.commands import Advance, Close, Purge, Revise, RunSlice
from carillon.models.mailing import Mailing, MailingStatus, Slice
from carillon.policy import steps
from carillon.policy.steps import Begin, Finish, Later, Remove, next_step
from carillon.ports import Clock, Commands, Mailings
from carillon.usecases.delays import queue_delay_s

logger = logging.getLogger(__name__)

STALLED_AFTER = timedelta(seconds=60)
"""A slice that made no checkpoint for so long is given out again by the tick."""


@dataclass(frozen=True, slots=True)
class Advancing:
    """Works `Advance` commands."""

    mailings: Mailings
    commands: Commands
    clock: Clock
    slices: int

    def advance(self, command: Advance) -> None:
        """Do what the mailing needs now."""
        mailing = self.mailings.get(command.mailing_id)
        if mailing is None:
            return
        learned_of(mailing)
        now = self.clock.now()
        step = next_step(mailing, now)
        logger.info(
            "mailing looked at",
            extra={"mailing_status": mailing.status, "step": type(step).__name__},
        )
        match step:
            case Begin():
                self._begin(mailing, now)
            case steps.Revise(number):
                self.commands.send([Revise(mailing_id=mailing.id, number=number)])
            case Finish():
                self.commands.send([Close(mailing_id=mailing.id)])
            case Remove():
                self.commands.send([Purge(mailing_id=mailing.id)])
            case Later(at) if at == command.at:
                self.commands.send([command], delay_s=queue_delay_s(at, now))
            case _:
                pass  # the times were moved since: the present ones have hints of their own

    def _begin(self, mailing: Mailing, now: datetime) -> None:
        started = mailing.changed(
            status=MailingStatus.RUNNING,
            slices=self.slices,
            due_at=now,
            updated_at=now,
        )
        cut = [
            Slice(
                mailing_id=mailing.id,
                number=number,
                total=self.slices,
                version=mailing.version,
                due_at=now + STALLED_AFTER,
            )
            for number in range(self.slices)
        ]
        self.mailings.begin(mailing, started, cut)
        logger.info("mailing begun", extra={"slices": self.slices})
        self.commands.send([RunSlice(mailing_id=mailing.id, number=each.number) for each in cut])
