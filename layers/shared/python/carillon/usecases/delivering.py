"""The sender: claim, call, record, for a batch of doorbells.

Answers are recorded in groups as they come in, under the claim they were given for. A message to be
tried again gets a new doorbell with a delay before its old one is let go, so waiting messages take
up none of the queue's places in flight, and how often a record was received tells what went wrong
with the record, not with the gateway.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from carillon.errors import Unavailable
from carillon.models.commands import Doorbell
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from carillon.models.message import Message, MessageStatus, gateway_id
from carillon.models.records import Ring
from carillon.policy.answers import Accepted, TryAgain, Verdict, classify
from carillon.policy.outcome import Outcome, Recorder, accepted, given_back
from carillon.policy.retention import Retention
from carillon.policy.retry import BACKOFF_MIN_S
from carillon.ports import (
    Budget,
    Calls,
    Chance,
    Clock,
    Doorbells,
    GatewayToken,
    Messages,
)
from carillon.usecases.claiming import Claimed, Claiming
from carillon.usecases.delays import come_again_s, queue_delay_s

logger = logging.getLogger(__name__)

SUSPECT_RECEIVES = 3
"""A record that came so often may be what kills the invocation: it is handled last and alone."""

RECORD_RESERVE_S = 10.0
"""Kept of the invocation's time for claiming and for writing down what the last calls answered."""

REPLACED_RECEIVES = 6
"""From this receive on a record is replaced; the queue gives up one that was received ten times."""

FORCE_ATTEMPTS_MAX = 5
"""Rounds of read and swap to write down a proven success over somebody else's change."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Works doorbells."""

    claiming: Claiming
    messages: Messages
    doorbells: Doorbells
    calls: Calls
    token: GatewayToken
    clock: Clock
    chance: Chance
    retention: Retention
    timeout: timedelta

    def deliver(self, records: Sequence[Ring], budget: Budget) -> list[str]:
        """Handle a batch; returns the ids of the records that must come again."""
        ordinary = [each for each in records if each.receives < SUSPECT_RECEIVES]
        suspects = [each for each in records if each.receives >= SUSPECT_RECEIVES]
        try:
            again = self._group(ordinary, budget)
        except Exception as error:  # one record that cannot be handled: singled out below
            logger.error("batch failed", extra={"error": type(error).__name__})
            again, suspects = [], [*ordinary, *suspects]
        for each in suspects:
            again += self._alone(each, budget)
        return again

    def _alone(self, record: Ring, budget: Budget) -> list[str]:
        try:
            return self._group([record], budget)
        except Exception as error:  # it goes to the dead letters, its neighbours do not
            ids = {"mailing_id": record.body.mailing_id, "client_id": record.body.client_id}
            logger.error("record failed", extra={"error": type(error).__name__, **ids})
            return [record.id]

    def _group(self, records: Sequence[Ring], budget: Budget) -> list[str]:
        # A message may have two doorbells in a batch; the first speaks for both.
        distinct = list({each.body.key: each for each in reversed(records)}.values())[::-1]
        handled, again = self._step(self.claiming.claim_quickly, distinct, budget)
        doubtful = [each for each in distinct if each.id not in handled]
        return again + self._step(self.claiming.decide_for_sure, doubtful, budget)[1]

    def _step(
        self,
        claim: Callable[[Sequence[Ring]], list[Claimed]],
        records: Sequence[Ring],
        budget: Budget,
    ) -> tuple[set[str], list[str]]:
        """Claim and call for some; returns whose turn is over, and who of them must come again."""
        if not records:
            return set(), []
        everybody = {each.id for each in records}
        if budget.left_s() < self.timeout.total_seconds() + RECORD_RESERVE_S:
            return everybody, self._come_again(records)
        try:
            claimed = claim(records)
        except Unavailable as error:
            logger.warning("records put off", extra={"error": str(error)})
            return everybody, self._come_again(records)
        return {each.record.id for each in claimed}, self._call(claimed)

    def _call(self, claimed: Sequence[Claimed]) -> list[str]:
        again: list[str] = []
        calls = [
            (
                GatewayCall(
                    gateway_id=gateway_id(each.message.id),
                    phone=each.client.phone,
                    text=each.mailing.text,
                ),
                each.until,
            )
            for each in claimed
        ]
        for group in self.calls.make(calls):
            answered = [(claimed[index], outcome) for index, outcome in group]
            try:
                self._record(answered)
            except Unavailable as error:
                # The claims run out by themselves; the attempts then count as not known.
                logger.error("answers not recorded", extra={"error": str(error)})
                again += self._come_again([each.record for each, _ in answered])
        return again

    def _record(self, answered: Sequence[tuple[Claimed, GatewayOutcome]]) -> None:
        now = self.clock.now()
        swaps: list[tuple[Message, Message]] = []
        rings: list[tuple[Doorbell, int]] = []
        refresh = False
        for each, answer in answered:
            verdict = classify(answer)
            outcome = self._outcome(each, answer, verdict)
            swaps.append((each.message, outcome.message))
            if outcome.ring_at is not None:
                rings.append((_tried(each.record), queue_delay_s(outcome.ring_at, now)))
            refresh = refresh or (isinstance(verdict, TryAgain) and verdict.refresh_token)
            _log(each, answer, verdict)
        written = self.messages.swap(swaps)
        for (each, answer), ours in zip(answered, written, strict=True):
            if not ours and isinstance(classify(answer), Accepted):
                self._force_sent(each)
        self.doorbells.ring(rings)
        if refresh:
            self.token.refresh()

    def _outcome(self, each: Claimed, answer: GatewayOutcome, verdict: Verdict) -> Outcome:
        now, token = self.clock.now(), self.chance.new_id()
        if isinstance(answer, NoReply) and answer.cause == "not_called":
            again_at = now + timedelta(seconds=BACKOFF_MIN_S)
            return Outcome(given_back(each.message, now=now, token=token), ring_at=again_at)
        return Recorder(each.mailing.ends_at, self.retention).outcome(
            each.message, verdict, now=now, token=token, jitter=self.chance.fraction()
        )

    def _force_sent(self, each: Claimed) -> None:
        """Our claim ran out before the answer was written, but a proven success stands."""
        for _ in range(FORCE_ATTEMPTS_MAX):
            found = self.messages.get(each.message.mailing_id, each.message.client_id)
            if found is None or found.status is MessageStatus.SENT:
                return
            sent = accepted(
                found,
                now=self.clock.now(),
                token=self.chance.new_id(),
                retention=self.retention,
            )
            if all(self.messages.swap([(found, sent)])):
                return
        raise Unavailable("a proven success met other writers each time")

    def _come_again(self, records: Sequence[Ring]) -> list[str]:
        """Put off what could not be handled; returns those that the queue itself must give again.

        Waits grow with each receive, and from the sixth on a new record takes over: nothing that
        is handled at all reaches the dead letters, however long AWS does not answer.
        """
        again: list[str] = []
        for each in records:
            delay_s = come_again_s(each.receives)
            try:
                if each.receives >= REPLACED_RECEIVES:
                    self.doorbells.ring([(_tried(each), delay_s)])
                    continue
                self.doorbells.defer(each.receipt, delay_s=delay_s)
            except Unavailable as error:
                logger.warning("record keeps its visibility", extra={"error": str(error)})
            again.append(each.id)
        return again


def _tried(record: Ring) -> Doorbell:
    """The doorbell for the next attempt: the message is not fresh any more."""
    return record.body.model_copy(update={"fresh_at": None})


def _log(each: Claimed, answer: GatewayOutcome, verdict: Verdict) -> None:
    alarm = isinstance(verdict, TryAgain) and verdict.alarm
    logger.log(
        logging.ERROR if alarm else logging.INFO,
        "gateway called",
        extra={
            "mailing_id": each.message.mailing_id,
            "message_id": each.message.id,
            "client_id": each.message.client_id,
            "attempt": each.message.attempts,
            "verdict": type(verdict).__name__,
            "status": answer.status if isinstance(answer, Reply) else answer.cause,
            "duration_ms": round(answer.duration_s * 1000),
        },
    )
