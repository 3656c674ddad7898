"""Remove a deleted mailing for good: its messages, its counters, and last itself.

The mailing was marked and hidden when it was deleted; senders and slices stop at that mark. It is
complete when one consistent pass found no message, after all slices had stopped and whoever was at
work on them before the mark can no longer live: a slow one may still be about to write a page.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import learned_of
from carillon.models.commands import Command, Purge, RunSlice
from carillon.models.mailing import Mailing
from carillon.ports import Budget, Clock, Commands, Mailings, Messages, StatisticsTable
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import LEASE, TimeLeft, pages
from carillon.usecases.telling import client_ids

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(seconds=5)
"""Between two passes: long enough for the slices to see the mark and for counters to catch up."""


@dataclass(frozen=True, slots=True)
class Purging:
    """Works `Purge` commands."""

    mailings: Mailings
    messages: Messages
    statistics: StatisticsTable
    commands: Commands
    clock: Clock

    def purge(self, command: Purge, budget: Budget) -> None:
        """Go on removing; each pass starts at the beginning, where nothing is left by then."""
        mailing = self.mailings.get(command.mailing_id)
        learned_of(mailing)
        if mailing is None or not mailing.deleted:
            return
        now = self.clock.now()
        if command.number is None:
            # Of several hints one is followed: who comes while the mailing is held goes away.
            if mailing.holder is None or mailing.due_at is None or mailing.due_at <= now:
                self._go_on(mailing, now)
        elif command.number == mailing.holder:
            self._remove(mailing, budget)

    def _remove(self, mailing: Mailing, budget: Budget) -> None:
        now = self.clock.now()
        if self._stop_slices(mailing):
            self._go_on(mailing, now + AGAIN_AFTER)
            return
        again_at = _last_page_until(mailing, budget)
        found = now < again_at
        time = TimeLeft(budget)
        for page in pages(self.messages, mailing.id, status=None):
            found = found or bool(page.items)
            self.messages.remove(page.items)
            if page.items:
                keys = {"client_ids": client_ids(page.items)}
                logger.info("messages removed", extra=keys)
            if time.must_stop_after(page):
                self._go_on(mailing, self.clock.now())
                return
        if found:
            self._go_on(mailing, max(again_at, self.clock.now() + AGAIN_AFTER))
            return
        self.statistics.remove(mailing.id)
        self.mailings.remove(mailing)
        logger.info("mailing removed")

    def _go_on(self, mailing: Mailing, at: datetime) -> None:
        """Hold the mailing for another invocation at that time; a repeated command has lost it."""
        held = mailing.held(at + LEASE)
        self.mailings.replace(mailing, held)
        again = Purge(mailing_id=mailing.id, number=held.holder)
        self.commands.send([again], delay_s=queue_delay_s(at, self.clock.now()))

    def _stop_slices(self, mailing: Mailing) -> bool:
        """Wake the slices that do not know yet, so that they see the mark; False when none."""
        running = [each for each in self.mailings.slices(mailing.id) if not each.done]
        woken: list[Command] = [
            RunSlice(mailing_id=mailing.id, number=each.number) for each in running
        ]
        self.commands.send(woken)
        if running:
            logger.info("slices told to stop", extra={"slices": len(running)})
        return bool(running)


def _last_page_until(mailing: Mailing, budget: Budget) -> datetime:
    """Until when a page may still be written by an invocation that began before the deletion.

    It lives no longer than this one, which has just begun, may. A deleted mailing is not updated
    any more, so `updated_at` is when it was deleted.
    """
    if not mailing.slices:
        return mailing.updated_at
    return mailing.updated_at + timedelta(seconds=budget.left_s()) + AGAIN_AFTER
