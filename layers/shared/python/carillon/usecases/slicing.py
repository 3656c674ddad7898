"""Work one slice of a mailing's audience: read a page of clients, insert their messages, ring.

The order within a page makes a crash at any line harmless. Openings of local hours are noted before
the messages that wait for them exist; messages are inserted if absent; then the mailing is read
again, and only one that runs is rung for; last comes the checkpoint. A page done twice rings twice,
which the sender's claim makes harmless.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import learned_of
from carillon.errors import LostRace
from carillon.models.client import Recipient
from carillon.models.commands import Close, Doorbell, RunSlice
from carillon.models.mailing import Mailing, MailingStatus, Slice
from carillon.models.measures import SELECTED
from carillon.models.message import SETTLED_AT_BIRTH, Message, MessageStatus, Reason
from carillon.models.wave import Asleep, with_more
from carillon.policy.delivery import first_attempt, settle_at_end
from carillon.policy.retention import Retention
from carillon.policy.steps import is_settling
from carillon.ports import (
    Audience,
    Budget,
    Clock,
    Commands,
    Doorbells,
    Mailings,
    Measures,
    Messages,
)
from carillon.usecases.advancing import STALLED_AFTER
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.overtaken import ask_to_revise
from carillon.usecases.passes import TimeLeft
from carillon.usecases.races import again_on_lost_race
from carillon.usecases.ringing import is_rung, note_waves
from carillon.usecases.telling import fates

logger = logging.getLogger(__name__)

PAGE_CLIENTS = 250
"""Clients read at a time, 60 KB of the 1 MB that one Scan call returns at most. A page is what is
done again after a crash, and must fit into an invocation even where AWS is ten times slower."""


@dataclass(frozen=True, slots=True)
class Slicing:
    """Works `RunSlice` commands."""

    mailings: Mailings
    audience: Audience
    messages: Messages
    doorbells: Doorbells
    commands: Commands
    clock: Clock
    retention: Retention
    measures: Measures

    def run(self, command: RunSlice, budget: Budget) -> None:
        """Go on from the checkpoint until the slice is done or the time is."""
        piece = self.mailings.slice(command.mailing_id, command.number)
        mailing = self.mailings.get(command.mailing_id)
        learned_of(mailing)
        time = TimeLeft(budget)
        while piece is not None and not piece.done and mailing is not None:
            try:
                piece, mailing = self._page(piece, mailing)
            except LostRace:
                logger.info("another invocation is ahead")
                return
            if not piece.done and time.is_short():
                self.commands.send([command])
                return
        if piece is not None and piece.done:
            self._maybe_close(command.mailing_id)

    def _page(self, piece: Slice, mailing: Mailing) -> tuple[Slice, Mailing | None]:
        if mailing.deleted:
            return self._checkpoint(piece, cursor=None, done=True), mailing
        page = self.audience.scan(
            mailing.filter,
            number=piece.number,
            total=piece.total,
            after=piece.cursor,
            limit=PAGE_CLIENTS,
        )
        now = self.clock.now()
        made = [self._message(mailing, client, now) for client in page.items]
        piece = _with_asleep(piece, made, now)
        # Told first: whoever dies in between leaves no message of which the log knows nothing.
        for fate in fates(made, now):
            logger.info("clients selected", extra=fate)
        note_waves(self.mailings, filter(_is_pending, made), now)
        self.messages.insert(made)
        seen_since = self.mailings.get(mailing.id)
        if seen_since is not None and seen_since.status is MailingStatus.RUNNING:
            self._ring(made, now)
            if seen_since.version != piece.version:
                # The edit's own pass may have missed messages of this page. They may also be older
                # than what this invocation knows, left by one that crashed.
                ask_to_revise(self.mailings, self.clock, mailing.id)
                piece = piece.model_copy(update={"version": seen_since.version})
        if made:
            self.measures.add(SELECTED, len(made))
        # Only those of a running mailing were rung for.
        status = None if seen_since is None else seen_since.status
        logger.info("messages made", extra={"messages": len(made), "mailing_status": status})
        return self._checkpoint(piece, cursor=page.cursor, done=page.cursor is None), seen_since

    def _message(self, mailing: Mailing, client: Recipient, now: datetime) -> Message:
        """The client's message as it begins; for a mailing that ends, as it ends."""
        message = Message.new(
            mailing_id=mailing.id, client_id=client.id, created_at=now, recount=mailing.recounts
        )
        if is_settling(mailing, now):
            end = settle_at_end(message, cancelled=mailing.status is MailingStatus.CANCELLED)
            return self._settled(message, end.status, end.reason, now)
        at = first_attempt(mailing, client, now)
        if at is None:
            return self._settled(message, MessageStatus.EXPIRED, Reason.HOURS_NEVER_OPEN, now)
        return message.model_copy(update={"not_before": at})

    def _settled(
        self, message: Message, status: MessageStatus, reason: Reason, now: datetime
    ) -> Message:
        return message.model_copy(
            update={
                "token": SETTLED_AT_BIRTH,
                "status": status,
                "reason": reason,
                "expires_at": self.retention.expires_at(now),
            }
        )

    def _ring(self, made: Sequence[Message], now: datetime) -> None:
        self.doorbells.ring(
            [
                (
                    Doorbell(
                        mailing_id=each.mailing_id,
                        client_id=each.client_id,
                        # One that a recount has begun for does not look as if just made.
                        fresh_at=None if each.recount else each.created_at,
                    ),
                    queue_delay_s(each.not_before, now),
                )
                for each in made
                if _is_pending(each) and is_rung(each, now)
            ]
        )

    def _checkpoint(self, piece: Slice, *, cursor: str | None, done: bool) -> Slice:
        due_at = None if done else self.clock.now() + STALLED_AFTER
        after = piece.model_copy(
            update={"cursor": cursor, "done": done, "rev": piece.rev + 1, "due_at": due_at}
        )
        self.mailings.checkpoint(piece, after)
        if done:
            logger.info("slice done")
        return after

    def _maybe_close(self, mailing_id: str) -> None:
        """Whichever slice is done last asks whether that was all: an empty audience ends here."""
        slices = self.mailings.slices(mailing_id)
        if all(each.done for each in slices):
            self._note_asleep(mailing_id, [each.asleep for each in slices if each.asleep])
            self.commands.send([Close(mailing_id=mailing_id)])

    def _note_asleep(self, mailing_id: str, asleep: Sequence[Asleep]) -> None:
        """Tell the mailing, so that nobody searches for doorbells which were never rung."""
        if not asleep:
            return
        known = Asleep(
            number=sum(each.number for each in asleep), until=min(each.until for each in asleep)
        )

        def note() -> None:
            mailing = self.mailings.get(mailing_id)
            if mailing is not None and mailing.revisions == 0 and mailing.asleep is None:
                self.mailings.replace(mailing, mailing.changed(asleep=known))

        again_on_lost_race(note)


def _with_asleep(piece: Slice, made: Sequence[Message], now: datetime) -> Slice:
    wake_at = [each.not_before for each in made if _is_pending(each) and not is_rung(each, now)]
    return piece.model_copy(update={"asleep": with_more(piece.asleep, wake_at)})


def _is_pending(message: Message) -> bool:
    return message.status is MessageStatus.PENDING
