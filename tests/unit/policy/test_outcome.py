"""What a claimed message becomes by the gateway's answer."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.answers import Accepted, Refused, TryAgain
from carillon.policy.outcome import Outcome, Recorder, accepted, given_back
from carillon.policy.retention import Retention
from tests.fakes.samples import a_message
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)
DAYS_30 = Retention(30)
KEPT_UNTIL = DAYS_30.expires_at(NOW)
CLAIM: dict[str, Any] = {"token": "claim", "claim_until": NOW + 20 * SECOND, "attempts": 1}


def try_again(*, surely_not_accepted: bool = False, after_s: float | None = None) -> TryAgain:
    return TryAgain("HTTP 500", surely_not_accepted, False, False, after_s)


def outcome(
    claimed: Message,
    verdict: Accepted | Refused | TryAgain,
    *,
    ends_at: datetime = NOW + 3600 * SECOND,
    jitter: float = 0.0,
    retry_unknown: bool = True,
) -> Outcome:
    recorder = Recorder(ends_at, DAYS_30, retry_unknown)
    return recorder.outcome(claimed, verdict, now=NOW, token="new", jitter=jitter)


def test_accepted_is_sent() -> None:
    claimed = a_message(**CLAIM, last_error="HTTP 500")
    assert outcome(claimed, Accepted()) == Outcome(
        a_message(
            status=MessageStatus.SENT,
            token="new",
            attempts=1,
            sent_at=NOW,
            expires_at=KEPT_UNTIL,
        )
    )


@pytest.mark.parametrize("status", MessageStatus)
def test_accepted_is_sent_whatever_it_was(status: MessageStatus) -> None:
    message = a_message(status=status, reason=Reason.ENDED, attempts=2, refused=1)
    sent = accepted(message, now=NOW, token="new", retention=DAYS_30)
    assert (sent.status, sent.reason, sent.sent_at) == (MessageStatus.SENT, None, NOW)


def test_refused_for_good_is_failed() -> None:
    failed = outcome(a_message(**CLAIM), Refused("HTTP 400"))
    assert failed == Outcome(
        a_message(
            status=MessageStatus.FAILED,
            reason=Reason.REFUSED,
            token="new",
            attempts=1,
            refused=1,
            last_error="HTTP 400",
            expires_at=KEPT_UNTIL,
        )
    )


@pytest.mark.parametrize(
    ("attempts", "refused", "status"),
    [(3, 2, MessageStatus.FAILED), (3, 1, MessageStatus.UNKNOWN), (2, 0, MessageStatus.UNKNOWN)],
)
def test_refused_after_an_attempt_that_may_have_been_accepted_is_unknown(
    attempts: int, refused: int, status: MessageStatus
) -> None:
    claimed = a_message(**CLAIM | {"attempts": attempts}, refused=refused)
    ended = outcome(claimed, Refused("HTTP 400")).message
    assert (ended.status, ended.reason) == (status, Reason.REFUSED)


@pytest.mark.parametrize(("surely", "refused"), [(True, 1), (False, 0)])
def test_a_failed_attempt_waits_for_the_next_without_a_claim(surely: bool, refused: int) -> None:
    again_at = NOW + 5 * SECOND
    assert outcome(a_message(**CLAIM), try_again(surely_not_accepted=surely)) == Outcome(
        a_message(
            token="new",
            attempts=1,
            refused=refused,
            last_error="HTTP 500",
            not_before=again_at,
        ),
        ring_at=again_at,
    )


def test_jitter_and_the_gateways_wish_shape_the_wait() -> None:
    claimed = a_message(**CLAIM)
    assert outcome(claimed, try_again(), jitter=0.5).ring_at == NOW + 7.5 * SECOND
    assert outcome(claimed, try_again(after_s=100)).ring_at == NOW + 100 * SECOND


def test_later_attempts_wait_longer() -> None:
    claimed = a_message(**CLAIM | {"attempts": 3})
    assert outcome(claimed, try_again(), jitter=0.5).ring_at == NOW + 22.5 * SECOND


def test_without_time_for_another_attempt_the_message_is_left_for_the_end() -> None:
    ends_at = NOW + 5 * SECOND
    left = outcome(a_message(**CLAIM), try_again(), ends_at=ends_at)
    assert left.ring_at is None
    assert (left.message.status, left.message.not_before) == (MessageStatus.PENDING, ends_at)
    assert (left.message.claim_until, left.message.expires_at) == (None, None)


def test_where_doubt_is_not_retried_it_ends_the_message() -> None:
    assert outcome(a_message(**CLAIM), try_again(), retry_unknown=False) == Outcome(
        a_message(
            status=MessageStatus.UNKNOWN,
            reason=Reason.NOT_CONFIRMED,
            token="new",
            attempts=1,
            last_error="HTTP 500",
            expires_at=KEPT_UNTIL,
        )
    )


def test_a_doubt_beyond_those_that_a_person_waived_ends_the_message_too() -> None:
    claimed = a_message(**CLAIM | {"attempts": 2}, doubts_waived=1)
    ended = outcome(claimed, try_again(), retry_unknown=False).message
    assert (ended.status, ended.reason) == (MessageStatus.UNKNOWN, Reason.NOT_CONFIRMED)


def test_where_doubt_is_not_retried_what_surely_was_not_accepted_still_is() -> None:
    again = outcome(a_message(**CLAIM), try_again(surely_not_accepted=True), retry_unknown=False)
    assert again.ring_at == NOW + 5 * SECOND


def test_a_claim_given_back_is_as_if_it_had_not_been() -> None:
    claimed = a_message(**CLAIM | {"attempts": 4}, refused=3)
    back = given_back(claimed, now=NOW, token="new")
    assert back == a_message(token="new", attempts=3, refused=3)
    assert not back.in_doubt
