"""Ring for what is pending: local hours open, or doorbells were lost.

A wave is worked like a slice: page by page with a checkpoint after each, so that a crash loses
nothing and of two invocations one stops. An opening rings for those that wait for just it. A search
reads the truth, which is in the table and not in the queue, and rings for all that are due; a
doorbell too many is answered by the sender's claim. Either notes how many messages are asleep.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import learned_of
from carillon.errors import LostRace
from carillon.models.commands import Close, Release
from carillon.models.mailing import Mailing
from carillon.models.measures import WAVES
from carillon.models.message import Message, MessageStatus
from carillon.models.wave import Wave, with_more
from carillon.policy.steps import is_running
from carillon.ports import Budget, Clock, Commands, Doorbells, Mailings, Measures, Messages
from carillon.usecases.advancing import STALLED_AFTER
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.passes import TimeLeft, pages, slices_done
from carillon.usecases.races import again_on_lost_race
from carillon.usecases.ringing import is_rung, next_look, ring_for

logger = logging.getLogger(__name__)

REST_MIN = timedelta(minutes=2)
"""After a search, until the queue's own numbers show what it rang for."""

REST_PER_PAGE = timedelta(seconds=0.25)
"""A mailing rests the longer the more was read: a thousand messages a second at most, whatever
makes them look lost. For a million that is a search in 17 minutes, 125,000 read units."""


@dataclass(frozen=True, slots=True)
class Releasing:
    """Works `Release` commands."""

    mailings: Mailings
    messages: Messages
    doorbells: Doorbells
    commands: Commands
    clock: Clock
    measures: Measures

    def release(self, command: Release, budget: Budget) -> None:
        """Go on from the wave's checkpoint; too early a command waits."""
        now = self.clock.now()
        if command.at > now:
            logger.info("wave waits")
            self.commands.send([command], delay_s=queue_delay_s(command.at, now))
            return
        wave = self.mailings.wave(command.mailing_id, command.at)
        if wave is None or not _is_ours(wave, command, now):
            return
        mailing = self.mailings.get(command.mailing_id)
        learned_of(mailing)
        if mailing is None or not is_running(mailing, now):
            logger.info("wave dropped")  # what moves the mailing on takes care of its messages
            self.mailings.remove_wave(wave)
            return
        try:
            self._pass(mailing, wave, budget)
        except LostRace:
            logger.info("another invocation is ahead")
            return

    def _pass(self, mailing: Mailing, wave: Wave, budget: Budget) -> None:
        begins = wave.cursor is None
        wave = self._checkpoint(wave, revisions=mailing.revisions if begins else wave.revisions)
        if begins and not wave.search:
            self.measures.add(WAVES)
        time = TimeLeft(budget)
        for page in pages(
            self.messages, mailing.id, status=MessageStatus.PENDING, after=wave.cursor
        ):
            wave = self._ring(wave, page.items)
            if page.cursor is not None:
                wave = self._checkpoint(wave, cursor=page.cursor)
            if time.must_stop_after(page):
                again = Release(mailing_id=wave.mailing_id, at=wave.opens_at, rev=wave.rev)
                self.commands.send([again])
                return
        self._note(wave)
        self.mailings.remove_wave(wave)
        asleep = wave.asleep.number if wave.asleep is not None else 0
        counts = {"pages": wave.pages, "pending": wave.pending, "asleep": asleep}
        logger.info("wave done", extra={"lost_doorbells": wave.search, **counts})

    def _ring(self, wave: Wave, pending: Sequence[Message]) -> Wave:
        """Returns the wave with what was seen; the checkpoint writes it."""
        now = self.clock.now()
        chosen = [each for each in pending if wave.search or each.not_before == wave.opens_at]
        ring_for(self.doorbells, chosen, now)
        wake_at = [next_look(each) for each in pending if not is_rung(each, now)]
        return wave.model_copy(
            update={
                "pages": wave.pages + 1,
                "pending": wave.pending + len(pending),
                "asleep": with_more(wave.asleep, wake_at),
            }
        )

    def _checkpoint(self, wave: Wave, **fields: object) -> Wave:
        after = wave.changed(**fields, held_until=self.clock.now() + STALLED_AFTER)
        self.mailings.checkpoint(wave, after)
        return after

    def _note(self, wave: Wave) -> None:
        """Tell the mailing what the pass has seen; what others changed meanwhile it has not."""

        def attempt() -> None:
            mailing = self.mailings.get(wave.mailing_id)
            if (
                mailing is None
                or mailing.revisions != wave.revisions
                or mailing.revising is not None
                or not slices_done(self.mailings, mailing)
            ):
                return
            if not wave.pending:
                self.commands.send([Close(mailing_id=mailing.id)])
                return
            fields: dict[str, object] = {"asleep": wave.asleep}
            if wave.search and mailing.due_at is not None:
                rested_at = self.clock.now() + max(REST_MIN, wave.pages * REST_PER_PAGE)
                fields |= {"due_at": min(rested_at, mailing.ends_at)}
            self.mailings.replace(mailing, mailing.changed(**fields))

        again_on_lost_race(attempt)


def _is_ours(wave: Wave, command: Release, now: datetime) -> bool:
    """Of several hints one is followed: who comes while another is at it goes away."""
    if command.rev is None:
        return wave.held_until is None or wave.held_until <= now
    return command.rev == wave.rev
