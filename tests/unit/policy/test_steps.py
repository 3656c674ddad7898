"""What a mailing needs next, for every status and time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.models.mailing import Mailing, MailingStatus
from carillon.policy.steps import (
    Begin,
    Finish,
    Later,
    Nothing,
    Remove,
    Revise,
    Step,
    due_at,
    is_running,
    is_settling,
    next_step,
)
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT

STARTS = SOME_MOMENT + timedelta(minutes=10)
ENDS = SOME_MOMENT + timedelta(minutes=20)
BEFORE, DURING, AFTER = SOME_MOMENT, STARTS + timedelta(minutes=1), ENDS + timedelta(minutes=1)
S = MailingStatus

mailings = st.builds(
    a_mailing,
    starts_at=st.just(STARTS),
    ends_at=st.just(ENDS),
    status=st.sampled_from(S),
    closing=st.booleans(),
    deleted=st.booleans(),
    revising=st.sampled_from([None, 7]),
    due_at=st.sampled_from([None, BEFORE, DURING, ENDS]),
)
moments = st.sampled_from([BEFORE, STARTS, DURING, ENDS, AFTER])


def mailing(status: MailingStatus, **fields: Any) -> Mailing:
    return a_mailing(starts_at=STARTS, ends_at=ENDS, status=status, **fields)


@pytest.mark.parametrize(
    ("status", "now", "step"),
    [
        (S.SCHEDULED, BEFORE, Later(STARTS)),
        (S.SCHEDULED, STARTS, Begin()),
        (S.SCHEDULED, DURING, Begin()),
        (S.SCHEDULED, ENDS, Finish()),
        (S.RUNNING, DURING, Later(ENDS)),
        (S.RUNNING, ENDS, Finish()),
        (S.PAUSED, DURING, Later(ENDS)),
        (S.PAUSED, AFTER, Finish()),
        (S.CANCELLED, BEFORE, Finish()),
        (S.CANCELLED, DURING, Finish()),
        (S.CANCELLED, AFTER, Finish()),
    ],
)
def test_what_an_unsettled_mailing_needs(status: MailingStatus, now: datetime, step: Step) -> None:
    assert next_step(mailing(status), now) == step


@given(mailings, moments)
def test_a_deleted_mailing_is_removed_whatever_it_was(found: Mailing, now: datetime) -> None:
    assert (next_step(found, now) == Remove()) == found.deleted


@given(mailings, moments)
def test_what_is_not_due_or_finished_is_settled_for_good(found: Mailing, now: datetime) -> None:
    over = found.due_at is None or found.status is S.FINISHED
    settled = over and not found.deleted
    assert (next_step(found, now) == Nothing()) == settled


@given(mailings, moments)
def test_an_early_hint_is_told_a_time_that_lies_ahead(found: Mailing, now: datetime) -> None:
    step = next_step(found, now)
    if isinstance(step, Later):
        assert now < step.at <= ENDS


@given(mailings, moments)
def test_nothing_begins_outside_its_time(found: Mailing, now: datetime) -> None:
    if next_step(found, now) == Begin():
        assert found.status is S.SCHEDULED
        assert STARTS <= now < ENDS


@given(mailings, moments)
def test_a_mailing_is_due_when_its_next_step_is(found: Mailing, now: datetime) -> None:
    at = due_at(found, now)
    assert (at is None) == (found.status is S.FINISHED and not found.deleted)
    if at is None:
        return
    assert at >= now
    then = next_step(found.model_copy(update={"due_at": at}), at)
    if found.status is S.RUNNING and not found.deleted:
        assert at == now, "the tick listens whether its doorbells are there"
    else:
        assert not isinstance(then, Later | Nothing)


@given(mailings, moments)
def test_a_change_is_worked_into_the_messages_of_what_runs_only(
    found: Mailing, now: datetime
) -> None:
    asked = found.status is S.RUNNING and found.revising is not None and found.due_at is not None
    in_time = now < ENDS and not found.deleted
    assert (next_step(found, now) == Revise(7)) == (asked and in_time)


@pytest.mark.parametrize(
    ("found", "now", "settling"),
    [
        (mailing(S.RUNNING), DURING, False),
        (mailing(S.PAUSED), DURING, False),
        (mailing(S.RUNNING), ENDS - timedelta(milliseconds=1), False),
        (mailing(S.RUNNING), ENDS, True),
        (mailing(S.RUNNING, closing=True), DURING, True),
        (mailing(S.CANCELLED), DURING, True),
        (mailing(S.CANCELLED, deleted=True), DURING, False),
        (mailing(S.RUNNING, closing=True, deleted=True), AFTER, False),
    ],
)
def test_when_pending_messages_are_settled(found: Mailing, now: datetime, settling: bool) -> None:
    assert is_settling(found, now) == settling


@given(mailings, moments)
def test_only_what_runs_and_does_not_end_is_sent(found: Mailing, now: datetime) -> None:
    sending = found.status is S.RUNNING and not found.deleted and not found.closing and now < ENDS
    assert is_running(found, now) == sending
