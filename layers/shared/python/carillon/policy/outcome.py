"""What a claimed message becomes by the gateway's answer: pure, and written by its own claimer."""

from dataclasses import dataclass
from datetime import datetime

from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.answers import Accepted, Refused, TryAgain, Verdict
from carillon.policy.retention import Retention
from carillon.policy.retry import RetryAt, after_failure


@dataclass(frozen=True, slots=True)
class Outcome:
    """The message to be recorded; `ring_at` is when it is to be tried again, if it is."""

    message: Message
    ring_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorder:
    """Turns answers into outcomes under one mailing's end and the table's retention.

    Without `retry_unknown` a message that the gateway may have accepted is not tried again.
    """

    ends_at: datetime
    retention: Retention
    retry_unknown: bool = True

    def outcome(
        self, claimed: Message, verdict: Verdict, *, now: datetime, token: str, jitter: float
    ) -> Outcome:
        """What `claimed` becomes; `jitter` is uniform in [0, 1)."""
        match verdict:
            case Accepted():
                return Outcome(accepted(claimed, now=now, token=token, retention=self.retention))
            case Refused(reason=error):
                return Outcome(self._refused(claimed, error, now, token))
            case TryAgain():
                return self._try_again(claimed, verdict, now, token, jitter)

    def _refused(self, claimed: Message, error: str, now: datetime, token: str) -> Message:
        """Refused for good: `failed`, unless an earlier attempt may have been accepted."""
        sure = claimed.changed(token=token, at=now, refused=claimed.refused + 1)
        return sure.settled(
            MessageStatus.UNKNOWN if sure.in_doubt else MessageStatus.FAILED,
            Reason.REFUSED,
            token=token,
            at=now,
            expires_at=self.retention.expires_at(now),
            last_error=error,
        )

    def _try_again(
        self, claimed: Message, verdict: TryAgain, now: datetime, token: str, jitter: float
    ) -> Outcome:
        refused = claimed.refused + verdict.surely_not_accepted
        tried = claimed.changed(token=token, at=now, refused=refused, last_error=verdict.error)
        if tried.in_fresh_doubt and not self.retry_unknown:
            return Outcome(
                tried.settled(
                    MessageStatus.UNKNOWN,
                    Reason.NOT_CONFIRMED,
                    token=token,
                    at=now,
                    expires_at=self.retention.expires_at(now),
                )
            )
        decision = after_failure(
            attempts=claimed.attempts,
            now=now,
            ends_at=self.ends_at,
            jitter=jitter,
            after_s=verdict.after_s,
        )
        at = decision.at if isinstance(decision, RetryAt) else None
        message = tried.changed(
            token=token, at=now, claim_until=None, not_before=at or self.ends_at
        )
        return Outcome(message, ring_at=at)


def accepted(message: Message, *, now: datetime, token: str, retention: Retention) -> Message:
    """The gateway said so: `sent`, whatever the status was."""
    return message.settled(
        MessageStatus.SENT,
        None,
        token=token,
        at=now,
        expires_at=retention.expires_at(now),
        sent_at=now,
        last_error=None,
    )


def given_back(claimed: Message, *, now: datetime, token: str) -> Message:
    """No call was begun under this claim: as if it had not been."""
    return claimed.changed(token=token, at=now, claim_until=None, attempts=claimed.attempts - 1)
