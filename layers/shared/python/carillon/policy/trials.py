"""What becomes of a trial: at most one call of the gateway, and an end that is known in time.

A trial ends by the clock where nobody writes down how: one whose call did not begin in time has
failed, and one whose claim ran out without a record is unknown. So nothing has to come and settle
it, whatever was lost on the way.
"""

from datetime import datetime, timedelta

from carillon.models.gateway import GatewayOutcome
from carillon.models.trial import Trial, TrialStatus
from carillon.policy.answers import Accepted, Refused, TryAgain, classify

BEGINS_WITHIN = timedelta(minutes=5)
"""A person waits for it; after so long one has tried again, or something else."""

CLOCKS_DIFFER = timedelta(seconds=1)
"""Who reads a trial and who makes it have two clocks: twice what they should differ by."""

NOT_BEGUN = "not begun within 5 minutes"
NOT_RECORDED = "its sender ended before the answer was recorded"


def begin_by(trial: Trial) -> datetime:
    """The instant from which its call may not begin."""
    return trial.created_at + BEGINS_WITHIN


def may_be_made(trial: Trial, now: datetime) -> bool:
    """Whether nobody has claimed it and it is not too late.

    A claim that ran out is not followed by another one: what came of its call is not known.
    """
    return trial.attempts == 0 and trial.status is TrialStatus.PENDING and now < begin_by(trial)


def claimed(trial: Trial, *, token: str, until: datetime) -> Trial:
    """The trial while somebody may be calling the gateway for it."""
    return trial.changed(token=token, attempts=1, claim_until=until)


def given_back(claim: Trial, *, token: str) -> Trial:
    """No call was begun under this claim: as if it had not been."""
    return claim.changed(token=token, attempts=0, claim_until=None)


def answered(claim: Trial, outcome: GatewayOutcome, *, token: str, now: datetime) -> Trial:
    """The trial with what came of its one call; what may have been accepted is `unknown`."""
    match classify(outcome):
        case Accepted():
            return _ended(claim, TrialStatus.SENT, None, token=token, sent_at=now)
        case Refused(reason=error) | TryAgain(error=error, surely_not_accepted=True):
            return _ended(claim, TrialStatus.FAILED, error, token=token)
        case TryAgain(error=error):
            return _ended(claim, TrialStatus.UNKNOWN, error, token=token)


def as_of(trial: Trial, now: datetime) -> Trial:
    """The trial as it stands by now, read consistently: ended, where the clock has ended it."""
    if trial.status is not TrialStatus.PENDING:
        return trial
    if trial.claim_until is not None and trial.claim_until <= now:
        return _ended(trial, TrialStatus.UNKNOWN, NOT_RECORDED, token=trial.token)
    # No call can have begun without a claim on record, and none may begin from now on.
    if trial.claim_until is None and begin_by(trial) + CLOCKS_DIFFER <= now:
        return _ended(trial, TrialStatus.FAILED, NOT_BEGUN, token=trial.token)
    return trial


def _ended(
    trial: Trial,
    status: TrialStatus,
    error: str | None,
    *,
    token: str,
    sent_at: datetime | None = None,
) -> Trial:
    return trial.changed(
        token=token, status=status, claim_until=None, sent_at=sent_at, last_error=error
    )
