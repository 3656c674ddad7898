"""From doorbells to decisions: which messages are to be sent now, and what becomes of the others.

Facts that are a few seconds old can justify a call but nothing else: whatever is not to be sent is
looked at a second time with consistent reads before anything is dropped, settled or put off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.models.client import Recipient
from carillon.models.commands import Doorbell
from carillon.models.mailing import Mailing
from carillon.models.message import Message
from carillon.models.records import Ring
from carillon.models.wave import Wave
from carillon.policy.delivery import (
    Decision,
    Drop,
    Send,
    Settle,
    Wait,
    begin_by,
    decide,
)
from carillon.policy.retention import Retention
from carillon.ports import Audience, Chance, Clock, Doorbells, Mailings, Messages
from carillon.usecases.case import Case, is_left_behind, rests_on_hours
from carillon.usecases.decision_lines import tell
from carillon.usecases.delays import LOOK_AGAIN_S, QUEUE_DELAY_MAX, queue_delay_s
from carillon.usecases.overtaken import ask_to_revise
from carillon.usecases.recent import RecentMailings


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now; its call must begin before `begin_by`."""

    record: Ring
    mailing: Mailing
    client: Recipient
    message: Message
    begin_by: datetime


@dataclass(frozen=True, slots=True)
class Deciding:
    """Decides about doorbells."""

    mailings: Mailings
    recent: RecentMailings
    audience: Audience
    messages: Messages
    doorbells: Doorbells
    clock: Clock
    chance: Chance
    retention: Retention
    retry_unknown: bool

    def quickly(self, records: Sequence[Ring]) -> list[Due]:
        """What recent facts say is to be sent; all others are left alone."""
        found = map(self._decide, self._recent_facts(records))
        return [each for each in found if isinstance(each, Due)]

    def for_sure(self, records: Sequence[Ring]) -> list[Due]:
        """Read consistently: what is to be sent; whatever else is decided is carried out."""
        found: list[Due] = []
        others: list[tuple[Case, Decision]] = []
        try:
            for case in self._consistent_facts(records):
                decision = self._decide(case)
                if isinstance(decision, Due):
                    found.append(decision)
                else:
                    others.append((case, decision))
                    self._carry_out(case, decision)
        finally:
            tell(others)
        self._look_again_at_hours(others)
        return found

    def _recent_facts(self, records: Sequence[Ring]) -> list[Case]:
        """Cheap facts: recent mailings, eventual clients, and no read for a message just made."""
        asked_at = self.clock.now()
        clients = self.audience.get_many({each.body.client_id for each in records})
        tried = [each.body.key for each in records if not is_fresh(each)]
        messages = self.messages.get_many(tried) if tried else {}
        return [
            Case(
                asked_at=asked_at,
                record=each,
                mailing=self.recent.get(each.body.mailing_id),
                client=clients.get(each.body.client_id),
                message=_as_made(each.body) if is_fresh(each) else messages.get(each.body.key),
            )
            for each in records
        ]

    def _consistent_facts(self, records: Sequence[Ring]) -> list[Case]:
        asked_at = self.clock.now()
        mailings = {
            mailing_id: self.mailings.get(mailing_id)
            for mailing_id in {each.body.mailing_id for each in records}
        }
        clients = self.audience.get_many({each.body.client_id for each in records}, consistent=True)
        messages = self.messages.get_many([each.body.key for each in records])
        return [
            Case(
                asked_at=asked_at,
                record=each,
                mailing=mailings[each.body.mailing_id],
                client=clients.get(each.body.client_id),
                message=messages.get(each.body.key),
            )
            for each in records
        ]

    def _decide(self, case: Case) -> Due | Decision:
        decision = decide(
            mailing=case.mailing,
            client=case.client,
            message=case.message,
            now=self.clock.now(),
            retry_unknown=self.retry_unknown,
        )
        match decision, case.mailing, case.client, case.message:
            case Send(), Mailing() as mailing, Recipient() as client, Message() as message:
                by = begin_by(mailing, client, case.asked_at)
                return Due(case.record, mailing, client, message, by)
        return decision

    def _carry_out(self, case: Case, decision: Decision) -> None:
        doorbell = case.record.body
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
                    self._ring_again(doorbell, LOOK_AGAIN_S)
            case Send() | Drop() | Settle():
                pass  # whoever moves the mailing takes care of its messages

    def _look_again_at_hours(self, carried_out: Iterable[tuple[Case, Decision]]) -> None:
        """Were they changed before we wrote, the change's own pass may have come too early for it.

        Who dies before this look leaves a record. Whoever receives it knows the new hours: by them
        a message that waits is decided anew, and one that had ended is revised.
        """
        judged: dict[str, Mailing] = {}
        outdated: set[str] = set()
        now = self.clock.now()
        for case, decision in carried_out:
            if case.mailing is not None and rests_on_hours(decision):
                judged[case.mailing.id] = case.mailing
            elif case.mailing is not None and is_left_behind(case, now):
                outdated.add(case.mailing.id)
        for mailing in judged.values():
            present = self.mailings.get(mailing.id)
            if present is not None and present.version != mailing.version:
                outdated.add(mailing.id)
        for mailing_id in outdated:
            ask_to_revise(self.mailings, self.clock, mailing_id)

    def _put_off(self, case: Case, until: datetime, *, wave: bool) -> None:
        """Soon: by the queue's delay. Later: the opening's wave rings, and is noted first."""
        now = self.clock.now()
        if until - now <= QUEUE_DELAY_MAX:
            self._ring_again(case.record.body, queue_delay_s(until, now))
        elif wave and case.message is not None:
            self.mailings.add_wave(Wave(mailing_id=case.record.body.mailing_id, opens_at=until))
            waiting = case.message.changed(
                token=self.chance.new_id(), at=now, claim_until=None, not_before=until
            )
            if not all(self.messages.swap([(case.message, waiting)])):
                self._ring_again(case.record.body, LOOK_AGAIN_S)

    def _ring_again(self, doorbell: Doorbell, delay_s: int) -> None:
        self.doorbells.ring([(doorbell.tried(), delay_s)])


def is_fresh(record: Ring) -> bool:
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
