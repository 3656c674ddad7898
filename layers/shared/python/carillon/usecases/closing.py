"""End a mailing: settle what is pending, verify that nothing is left, and mark it finished.

Two cases come here. A mailing past its end, or cancelled, is settling: it is first marked, so that
slices insert straight into the final status and senders stop, and then every pending message
without a live claim is settled. A running mailing whose messages seem to be all settled is only
verified. Either is complete when all slices were done before one consistent pass over all messages
that found none pending; until then the command comes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.models.commands import Close
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message, MessageStatus
from carillon.policy.delivery import settle_at_end, settle_without_client
from carillon.policy.retention import Retention
from carillon.policy.steps import is_settling
from carillon.policy.transitions import may_move_mailing
from carillon.ports import Audience, Budget, Chance, Clock, Commands, Mailings, Messages
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import AGAIN_AFTER, LEASE, must_stop_after, pages, slices_done


@dataclass(frozen=True, slots=True)
class Closing:
    """Works `Close` commands."""

    mailings: Mailings
    audience: Audience
    messages: Messages
    commands: Commands
    clock: Clock
    chance: Chance
    retention: Retention

    def close(self, command: Close, budget: Budget) -> None:
        """Go on with the pass from the command's cursor."""
        mailing = self.mailings.get(command.mailing_id)
        if mailing is None or mailing.deleted or mailing.due_at is None:
            return
        now = self.clock.now()
        if command.cursor is not None and command.version != mailing.version:
            command = Close(mailing_id=mailing.id)  # what was seen so far may have been reopened
        if is_settling(mailing, now):
            self._settle(self._marked(mailing, now), command, budget)
        elif mailing.status is not MailingStatus.SCHEDULED and mailing.revising is None:
            self._verify(mailing, command, budget)

    def _marked(self, mailing: Mailing, now: datetime) -> Mailing:
        marked = mailing.changed(closing=True, due_at=now + LEASE)
        self.mailings.replace(mailing, marked)
        return marked

    def _verify(self, mailing: Mailing, command: Close, budget: Budget) -> None:
        """Finish before the end if every message is settled; otherwise leave it running."""
        if command.cursor is None and not slices_done(self.mailings, mailing):
            return  # the last slice asks again
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
        ):
            if page.items:
                return  # the counters ask again when the last of them is settled
            if must_stop_after(page, budget):
                progress = {"cursor": page.cursor, "version": mailing.version}
                self.commands.send([command.model_copy(update=progress)])
                return
        self._finish(mailing)

    def _settle(self, mailing: Mailing, command: Close, budget: Budget) -> None:
        """Settle one pass; finish after a clean one, else come again."""
        clean = command.clean
        if command.cursor is None:
            clean = slices_done(self.mailings, mailing)
        again_at = self.clock.now() + AGAIN_AFTER
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
        ):
            if page.items:
                clean = False
                again_at = max(again_at, self._settle_page(mailing, page.items))
            if must_stop_after(page, budget):
                progress = {"cursor": page.cursor, "version": mailing.version, "clean": clean}
                self.commands.send([command.model_copy(update=progress)])
                return
        if clean:
            self._finish(mailing)
        else:
            delay_s = queue_delay_s(again_at, self.clock.now())
            self.commands.send([Close(mailing_id=mailing.id)], delay_s=delay_s)

    def _settle_page(self, mailing: Mailing, pending: Sequence[Message]) -> datetime:
        """Settle those nobody is calling for; returns when the last live claim is over."""
        now = self.clock.now()
        cancelled = mailing.status is MailingStatus.CANCELLED
        clients = self.audience.get_many([each.client_id for each in pending], consistent=True)
        changes = []
        claims_over = now
        for message in pending:
            if message.claim_until is not None and message.is_claimed(now):
                claims_over = max(claims_over, message.claim_until)
                continue
            if message.client_id in clients:
                end = settle_at_end(message, cancelled=cancelled)
            else:
                end = settle_without_client(message)
            settled = message.settled(
                end.status,
                end.reason,
                token=self.chance.new_id(),
                at=now,
                expires_at=self.retention.expires_at(now),
            )
            changes.append((message, settled))
        self.messages.swap(changes)  # a refused one was sent or claimed meanwhile: the next pass
        return claims_over

    def _finish(self, mailing: Mailing) -> None:
        status = mailing.status
        if may_move_mailing(status, MailingStatus.FINISHED):
            status = MailingStatus.FINISHED
        self.mailings.replace(
            mailing,
            mailing.changed(
                status=status,
                closing=False,
                revising=None,
                resending=(),
                due_at=None,
                updated_at=self.clock.now(),
            ),
        )
