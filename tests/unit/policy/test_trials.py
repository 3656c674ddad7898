"""What becomes of a trial, by its one answer or by the clock."""

from datetime import timedelta
from typing import Any

import pytest

from carillon.models.gateway import GatewayOutcome
from carillon.models.trial import Trial, TrialStatus
from carillon.policy.trials import answered, as_of, begin_by, claimed, given_back, may_be_made
from tests.fakes.gateway import OK
from tests.fakes.samples import a_trial
from tests.fakes.system import SOME_MOMENT
from tests.unit.usecases.replies import no_reply, reply

SECOND = timedelta(seconds=1)
UNTIL = SOME_MOMENT + 20 * SECOND
CLAIM = claimed(a_trial(), token="t1", until=UNTIL)
LAST = SOME_MOMENT + 300 * SECOND
PENDING, SENT, FAILED, UNKNOWN = TrialStatus


def test_a_claim_is_the_one_attempt() -> None:
    assert a_trial(token="t1", attempts=1, claim_until=UNTIL) == CLAIM
    assert given_back(CLAIM, token="t2") == a_trial(token="t2")


@pytest.mark.parametrize(
    ("trial", "may"),
    [
        (a_trial(), True),
        (given_back(CLAIM, token="t2"), True),
        (CLAIM, False),
        (a_trial(attempts=1), False),
        (a_trial(status=SENT), False),
        (a_trial(status=FAILED), False),
    ],
)
def test_it_may_be_made_while_nobody_claimed_it(trial: Trial, may: bool) -> None:
    assert may_be_made(trial, SOME_MOMENT) == may


def test_it_may_be_made_for_five_minutes() -> None:
    assert begin_by(a_trial()) == LAST
    assert may_be_made(a_trial(), LAST - timedelta(milliseconds=1))
    assert not may_be_made(a_trial(), LAST)


@pytest.mark.parametrize(
    ("outcome", "fields"),
    [
        (OK, {"status": SENT, "sent_at": SOME_MOMENT + SECOND}),
        (reply(400), {"status": FAILED, "last_error": "HTTP 400"}),
        (reply(422, 7), {"status": FAILED, "last_error": "HTTP 422 with code 7"}),
        (reply(401), {"status": FAILED, "last_error": "HTTP 401"}),
        (reply(429), {"status": FAILED, "last_error": "HTTP 429"}),
        (
            no_reply("connect", handed_over=False),
            {"status": FAILED, "last_error": "no connection"},
        ),
        (reply(500), {"status": UNKNOWN, "last_error": "HTTP 500"}),
        (reply(200), {"status": UNKNOWN, "last_error": "HTTP 200 without a known code"}),
        (no_reply("timeout", handed_over=True), {"status": UNKNOWN, "last_error": "timeout"}),
    ],
)
def test_the_answer_ends_it(outcome: GatewayOutcome, fields: dict[str, Any]) -> None:
    ended = answered(CLAIM, outcome, token="t2", now=SOME_MOMENT + SECOND)
    assert ended == a_trial(token="t2", attempts=1, **fields)
    assert as_of(ended, LAST + 999 * SECOND) == ended


def test_whoever_waits_for_it_is_told_nothing_yet() -> None:
    assert as_of(a_trial(), LAST) == a_trial()
    assert as_of(CLAIM, UNTIL - timedelta(milliseconds=1)) == CLAIM
    early = claimed(a_trial(), token="t1", until=LAST + 20 * SECOND)
    assert as_of(early, LAST + 10 * SECOND) == early, "its call may have begun in time"


def test_what_was_not_begun_in_time_has_failed() -> None:
    """A second later: who makes it may have another clock."""
    assert as_of(a_trial(), LAST + SECOND - timedelta(milliseconds=1)).status is PENDING
    failed = a_trial(status=FAILED, last_error="not begun within 5 minutes")
    assert as_of(a_trial(), LAST + SECOND) == failed


def test_a_claim_that_ran_out_is_unknown() -> None:
    why = "its sender ended before the answer was recorded"
    unknown = a_trial(token="t1", attempts=1, status=UNKNOWN, last_error=why)
    assert as_of(CLAIM, UNTIL) == unknown
