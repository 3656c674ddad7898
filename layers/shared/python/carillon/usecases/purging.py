"""Remove a deleted mailing for good: its messages, its counters, and last itself.

The mailing was marked and hidden when it was deleted; senders and slices stop at that mark. It is
complete when all slices stopped before one consistent pass that found no message.
"""

from dataclasses import dataclass

from carillon.models.commands import Command, Purge, RunSlice
from carillon.models.mailing import Mailing
from carillon.ports import Budget, Commands, Mailings, Messages, StatisticsTable
from carillon.usecases.passes import must_stop_after, pages

AGAIN_AFTER_S = 5
"""Between two passes: long enough for the slices to see the mark and for counters to catch up."""


@dataclass(frozen=True, slots=True)
class Purging:
    """Works `Purge` commands."""

    mailings: Mailings
    messages: Messages
    statistics: StatisticsTable
    commands: Commands

    def purge(self, command: Purge, budget: Budget) -> None:
        """Go on removing; each pass starts at the beginning, where nothing is left by then."""
        mailing = self.mailings.get(command.mailing_id)
        if mailing is None or not mailing.deleted:
            return
        if self._stop_slices(mailing):
            self.commands.send([command], delay_s=AGAIN_AFTER_S)
            return
        found = False
        for page in pages(self.messages, mailing.id, status=None):
            found = found or bool(page.items)
            self.messages.remove(page.items)
            if must_stop_after(page, budget):
                self.commands.send([command])
                return
        if found:
            self.commands.send([command], delay_s=AGAIN_AFTER_S)
            return
        self.statistics.remove(mailing.id)
        self.mailings.remove(mailing)

    def _stop_slices(self, mailing: Mailing) -> bool:
        """Wake the slices that do not know yet, so that they see the mark; False when none."""
        running = [each for each in self.mailings.slices(mailing.id) if not each.done]
        woken: list[Command] = [
            RunSlice(mailing_id=mailing.id, number=each.number) for each in running
        ]
        self.commands.send(woken)
        return bool(running)
