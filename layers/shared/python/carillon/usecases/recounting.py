"""Compare a mailing's counters with its messages, and repair them, while messages move on.

A recount has counters of its own, empty at first. A pass takes over every message: a write that
changes nothing but its `recount`, which the stream brings to the counters like any change, so that
it is taken out of the old ones and put into the new. Once all messages were taken over and all of
that is counted, the new counters are exact, and whatever the old ones still hold is the error.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import learned_of
from carillon.models.commands import RunRecount
from carillon.models.mailing import Mailing
from carillon.models.message import Message
from carillon.models.recount import Recount
from carillon.policy.retention import Retention
from carillon.ports import Budget, Chance, Clock, Commands, Mailings, Messages, StatisticsTable
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import AGAIN_AFTER, LEASE, TimeLeft, pages, slices_done
from carillon.usecases.telling import client_ids

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recounting:
    """Works `RunRecount` commands."""

    mailings: Mailings
    messages: Messages
    statistics: StatisticsTable
    commands: Commands
    clock: Clock
    chance: Chance
    retention: Retention

    def recount(self, command: RunRecount, budget: Budget) -> None:
        """Go on with the pass from the command's cursor, or repair after a clean one."""
        mailing = self.mailings.get(command.mailing_id)
        recount = self.mailings.recount(command.mailing_id, command.number)
        learned_of(mailing)
        if mailing is None or mailing.deleted or recount is None or recount.finished_at is not None:
            return
        now = self.clock.now()
        if command.rev is None:
            # Of several hints one is followed: who comes while another is at it goes away.
            if recount.rev == 1 or recount.due_at is None or recount.due_at <= now:
                self._go_on(recount, command, now)
        elif command.rev != recount.rev:
            return
        elif self.retention.expires_at(mailing.created_at) <= now.timestamp():
            self._finish(recount)  # messages may have vanished since, but they were counted right
        elif recount.messages is None:
            self._take_over(mailing, recount, command, budget)
        else:
            self._repair(recount, recount.messages)

    def _take_over(
        self, mailing: Mailing, recount: Recount, command: RunRecount, budget: Budget
    ) -> None:
        """One pass; it is complete when it found every message taken over before."""
        clean, seen = command.clean, command.messages
        if command.cursor is None:
            clean, seen = slices_done(self.mailings, mailing), 0
        again_at = self.clock.now() + AGAIN_AFTER
        time = TimeLeft(budget)
        for page in pages(self.messages, mailing.id, status=None, after=command.cursor):
            left = [each for each in page.items if each.recount < recount.number]
            if left:
                clean = False
                again_at = max(again_at, self._mark(left, recount.number))
            seen += len(page.items)
            if time.must_stop_after(page):
                progress = {"cursor": page.cursor, "messages": seen, "clean": clean}
                self._go_on(recount, command.model_copy(update=progress), self.clock.now())
                return
        if clean:
            self._repair(self._note(recount, messages=seen), seen)
        else:
            self._again(recount, again_at)

    def _mark(self, messages: Sequence[Message], number: int) -> datetime:
        """Take over those that nobody is calling for; returns when the last live claim is over."""
        now = self.clock.now()
        claims_over = now
        changes = []
        for message in messages:
            if message.claim_until is not None and message.is_claimed(now):
                claims_over = max(claims_over, message.claim_until)
            else:
                token = self.chance.new_id()
                taken = message.model_copy(update={"token": token, "recount": number})
                changes.append((message, taken))
        # One that is refused was changed meanwhile: the next pass.
        written = self.messages.swap(changes)
        taken_over = [new for (_, new), ok in zip(changes, written, strict=True) if ok]
        if taken_over:
            logger.info("messages counted anew", extra={"client_ids": client_ids(taken_over)})
        return claims_over

    def _repair(self, recount: Recount, messages: int) -> None:
        """Once the stream has brought every take-over to the counters."""
        mailing = self.mailings.get(recount.mailing_id)
        if mailing is None or mailing.deleted:
            return  # what its purge has removed would be taken for an error
        own, older = self.statistics.tally(recount.mailing_id, recount=recount.number)
        if own.total < messages:
            self._again(recount, self.clock.now() + AGAIN_AFTER)
            return
        if recount.difference is None:
            recount = self._note(recount, difference=older)
            wrong = {name: by for name, by in older.model_dump().items() if by}
            logger.log(
                logging.WARNING if wrong else logging.INFO,
                "counters compared",
                extra={"messages": messages, "difference": wrong},
            )
        self.statistics.drop_before(recount.mailing_id, recount=recount.number)
        self._finish(recount)

    def _finish(self, recount: Recount) -> None:
        self._note(recount, finished_at=self.clock.now(), due_at=None)
        logger.info("recount done")

    def _note(self, recount: Recount, **fields: object) -> Recount:
        noted = recount.changed(**fields)
        self.mailings.checkpoint(recount, noted)
        return noted

    def _again(self, recount: Recount, at: datetime) -> None:
        self._go_on(recount, RunRecount(mailing_id=recount.mailing_id, number=recount.number), at)

    def _go_on(self, recount: Recount, command: RunRecount, at: datetime) -> None:
        """Be at it for another invocation at that time; a repeated command has lost it."""
        noted = self._note(recount, due_at=at + LEASE)
        delay_s = queue_delay_s(at, self.clock.now())
        self.commands.send([command.model_copy(update={"rev": noted.rev})], delay_s=delay_s)
