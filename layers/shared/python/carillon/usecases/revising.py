"""Work an operator's change into the messages that exist: resumed, edited, or sent again.

The mailing carries the mark of the change from the write that made it until one consistent pass
over all its messages is through. Meanwhile it cannot finish, and a later change starts anew. A
mailing that ends meanwhile is settled, but verified only once the last page was surely written.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from carillon.concern import learned_of
from carillon.errors import LostRace
from carillon.models.commands import Close, Revise
from carillon.models.mailing import Mailing
from carillon.models.message import Message, MessageStatus
from carillon.policy.retention import Retention
from carillon.policy.revision import concerns, revised
from carillon.policy.steps import is_running
from carillon.ports import (
    Audience,
    Budget,
    Chance,
    Clock,
    Commands,
    Doorbells,
    Mailings,
    Messages,
)
from carillon.usecases.passes import LEASE, TimeLeft, pages
from carillon.usecases.races import RACES_MAX, again_on_lost_race
from carillon.usecases.ringing import note_waves, ring_for
from carillon.usecases.telling import fates

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revising:
    """Works `Revise` commands."""

    mailings: Mailings
    audience: Audience
    messages: Messages
    doorbells: Doorbells
    commands: Commands
    clock: Clock
    chance: Chance
    retention: Retention

    def revise(self, command: Revise, budget: Budget) -> None:
        """Go on with the pass from the command's cursor; one that was superseded ends here."""
        mailing = self.mailings.get(command.mailing_id)
        now = self.clock.now()
        learned_of(mailing)
        if mailing is None or not _is_asked_for(mailing, command.number, now):
            return
        until = now + LEASE
        others = tuple(each for each in mailing.revision_leases if each > now)
        leased = mailing.changed(
            due_at=min(until, mailing.ends_at), revision_leases=(*others, until)
        )
        self.mailings.replace(mailing, leased)
        leave = partial(self._leave, command, until=until)
        fence = bool(others)
        time = TimeLeft(budget)
        for page in pages(self.messages, mailing.id, status=None, after=command.cursor):
            try:
                self._page(leased, page.items, fence=fence)
            except LostRace:
                leave(through=False)  # whoever runs it again takes a lease of their own
                raise
            present = self.mailings.get(mailing.id)
            if present is None or not _is_asked_for(present, command.number, self.clock.now()):
                leave(through=False)
                return
            if time.must_stop_after(page):
                leave(through=False)
                self.commands.send([command.model_copy(update={"cursor": page.cursor})])
                return
        leave(through=True)

    def _leave(self, command: Revise, *, until: datetime, through: bool) -> None:
        """Give back the lease that ends at `until`, and the mark when all messages were revised.

        Whoever else has a lease died, or is slow and still writes a page: theirs goes on. Who
        leaves last asks whether nothing is left to be sent.
        """

        def attempt() -> None:
            mailing, now = self.mailings.get(command.mailing_id), self.clock.now()
            if mailing is None:
                return
            fields: dict[str, object] = {}
            leases = list(mailing.revision_leases)
            if until in leases:
                leases.remove(until)
                fields |= {"revision_leases": tuple(leases)}
            if through and _is_asked_for(mailing, command.number, now):
                fields |= {"revising": None, "resending": (), "due_at": now}
            if not fields:
                return
            left = mailing.changed(**fields)
            self.mailings.replace(mailing, left)
            logger.info("revision left", extra={"done": "revising" in fields})
            if left.revising is None and not left.is_revised(now):
                self.commands.send([Close(mailing_id=left.id)])

        again_on_lost_race(attempt)

    def _page(self, mailing: Mailing, messages: Sequence[Message], *, fence: bool) -> None:
        """Until none of the messages moved under our hands."""
        for _ in range(RACES_MAX):
            messages = self._revise(mailing, messages, fence=fence)
            if not messages:
                return
            fence = False  # who reads what was written since finds that it is superseded
        raise LostRace("messages were changed by others each time")

    def _revise(
        self, mailing: Mailing, messages: Sequence[Message], *, fence: bool
    ) -> Sequence[Message]:
        """Revise and ring; returns, read again, those that others changed at the same moment.

        With a `fence` those that stay as they are get a new token: a slow pass for an older change
        may be about to write what it made of them.
        """
        self._check_lease(mailing)
        now = self.clock.now()
        before = [each for each in messages if concerns(mailing, each, now)]
        clients = self.audience.get_many([each.client_id for each in before], consistent=True)
        after = [
            revised(
                mailing,
                clients.get(each.client_id),
                each,
                now=now,
                token=self.chance.new_id(),
                retention=self.retention,
            )
            for each in before
        ]
        claimed = [each for each in messages if each.is_claimed(now)]
        pending = [each for each in [*after, *claimed] if each.status is MessageStatus.PENDING]
        note_waves(self.mailings, pending, now)
        if fence:
            after = [
                old.changed(token=self.chance.new_id(), at=now)
                if new is old and old.status is MessageStatus.PENDING
                else new
                for old, new in zip(before, after, strict=True)
            ]
        changes = [(old, new) for old, new in zip(before, after, strict=True) if new is not old]
        written = self.messages.swap(changes)
        revised_ones = [new for (_, new), ok in zip(changes, written, strict=True) if ok]
        for fate in fates(revised_ones, now):
            logger.info("messages revised", extra=fate)
        ring_for(self.doorbells, pending, now)
        refused = [new.key for (_, new), ok in zip(changes, written, strict=True) if not ok]
        return list(self.messages.get_many(refused).values()) if refused else []

    def _check_lease(self, leased: Mailing) -> None:
        """Without it messages may be reopened in a finished mailing, or moved for an old change.

        Others that work in the same change do not matter: they would make of it the same.
        """
        mailing, now = self.mailings.get(leased.id), self.clock.now()
        until = leased.revision_leases[-1]
        if (
            mailing is None
            or until <= now
            or until not in mailing.revision_leases
            or not _is_asked_for(mailing, leased.revising, now)
        ):
            raise LostRace("the lease is over, or nobody asks for this change any more")


def _is_asked_for(mailing: Mailing, number: int | None, now: datetime) -> bool:
    """Whether it is this change that is to be worked in; not if it paused, or has ended.

    Whoever settles it may have seen its end by a clock that is ahead of ours.
    """
    return is_running(mailing, now) and mailing.revising == number
