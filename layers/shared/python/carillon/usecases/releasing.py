"""Ring again for what is pending: local hours open, or a mailing is resumed or edited.

The message queue holds no truth. A pass over all messages, read consistently, rings for each one
that is pending, unclaimed and due; a doorbell too many is answered by the sender's claim.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.models.commands import Doorbell, Release
from carillon.models.mailing import Mailing, MailingStatus, Wave
from carillon.models.message import Message, MessageStatus
from carillon.policy.delivery import first_attempt
from carillon.policy.steps import is_settling
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
from carillon.usecases.delays import QUEUE_DELAY_MAX, queue_delay_s
from carillon.usecases.passes import must_stop_after, pages


@dataclass(frozen=True, slots=True)
class Releasing:
    """Works `Release` commands."""

    mailings: Mailings
    audience: Audience
    messages: Messages
    doorbells: Doorbells
    commands: Commands
    clock: Clock
    chance: Chance

    def release(self, command: Release, budget: Budget) -> None:
        """Go on with the pass from the command's cursor; too early a command waits."""
        now = self.clock.now()
        if command.at > now:
            self.commands.send([command], delay_s=queue_delay_s(command.at, now))
            return
        mailing = self.mailings.get(command.mailing_id)
        if mailing is not None and _is_released(mailing, now):
            for page in pages(
                self.messages, mailing.id, status=MessageStatus.PENDING, after=command.cursor
            ):
                found = self._replanned(mailing, page.items) if command.replan else page.items
                self._ring(found)
                if must_stop_after(page, budget):
                    self.commands.send([command.model_copy(update={"cursor": page.cursor})])
                    return
        self.mailings.remove_wave(Wave(mailing_id=command.mailing_id, opens_at=command.at))

    def _replanned(self, mailing: Mailing, pending: Sequence[Message]) -> list[Message]:
        """Those messages whose time had to be worked out again by the edited hours or end."""
        now = self.clock.now()
        idle = [each for each in pending if not each.is_claimed(now)]
        clients = self.audience.get_many([each.client_id for each in idle], consistent=True)
        changes: list[tuple[Message, Message]] = []
        for message in idle:
            client = clients.get(message.client_id)
            at = None if client is None else first_attempt(mailing, client, now)
            # A client who is gone, or whose hours never open, is for the sender to settle.
            changes.append(
                (
                    message,
                    message.changed(token=self.chance.new_id(), at=now, not_before=at or now),
                )
            )
        for opening in {after.not_before for _, after in changes}:
            if opening - now > QUEUE_DELAY_MAX:
                self.mailings.add_wave(Wave(mailing_id=mailing.id, opens_at=opening))
        moved = self.messages.swap(changes)
        return [after for (_, after), done in zip(changes, moved, strict=True) if done]

    def _ring(self, pending: Sequence[Message]) -> None:
        now = self.clock.now()
        self.doorbells.ring(
            [
                (
                    Doorbell(mailing_id=each.mailing_id, client_id=each.client_id),
                    queue_delay_s(each.not_before, now),
                )
                for each in pending
                if each.not_before - now <= QUEUE_DELAY_MAX and not each.is_claimed(now)
            ]
        )


def _is_released(mailing: Mailing, now: datetime) -> bool:
    return (
        mailing.status is MailingStatus.RUNNING
        and not mailing.deleted
        and not is_settling(mailing, now)
    )
