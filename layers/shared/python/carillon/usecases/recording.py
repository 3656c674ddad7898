"""What the gateway answered is written down, each answer under the claim it was given for.

What an answer tells about the gateway itself goes to the breaker, the fuse and the pace.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from carillon.errors import Unavailable
from carillon.models.gateway import GatewayOutcome, NoReply
from carillon.models.message import MessageStatus
from carillon.policy.answers import Accepted, TryAgain, Verdict, classify
from carillon.policy.outcome import Outcome, Recorder, accepted, given_back
from carillon.policy.retention import Retention
from carillon.policy.retry import BACKOFF_MIN_S
from carillon.ports import Chance, Clock, Doorbells, GatewayToken, Messages
from carillon.usecases.breaker import SenderBreaker
from carillon.usecases.call_lines import ids_of, tell_calls
from carillon.usecases.claiming import Claimed
from carillon.usecases.delays import queue_delay_s
from carillon.usecases.fuse import Fuse
from carillon.usecases.pacing import Pacing

logger = logging.getLogger(__name__)

FORCE_ATTEMPTS_MAX = 5
"""Rounds of read and swap to write down a proven success over somebody else's change."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Writes down answers, rings for what is to be tried again, and passes on what they tell."""

    messages: Messages
    doorbells: Doorbells
    token: GatewayToken
    breaker: SenderBreaker
    fuse: Fuse
    pacing: Pacing | None
    clock: Clock
    chance: Chance
    retention: Retention
    retry_unknown: bool

    def record(self, answered: Sequence[tuple[Claimed, GatewayOutcome]]) -> None:
        """Write down a group of answers.

        `Unavailable` when some may not be written: their claims run out, not known how they ended.
        """
        now = self.clock.now()
        verdicts = [self._hear(each, answer) for each, answer in answered]
        outcomes = [
            self._outcome(each, verdict)
            for (each, _), verdict in zip(answered, verdicts, strict=True)
        ]
        tell_calls(
            (each, answer, outcome)
            for (each, answer), outcome in zip(answered, outcomes, strict=True)
        )
        written = self.messages.swap(
            [
                (each.message, outcome.message)
                for (each, _), outcome in zip(answered, outcomes, strict=True)
            ]
        )
        for (each, _), verdict, ours in zip(answered, verdicts, written, strict=True):
            if not ours:
                _tell_lost(each, verdict)
            if not ours and isinstance(verdict, Accepted):
                self._force_sent(each)
        self.doorbells.ring(
            [
                (each.record.body.tried(), queue_delay_s(outcome.ring_at, now))
                for (each, _), outcome in zip(answered, outcomes, strict=True)
                if outcome.ring_at is not None
            ]
        )
        self._pass_on([each for each in verdicts if isinstance(each, TryAgain)])

    def _hear(self, each: Claimed, answer: GatewayOutcome) -> Verdict | None:
        """What the answer means for the message; None when no call was begun."""
        verdict = classify(answer)
        if isinstance(answer, NoReply) and answer.cause == "not_called":
            return None
        trouble = isinstance(verdict, TryAgain) and verdict.trouble
        self.breaker.note(each.message.key, trouble=trouble)
        return self.fuse.judge(verdict)

    def _outcome(self, each: Claimed, verdict: Verdict | None) -> Outcome:
        now, token = self.clock.now(), self.chance.new_id()
        if verdict is None:
            again_at = now + timedelta(seconds=BACKOFF_MIN_S)
            return Outcome(given_back(each.message, now=now, token=token), ring_at=again_at)
        recorder = Recorder(each.mailing.ends_at, self.retention, self.retry_unknown)
        return recorder.outcome(
            each.message, verdict, now=now, token=token, jitter=self.chance.fraction()
        )

    def _force_sent(self, each: Claimed) -> None:
        """Our claim ran out before the answer was written, but a proven success stands."""
        for _ in range(FORCE_ATTEMPTS_MAX):
            found = self.messages.get(*each.message.key)
            if found is None or found.status is MessageStatus.SENT:
                return
            sent = accepted(
                found,
                now=self.clock.now(),
                token=self.chance.new_id(),
                retention=self.retention,
            )
            if all(self.messages.swap([(found, sent)])):
                logger.warning("message proven sent", extra=ids_of(each))
                return
        raise Unavailable("a proven success met other writers each time")

    def _pass_on(self, verdicts: Sequence[TryAgain]) -> None:
        if any(each.refresh_token for each in verdicts):
            self.token.refresh()
        if self.pacing is not None and any(each.slower for each in verdicts):
            self.pacing.slow()


def _tell_lost(each: Claimed, verdict: Verdict | None) -> None:
    """Others wrote the message after our claim ran out: theirs stands, but for a success."""
    keys = {**ids_of(each), "verdict": type(verdict).__name__}
    logger.warning("answer came too late", extra=keys)
