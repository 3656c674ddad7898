"""From doorbells to claims: which messages this sender may call the gateway for, now.

Facts that are a few seconds old can justify a claim but nothing else: whatever is not to be sent is
looked at a second time with consistent reads before anything is dropped, settled or put off. The
claim is a compare-and-swap on the message's token, so of any number of senders one calls, and that
an attempt began is on record before the gateway hears of it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.models.client import Client
from carillon.models.commands import Doorbell
from carillon.models.mailing import Mailing, Wave
from carillon.models.message import Message
from carillon.models.records import Ring
from carillon.policy.delivery import Decision, Drop, Send, Settle, Wait, decide
from carillon.policy.retention import Retention
from carillon.ports import Audience, Chance, Clock, Doorbells, Mailings, Messages
from carillon.usecases.delays import QUEUE_DELAY_MAX, queue_delay_s
from carillon.usecases.recent import RecentMailings

logger = logging.getLogger(__name__)

CLAIM_MARGIN = timedelta(seconds=10)
"""A claim outlives its call by this much: time to record, and two clocks that differ."""

REFUSED_AGAIN_AFTER_S = 2
"""A message that somebody else moved under our hands is looked at again after so long."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to call for; the call is over at `until`."""

    record: Ring
    mailing: Mailing
    client: Client
    message: Message
    until: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """A record with what is known about it."""

    record: Ring
    mailing: Mailing | None
    client: Client | None
    message: Message | None


@dataclass(frozen=True, slots=True)
class Claiming:
    """Decides about doorbells and claims the messages to be sent."""

    mailings: Mailings
    recent: RecentMailings
    audience: Audience
    messages: Messages
    doorbells: Doorbells
    clock: Clock
    chance: Chance
    retention: Retention
    timeout: timedelta

    def claim_quickly(self, records: Sequence[Ring]) -> list[Claimed]:
        """Claim what recent facts say is to be sent; leave all others alone."""
        return self._claim(
            [case for case in self._recent_facts(records) if self._decide(case) == Send()]
        )

    def decide_for_sure(self, records: Sequence[Ring]) -> list[Claimed]:
        """Read consistently; claim what is to be sent and carry out what else is decided."""
        to_claim: list[_Case] = []
        for case in self._consistent_facts(records):
            decision = self._decide(case)
            if decision == Send():
                to_claim.append(case)
            else:
                self._carry_out(case, decision)
        claimed = self._claim(to_claim)
        held = {each.record.id for each in claimed}
        lost = [case.record.body for case in to_claim if case.record.id not in held]
        self._ring_again(lost, REFUSED_AGAIN_AFTER_S)
        return claimed

    def _recent_facts(self, records: Sequence[Ring]) -> list[_Case]:
        """Cheap facts: recent mailings, eventual clients, and no read for a message just made."""
        clients = self.audience.get_many({each.body.client_id for each in records})
        tried = [each.body.key for each in records if not _is_fresh(each)]
        messages = self.messages.get_many(tried) if tried else {}
        return [
            _Case(
                record=each,
                mailing=self.recent.get(each.body.mailing_id),
                client=clients.get(each.body.client_id),
                message=_as_made(each.body) if _is_fresh(each) else messages.get(each.body.key),
            )
            for each in records
        ]

    def _consistent_facts(self, records: Sequence[Ring]) -> list[_Case]:
        mailings = {
            mailing_id: self.mailings.get(mailing_id)
            for mailing_id in {each.body.mailing_id for each in records}
        }
        clients = self.audience.get_many({each.body.client_id for each in records}, consistent=True)
        messages = self.messages.get_many([each.body.key for each in records])
        return [
            _Case(
                record=each,
                mailing=mailings[each.body.mailing_id],
                client=clients.get(each.body.client_id),
                message=messages.get(each.body.key),
            )
            for each in records
        ]

    def _decide(self, case: _Case) -> Decision:
        return decide(
            mailing=case.mailing,
            client=case.client,
            message=case.message,
            now=self.clock.now(),
        )

    def _claim(self, cases: Sequence[_Case]) -> list[Claimed]:
        """Claim each message; those that somebody else changed or claimed are left out."""
        now = self.clock.now()
        wanted: list[tuple[Message, Claimed]] = []
        for case in cases:
            if case.mailing is None or case.client is None or case.message is None:
                continue
            until = min(now + self.timeout, case.mailing.ends_at)
            claim = case.message.changed(
                token=self.chance.new_id(),
                at=now,
                claim_until=until + CLAIM_MARGIN,
                attempts=case.message.attempts + 1,
            )
            wanted.append(
                (case.message, Claimed(case.record, case.mailing, case.client, claim, until))
            )
        won = self.messages.swap([(before, after.message) for before, after in wanted])
        return [after for (_, after), ours in zip(wanted, won, strict=True) if ours]

    def _carry_out(self, case: _Case, decision: Decision) -> None:
        doorbell = case.record.body
        logger.debug(
            "message not sent now",
            extra={**_ids(doorbell), "decision": repr(decision)},
        )
        match decision:
            case Wait(until, wave):
                self._put_off(case, until, wave=wave)
            case Settle(status, reason) if case.message is not None:
                now = self.clock.now()
                settled = case.message.settled(
                    status,
                    reason,
                    token=self.chance.new_id(),
                    at=now,
                    expires_at=self.retention.expires_at(now),
                )
                if not all(self.messages.swap([(case.message, settled)])):
                    self._ring_again([doorbell], REFUSED_AGAIN_AFTER_S)
            case Send() | Drop() | Settle():
                pass  # whoever moves the mailing takes care of its messages

    def _put_off(self, case: _Case, until: datetime, *, wave: bool) -> None:
        """Soon: by the queue's delay. Later: the opening's wave rings, and is noted first."""
        now = self.clock.now()
        if until - now <= QUEUE_DELAY_MAX:
            self._ring_again([case.record.body], queue_delay_s(until, now))
        elif wave and case.message is not None:
            self.mailings.add_wave(Wave(mailing_id=case.record.body.mailing_id, opens_at=until))
            waiting = case.message.changed(
                token=self.chance.new_id(), at=now, claim_until=None, not_before=until
            )
            if not all(self.messages.swap([(case.message, waiting)])):
                self._ring_again([case.record.body], REFUSED_AGAIN_AFTER_S)

    def _ring_again(self, doorbells: Sequence[Doorbell], delay_s: int) -> None:
        tried = [each.model_copy(update={"fresh_at": None}) for each in doorbells]
        self.doorbells.ring([(each, delay_s) for each in tried])


def _is_fresh(record: Ring) -> bool:
    """Whether this is the first look at a message just made, so that its row is known."""
    return record.receives == 1 and record.body.fresh_at is not None


def _as_made(doorbell: Doorbell) -> Message | None:
    if doorbell.fresh_at is None:
        return None
    return Message.new(
        mailing_id=doorbell.mailing_id,
        client_id=doorbell.client_id,
        created_at=doorbell.fresh_at,
    )


def _ids(doorbell: Doorbell) -> dict[str, str]:
    return {"mailing_id": doorbell.mailing_id, "client_id": doorbell.client_id}
