"""Work an operator's change into the messages that exist: resumed, edited, or sent again.

The mailing carries the mark of the change from the write that made it until one consistent pass
over all its messages is through. Meanwhile it cannot finish, and a later change starts anew. A
mailing that ends meanwhile is settled, but verified only once the last page was surely written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from carillon.errors import LostRace
from carillon.models.commands import Close, Revise
from carillon.models.mailing import Mailing
from carillon.models.message import Message, MessageStatus
from carillon.policy import steps
from carillon.policy.retention import Retention
from carillon.policy.revision import concerns, revised
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
        if mailing is None or not _is_asked_for(mailing, command, now):
            return
        until = now + LEASE
        leased = mailing.changed(due_at=min(until, mailing.ends_at), revised_until=until)
        self.mailings.replace(mailing, leased)
        leave = partial(self._leave, command, until=until, before=mailing.revised_until)
        fence = mailing.is_revised(now)
        time = TimeLeft(budget)
        for page in pages(self.messages, mailing.id, status=None, after=command.cursor):
            try:
                self._page(leased, page.items, fence=fence)
            except LostRace:
                leave(through=False)  # whoever runs it again takes a lease of their own
                raise
            present = self.mailings.get(mailing.id)
            if present is None or not _is_asked_for(present, command, self.clock.now()):
                leave(through=False)
                return
            if time.must_stop_after(page):
                leave(through=False)
                self.commands.send([command.model_copy(update={"cursor": page.cursor})])
                return
        leave(through=True)
        self.commands.send([Close(mailing_id=mailing.id)])  # nothing may be left to be sent

    def _leave(
        self, command: Revise, *, until: datetime, before: datetime | None, through: bool
    ) -> None:
        """Give back the lease that ends at `until`, and the mark when all messages were revised.

        Who had a lease `before` us died, or is slow and still writes a page: theirs goes on.
        """

        def attempt() -> None:
            mailing, now = self.mailings.get(command.mailing_id), self.clock.now()
            if mailing is None:
                return
            fields: dict[str, object] = {}
            if mailing.revised_until == until:
                fields |= {"revised_until": before}
            if through and _is_asked_for(mailing, command, now):
                fields |= {"revising": None, "resending": (), "due_at": now}
            if fields:
                self.mailings.replace(mailing, mailing.changed(**fields))

        again_on_lost_race(attempt)

    def _page(self, mailing: Mailing, messages: Sequence[Message], *, fence: bool) -> None:
        """Until none of the messages moved under our hands."""
        for _ in range(RACES_MAX):
            messages = self._revise(mailing, messages, fence=fence)
            if not messages:
                return
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
        ring_for(self.doorbells, pending, now)
        refused = [new.key for (_, new), ok in zip(changes, written, strict=True) if not ok]
        return list(self.messages.get_many(refused).values()) if refused else []

    def _check_lease(self, leased: Mailing) -> None:
        """Messages read after another pass took over may be reopened in a finished mailing."""
        mailing = self.mailings.get(leased.id)
        if mailing is None or mailing.rev != leased.rev:
            raise LostRace("the mailing was changed since this pass began")


def _is_asked_for(mailing: Mailing, command: Revise, now: datetime) -> bool:
    """Whether it is this change that is to be worked in; not if it paused, or has ended.

    Whoever settles it may have seen its end by a clock that is ahead of ours.
    """
    return not mailing.closing and steps.next_step(mailing, now) == steps.Revise(command.number)
