"""From a change of a mailing to hints: when somebody should look at it again.

The planner receives each change of a mailing from the table's stream, so there is no second write
that could be lost. Nothing here decides anything about the mailing: a hint only says when to look,
and names are made of mailing, kind and time, so that doing all this twice changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import about
from carillon.models.commands import Advance, Command, RunRecount
from carillon.models.mailing import Mailing, MailingStatus
from carillon.policy.steps import Later, Nothing, next_step
from carillon.ports import Clock, Commands, Schedules
from carillon.usecases.delays import queue_delay_s

logger = logging.getLogger(__name__)

SCHEDULER_LEAD = timedelta(seconds=60)
"""EventBridge Scheduler invokes within the minute of a schedule's time, so it is set this much
early and the queue's delay makes up the rest to the second."""

SCHEDULED_FROM = 2 * SCHEDULER_LEAD
"""What is nearer waits in the queue alone: its schedule's time might be past before it is made."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One time at which a mailing must be looked at."""

    mailing_id: str
    kind: str
    at: datetime

    @property
    def name(self) -> str:
        """The schedule's name: the same for the same appointment, never reused for another."""
        return f"{self.mailing_id}-{self.kind}-{self.at:%Y%m%dT%H%M%S}{self.at.microsecond:06d}"


def appointments(mailing: Mailing | None) -> frozenset[Appointment]:
    """When this mailing starts and ends, as far as that still lies ahead of it."""
    if mailing is None or not mailing.is_open:
        return frozenset()
    times = {Appointment(mailing.id, "end", mailing.ends_at)}
    if mailing.status is MailingStatus.SCHEDULED:
        times.add(Appointment(mailing.id, "start", mailing.starts_at))
    return frozenset(times)


@dataclass(frozen=True, slots=True)
class Planner:
    """Turns changes of mailings into schedules and commands."""

    schedules: Schedules
    commands: Commands
    clock: Clock

    def plan(self, old: Mailing | None, new: Mailing | None) -> None:
        """Follow one change; `old` is None for a new mailing, `new` for a purged one."""
        before, after = appointments(old), appointments(new)
        for appointment in sorted(after - before, key=lambda each: each.at):
            self._make(appointment)
        for appointment in before - after:
            self.schedules.delete(appointment.name)
        asked: list[Command] = []
        if new is not None:
            now = self.clock.now()
            asked = _at_once(old, new, now)
            self.commands.send(asked)
        _tell(old, new, made=after - before, dropped=before - after, asked=asked)

    def _make(self, appointment: Appointment) -> None:
        now = self.clock.now()
        command = Advance(mailing_id=appointment.mailing_id, at=appointment.at)
        if appointment.at - now > SCHEDULED_FROM:
            self.schedules.create(
                appointment.name, at=appointment.at - SCHEDULER_LEAD, command=command
            )
        else:
            self.commands.send([command], delay_s=queue_delay_s(appointment.at, now))


def _at_once(old: Mailing | None, new: Mailing, now: datetime) -> list[Command]:
    """What a change asks for right away, beyond its appointments."""
    if old is None:
        return []
    asked: list[Command] = []
    moved = (old.status, old.deleted, old.revising) != (new.status, new.deleted, new.revising)
    if moved and not isinstance(next_step(new, now), Later | Nothing):
        asked.append(Advance(mailing_id=new.id, at=now))
    if new.recounts != old.recounts:
        asked.append(RunRecount(mailing_id=new.id, number=new.recounts))
    return asked


def _tell(
    old: Mailing | None,
    new: Mailing | None,
    *,
    made: frozenset[Appointment],
    dropped: frozenset[Appointment],
    asked: list[Command],
) -> None:
    mailing = new or old
    if mailing is None:
        return
    edited = new is not None and (old is None or old.version != new.version)
    logger.info(
        "mailing planned" if new is not None else "mailing gone",
        extra=about(
            mailing,
            mailing_status=mailing.status,
            version=mailing.version,
            rev=mailing.rev,
            closing=mailing.closing or None,
            # Who edits is known by the mailing; what it does by itself is nobody's.
            caller=mailing.updated_by if edited else None,
            hints_made=sorted(each.name for each in made) or None,
            hints_dropped=sorted(each.name for each in dropped) or None,
            commands=[each.kind for each in asked] or None,
        ),
    )
