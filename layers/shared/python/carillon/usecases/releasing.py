"""Ring again for what is pending: local hours open, or doorbells were lost.

The message queue holds no truth. A pass over all messages, read consistently, rings for each one
that is pending and due; a doorbell too many is answered by the sender's claim. A mailing in which
nothing is due is left alone until something is.
"""

from dataclasses import dataclass
from datetime import datetime

from carillon.models.commands import Close, Release
from carillon.models.mailing import Mailing, Wave
from carillon.models.message import MessageStatus
from carillon.policy.steps import is_running
from carillon.ports import Budget, Clock, Commands, Doorbells, Mailings, Messages
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import must_stop_after, pages, slices_done
from carillon.usecases.ringing import is_rung, next_look, ring_for


@dataclass(frozen=True, slots=True)
class Releasing:
    """Works `Release` commands."""

    mailings: Mailings
    messages: Messages
    doorbells: Doorbells
    commands: Commands
    clock: Clock

    def release(self, command: Release, budget: Budget) -> None:
        """Go on with the pass from the command's cursor; too early a command waits."""
        now = self.clock.now()
        if command.at > now:
            self.commands.send([command], delay_s=queue_delay_s(command.at, now))
            return
        mailing = self.mailings.get(command.mailing_id)
        if (
            mailing is not None
            and is_running(mailing, now)
            and self._pass(mailing, command, budget)
        ):
            return
        self.mailings.remove_wave(Wave(mailing_id=command.mailing_id, opens_at=command.at))

    def _pass(self, mailing: Mailing, command: Release, budget: Budget) -> bool:
        """Whether it is to go on in another invocation."""
        revisions = mailing.revisions if command.cursor is None else command.revisions
        earliest = command.earliest
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
        ):
            now = self.clock.now()
            ring_for(self.doorbells, page.items, now)
            looks = [now if is_rung(each, now) else next_look(each) for each in page.items]
            earliest = min((each for each in (*looks, earliest) if each is not None), default=None)
            if must_stop_after(page, budget):
                progress = {
                    "cursor": page.cursor,
                    "revisions": revisions,
                    "earliest": earliest,
                }
                self.commands.send([command.model_copy(update=progress)])
                return True
        if revisions == mailing.revisions and mailing.revising is None:
            self._rest(mailing, earliest)
        return False

    def _rest(self, mailing: Mailing, earliest: datetime | None) -> None:
        """Have the tick leave alone a mailing of which nothing is due, or have it closed."""
        if not slices_done(self.mailings, mailing):
            return
        if earliest is None:
            self.commands.send([Close(mailing_id=mailing.id)])
        elif earliest > self.clock.now():
            due_at = min(earliest, mailing.ends_at)
            self.mailings.replace(mailing, mailing.changed(due_at=due_at))
