"""Trials in the sender: claim, call once, record.

A trial keeps the pace, but no breaker stops it: who asks for one wants to know how the gateway
does. Of any number of deliveries one wins the claim, which is given back only when surely nobody
called, so that the gateway is called once or not at all. Whatever is lost after the claim leaves a
trial that ends as unknown.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from carillon.concern import about
from carillon.errors import CarillonError, LostRace, Unavailable
from carillon.models.commands import TrialBell
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall
from carillon.models.instant import format_instant
from carillon.models.mailing import Mailing
from carillon.models.message import gateway_id
from carillon.models.records import TrialRing
from carillon.models.trial import Trial
from carillon.policy.answers import TryAgain, classify
from carillon.policy.delivery import BEGIN_WITHIN
from carillon.policy.pace import HORIZON, LATE_MAX
from carillon.policy.sms_parts import sms_parts
from carillon.policy.trials import answered, begin_by, claimed, given_back, may_be_made
from carillon.ports import Budget, Calls, Chance, Clock, GatewayToken, Mailings, TrialBells, Trials
from carillon.usecases.breaker import SenderBreaker
from carillon.usecases.call_lines import heard, level_of
from carillon.usecases.claiming import CLAIM_MARGIN
from carillon.usecases.delays import COME_AGAIN_S, queue_delay_s
from carillon.usecases.delivering import RECORD_RESERVE_S
from carillon.usecases.pacing import Pacing

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Later:
    """No slot is free; the bell is to be rung again then."""

    at: datetime


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A trial that is ours to make, as `planned`."""

    record: TrialRing
    mailing: Mailing
    trial: Trial
    planned: PlannedCall


@dataclass(frozen=True, slots=True)
class Trying:
    """Makes trials; a call of the gateway may take `timeout`."""

    trials: Trials
    mailings: Mailings
    calls: Calls
    bells: TrialBells
    token: GatewayToken
    breaker: SenderBreaker
    pacing: Pacing | None
    clock: Clock
    chance: Chance
    timeout: timedelta

    def make(self, records: Sequence[TrialRing], budget: Budget) -> list[str]:
        """Make what these ask for; returns the ids of the records that must come again."""
        ours: list[_Claimed] = []
        again: list[str] = []
        for each in records:
            try:
                found = self._claim(each, budget)
            except Unavailable as error:
                logger.warning("trial put off", extra={"error": str(error), **_ids(each.body)})
                found = _Later(self.clock.now() + timedelta(seconds=COME_AGAIN_S))
            except Exception as error:  # it goes to the dead letters, its neighbours do not
                told = {"error": type(error).__name__, **_ids(each.body)}
                logger.error("trial failed", extra=told)
                again.append(each.id)
                continue
            if isinstance(found, _Later):
                again += self._ring_again(each, found)
            elif found is not None:
                ours.append(found)
            else:
                keys = {**_ids(each.body), "record_id": each.id}
                logger.info("trial not made", extra=keys)  # it was, or its mailing is gone
        for group in self.calls.make([each.planned for each in ours]):
            for index, outcome in group:
                self._record(ours[index], outcome)
        return again

    def _claim(self, record: TrialRing, budget: Budget) -> _Claimed | _Later | None:
        """The trial, once it is ours; None when it is not to be made, or not by us."""
        bell = record.body
        asked_at = self.clock.now()
        mailing = self.mailings.get(bell.mailing_id)
        if mailing is None or mailing.deleted:
            return None
        trial = self.trials.get(bell.mailing_id, bell.test_id)
        if trial is None or not may_be_made(trial, asked_at):
            return None
        if budget.left_s() < (HORIZON + self.timeout).total_seconds() + RECORD_RESERVE_S:
            return _Later(asked_at)
        begin_at = self._slot(trial)
        if isinstance(begin_at, _Later):
            return begin_at
        until = begin_at + self.timeout
        claim = claimed(trial, token=self.chance.new_id(), until=until + CLAIM_MARGIN)
        try:
            self.trials.replace(trial, claim)
        except LostRace:
            return None
        planned = PlannedCall(
            GatewayCall(gateway_id(trial.message_id), phone=trial.phone, text=trial.text),
            not_before=begin_at,
            begin_by=min(begin_by(trial), begin_at + LATE_MAX, asked_at + BEGIN_WITHIN),
            until=until,
        )
        return _Claimed(record, mailing, claim, planned)

    def _slot(self, trial: Trial) -> datetime | _Later:
        """When its call may begin by the pace that all messages share."""
        if self.pacing is None:
            return self.clock.now()
        slots = self.pacing.reserve([sms_parts(trial.text).parts])
        return slots.begin_at[0] if slots.begin_at else _Later(slots.free_at - HORIZON)

    def _ring_again(self, record: TrialRing, later: _Later) -> list[str]:
        """A new record takes over, so that its receives are not counted."""
        keys = {"record_id": record.id, "next_at": format_instant(later.at)}
        logger.info("trial waits", extra={**_ids(record.body), **keys})
        try:
            self._ring(record.body, later.at)
        except Unavailable as error:
            keys = {"record_id": record.id, "error": str(error), **_ids(record.body)}
            logger.warning("record keeps its visibility", extra=keys)
            return [record.id]
        return []

    def _ring(self, bell: TrialBell, at: datetime) -> None:
        self.bells.ring([(bell, max(1, queue_delay_s(at, self.clock.now())))])

    def _record(self, ours: _Claimed, outcome: GatewayOutcome) -> None:
        """Write down what came of a call; what cannot be written down ends as unknown."""
        claim, now, token = ours.trial, self.clock.now(), self.chance.new_id()
        called = not (isinstance(outcome, NoReply) and outcome.cause == "not_called")
        if called:
            self._hear(ours, outcome)
        try:
            if called:
                self.trials.replace(claim, answered(claim, outcome, token=token, now=now))
            else:
                logger.warning("trial not called", extra={**_told(ours), **heard(outcome)})
                self.trials.replace(claim, given_back(claim, token=token))
                self._ring(ours.record.body, now)
        except CarillonError as error:  # AWS does not answer, or the mailing is gone by now
            extra = {"error": type(error).__name__, **_told(ours)}
            logger.error("trial not recorded", extra=extra)

    def _hear(self, ours: _Claimed, outcome: GatewayOutcome) -> None:
        """What an answer tells about the gateway counts as any other; its refusals do not.

        A person may well try a number that there is not, and the fuse is about messages.
        """
        verdict = classify(outcome)
        logger.log(level_of(verdict), "trial made", extra={**_told(ours), **heard(outcome)})
        trouble = isinstance(verdict, TryAgain) and verdict.trouble
        self.breaker.note(ours.trial.message_id, trouble=trouble)
        if isinstance(verdict, TryAgain) and verdict.refresh_token:
            self.token.refresh()
        if isinstance(verdict, TryAgain) and verdict.slower and self.pacing is not None:
            self.pacing.slow()


def _told(ours: _Claimed) -> dict[str, object]:
    return about(ours.mailing, test_id=ours.trial.id, record_id=ours.record.id)


def _ids(bell: TrialBell) -> dict[str, str]:
    return {"mailing_id": bell.mailing_id, "test_id": bell.test_id}
