"""End a mailing: settle what is pending, verify that nothing is left, and mark it finished.

Two cases come here. A mailing past its end, or cancelled, is settling: it is first marked, so that
slices insert straight into the final status and senders stop, and then every pending message
without a live claim is settled. A running mailing whose messages seem to be all settled is only
verified. Either is complete when all slices were done before one consistent pass over all messages
that found none pending; until then the command comes again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import learned_of
from carillon.models.commands import Close
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.measures import LAST_AFTER
from carillon.models.message import Message, MessageStatus
from carillon.policy.delivery import settle_at_end, settle_without_client
from carillon.policy.measured import after_start_s
from carillon.policy.retention import Retention
from carillon.policy.steps import is_settling
from carillon.policy.transitions import may_move_mailing
from carillon.ports import Audience, Budget, Chance, Clock, Commands, Mailings, Measures, Messages
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import AGAIN_AFTER, LEASE, TimeLeft, pages, slices_done
from carillon.usecases.telling import client_ids, fates

logger = logging.getLogger(__name__)


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
    measures: Measures

    def close(self, command: Close, budget: Budget) -> None:
        """Settle or verify, from the command's cursor on."""
        mailing = self.mailings.get(command.mailing_id)
        learned_of(mailing)
        if mailing is None or mailing.deleted or mailing.due_at is None:
            return
        if not is_settling(mailing, self.clock.now()):
            self._verify(mailing, command, budget)
        elif command.number is None:
            self._hold(mailing)
        elif command.number == mailing.holder:
            self._settle(mailing, command, budget)

    def _verify(self, mailing: Mailing, command: Close, budget: Budget) -> None:
        """Finish before the end if every message is settled; otherwise leave it running."""
        if mailing.status is MailingStatus.SCHEDULED or _may_reopen(mailing, self.clock.now()):
            return
        if command.revisions != mailing.revisions:
            command = Close(mailing_id=mailing.id, revisions=mailing.revisions)
        if command.cursor is None and not slices_done(self.mailings, mailing):
            return  # the last slice asks again
        time = TimeLeft(budget)
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
        ):
            if page.items:
                logger.info("messages are pending")
                return  # the counters ask again when the last of them is settled
            if time.must_stop_after(page):
                self.commands.send([command.model_copy(update={"cursor": page.cursor})])
                return
        self._finish(mailing)
        if mailing.resends == 0:
            self.measures.add(LAST_AFTER, after_start_s(mailing, self.clock.now()))

    def _hold(self, mailing: Mailing) -> None:
        """Of several hints one is followed: who comes while the mailing is held goes away."""
        now = self.clock.now()
        if not mailing.closing or mailing.due_at is None or mailing.due_at <= now:
            self._go_on(mailing, Close(mailing_id=mailing.id), now)

    def _go_on(self, mailing: Mailing, command: Close, at: datetime) -> None:
        """Hold the mailing for another invocation at that time; a repeated command has lost it."""
        held = mailing.held(at + LEASE, closing=True)
        self.mailings.replace(mailing, held)
        number = {"number": held.holder}
        delay_s = queue_delay_s(at, self.clock.now())
        self.commands.send([command.model_copy(update=number)], delay_s=delay_s)

    def _settle(self, mailing: Mailing, command: Close, budget: Budget) -> None:
        """Settle one pass; finish after a clean one, else come again."""
        now = self.clock.now()
        clean = command.clean
        if command.cursor is None:
            clean = slices_done(self.mailings, mailing) and not mailing.is_revised(now)
        again_at = now + AGAIN_AFTER
        time = TimeLeft(budget)
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
        ):
            if page.items:
                clean = False
                again_at = max(again_at, self._settle_page(mailing, page.items))
            if time.must_stop_after(page):
                progress = {"cursor": page.cursor, "clean": clean}
                self._go_on(mailing, command.model_copy(update=progress), self.clock.now())
                return
        if clean:
            self._finish(mailing)
        else:
            self._go_on(mailing, Close(mailing_id=mailing.id), again_at)

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
        # One that is refused was sent or claimed meanwhile: the next pass sees what became of it.
        written = self.messages.swap(changes)
        for fate in fates((new for (_, new), ok in zip(changes, written, strict=True) if ok), now):
            logger.info("messages settled", extra=fate)
        claimed = [each for each in pending if each.is_claimed(now)]
        if claimed:
            logger.info("messages are being sent", extra={"client_ids": client_ids(claimed)})
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
                holder=None,
                revising=None,
                revision_leases=(),
                resending=(),
                due_at=None,
                updated_at=self.clock.now(),
            ),
        )
        logger.info("mailing closed", extra={"mailing_status": status})


def _may_reopen(mailing: Mailing, now: datetime) -> bool:
    """Whether a change is still to be worked in, which may make messages pending again."""
    return mailing.revising is not None or mailing.is_revised(now)
