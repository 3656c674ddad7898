"""What a mailing becomes by an edit or a resend, and which of them touch messages that exist."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.errors import Invalid, StateForbids
from carillon.models.mailing import (
    Filter,
    Mailing,
    MailingDraft,
    MailingPatch,
    MailingStatus,
    TimeWindow,
)
from carillon.models.message import MessageStatus
from carillon.policy.actions import Action
from carillon.policy.edits import acted, editable_fields, mailing_of, patched, removed, resent
from carillon.policy.steps import Begin, Later, next_step
from tests.fakes.samples import HOUR, a_mailing
from tests.fakes.system import SOME_MOMENT

NOW = SOME_MOMENT
S = MailingStatus
FAILED, UNKNOWN = MessageStatus.FAILED, MessageStatus.UNKNOWN
EVERYTHING = frozenset({"text", "starts_at", "ends_at", "filter", "time_window"})
NIGHT = TimeWindow(start="22:00", end="06:00")
hours = st.integers(-48, 48).map(lambda count: NOW + count * HOUR)


def running(**fields: Any) -> Mailing:
    return a_mailing(**{"status": S.RUNNING, "slices": 1, "rev": 6, "revisions": 3, **fields})


def _draft(**fields: Any) -> MailingDraft:
    times = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
    return MailingDraft(**{"text": "Hello", "filter": Filter(), **times, **fields})


def test_a_new_mailing_is_what_was_asked_for() -> None:
    chosen = Filter(tags=("vip",))
    draft = _draft(filter=chosen, time_window=NIGHT)
    assert mailing_of(
        draft, mailing_id="m0000001", at=NOW, by="alice", correlation_id="request-1"
    ) == a_mailing(
        created_by="alice",
        correlation_id="request-1",
        updated_by="alice",
        text="Hello",
        filter=chosen,
        time_window=NIGHT,
        starts_at=NOW + HOUR,
        ends_at=NOW + 2 * HOUR,
        due_at=NOW + HOUR,
    )


# When a mailing is due.


@given(starts_at=hours, ends_at=hours)
def test_a_new_mailing_is_due_at_its_start_or_now(starts_at: datetime, ends_at: datetime) -> None:
    draft = _draft(starts_at=starts_at, ends_at=ends_at)
    mailing = mailing_of(draft, mailing_id="m1", at=NOW, by="alice")
    assert mailing.starts_at == max(starts_at, NOW)
    if mailing.ends_at > NOW:
        assert mailing.due_at == mailing.starts_at
        assert next_step(mailing, NOW) == (Begin() if starts_at <= NOW else Later(starts_at))


@given(
    status=st.sampled_from(S),
    patch=st.fixed_dictionaries({}, optional={"starts_at": hours, "ends_at": hours}),
)
def test_an_edited_mailing_is_due_when_its_next_step_is(
    status: MailingStatus, patch: dict[str, Any]
) -> None:
    old = a_mailing(starts_at=NOW - HOUR, ends_at=NOW + 9 * HOUR, status=status)
    try:
        new = patched(old, MailingPatch(**patch), NOW)
    except (Invalid, StateForbids):
        return
    if new is old:
        return
    assert NOW < new.ends_at > new.starts_at
    assert (new.version, new.rev, new.updated_at) == (old.version + 1, old.rev + 1, NOW)
    match next_step(new, NOW):
        case Later(at) if status is not S.RUNNING:
            assert new.due_at == at
        case _:
            assert new.due_at == NOW


def test_a_deleted_mailing_is_due_at_once() -> None:
    old = running(status=S.FINISHED, due_at=None)
    assert removed(old, NOW) == old.changed(deleted=True, due_at=NOW, version=2)


def test_nobody_holds_a_mailing_just_deleted() -> None:
    """Who settled it is not who removes it."""
    old = running(closing=True, holder=6, due_at=NOW + HOUR)
    assert removed(old, NOW) == old.changed(deleted=True, holder=None, due_at=NOW, version=2)


# What may be edited.


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ({"status": S.SCHEDULED}, EVERYTHING),
        ({"status": S.RUNNING}, {"text", "ends_at", "time_window"}),
        ({"status": S.PAUSED}, {"text", "ends_at", "time_window"}),
        ({"status": S.FINISHED}, set()),
        ({"status": S.CANCELLED}, set()),
        ({"status": S.RUNNING, "closing": True}, set()),
        ({"status": S.SCHEDULED, "ends_at": NOW}, set()),
    ],
)
def test_what_a_state_lets_be_changed(state: dict[str, Any], allowed: set[str]) -> None:
    assert editable_fields(a_mailing(**state), NOW) == allowed


def test_what_a_state_forbids_is_named_with_what_it_allows() -> None:
    patch = MailingPatch(starts_at=NOW + HOUR / 2, filter=Filter(tags=("vip",)))
    words = (
        "filter, starts_at cannot be changed while the mailing is running;"
        " only ends_at, text, time_window can"
    )
    with pytest.raises(StateForbids, match=f"^{words}$"):
        patched(running(), patch, NOW)


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_an_end_lies_ahead(late: timedelta) -> None:
    with pytest.raises(Invalid) as refusal:
        patched(running(starts_at=NOW - 2 * HOUR), MailingPatch(ends_at=NOW - late), NOW)
    assert refusal.value.field == "ends_at"


def test_a_start_moved_into_the_past_means_now() -> None:
    old = a_mailing(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    new = patched(old, MailingPatch(starts_at=NOW - HOUR), NOW)
    assert new.starts_at == new.due_at == NOW


@pytest.mark.parametrize("status", S)
def test_the_same_values_again_are_no_change(status: MailingStatus) -> None:
    old = a_mailing(status=status)
    same = {name: getattr(old, name) for name in MailingPatch.model_fields}
    assert patched(old, MailingPatch(**same), NOW + 2 * HOUR) is old


# Which changes are worked into messages that exist.


@pytest.mark.parametrize(
    ("patch", "revised"),
    [
        ({"time_window": NIGHT}, True),
        ({"ends_at": NOW + 2 * HOUR}, True),
        ({"ends_at": NOW + HOUR / 2}, True),
        ({"text": "Better words"}, False),
        ({"text": "Better words", "time_window": NIGHT}, True),
    ],
)
def test_edited_hours_or_end_of_what_runs_move_its_messages(
    patch: dict[str, Any], revised: bool
) -> None:
    new = patched(running(), MailingPatch(**patch), NOW)
    assert new.rev == 7
    assert (new.revisions, new.revising) == ((4, 4) if revised else (3, None))


@pytest.mark.parametrize("status", [S.SCHEDULED, S.PAUSED])
def test_what_does_not_run_is_not_revised(status: MailingStatus) -> None:
    """Before the start there are no messages; what was edited in a pause waits for its end."""
    patch = MailingPatch(ends_at=NOW + 2 * HOUR, time_window=NIGHT)
    assert patched(running(status=status), patch, NOW).revising is None


def test_a_later_change_takes_the_place_of_one_that_is_being_worked_in() -> None:
    old = running(revising=3)
    assert patched(old, MailingPatch(time_window=NIGHT), NOW).revising == 4
    assert patched(old, MailingPatch(text="Better words"), NOW).revising == 3


def test_resuming_works_in_whatever_was_changed_meanwhile() -> None:
    old = running(status=S.PAUSED, resending=(FAILED,), resends=2)
    new = acted(old, Action.RESUME, NOW)
    assert (new.revising, new.resending, new.resends) == (4, (FAILED,), 2)


@pytest.mark.parametrize("action", [Action.PAUSE, Action.CANCEL])
def test_stopping_asks_for_no_revision(action: Action) -> None:
    assert acted(running(), action, NOW).revising is None


# Sending again.


@pytest.mark.parametrize(
    ("old", "becomes"), [(S.RUNNING, S.RUNNING), (S.PAUSED, S.PAUSED), (S.FINISHED, S.RUNNING)]
)
def test_a_resent_mailing_is_to_be_revised(old: MailingStatus, becomes: MailingStatus) -> None:
    mailing = running(status=old, due_at=None if old is S.FINISHED else NOW + HOUR)
    new = resent(mailing, [FAILED], NOW)
    assert (new.status, new.resending, new.resends) == (becomes, (FAILED,), 1)
    assert (new.version, new.rev, new.updated_at) == (2, 7, NOW)
    assert new.due_at == (NOW + HOUR if old is S.PAUSED else NOW)
    if becomes is S.RUNNING:
        assert new.revising == 4


def test_what_is_asked_while_it_is_at_it_is_added() -> None:
    old = running(resending=(UNKNOWN,), resends=4, revising=3)
    new = resent(old, [FAILED, UNKNOWN], NOW)
    assert (new.resending, new.resends, new.revising) == ((FAILED, UNKNOWN), 5, 4)


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ({"status": S.SCHEDULED}, "is scheduled"),
        ({"status": S.CANCELLED}, "is cancelled"),
        ({"ends_at": NOW}, "has ended"),
        ({"closing": True}, "has ended"),
        ({"status": S.PAUSED, "ends_at": NOW}, "has ended"),
        ({"status": S.FINISHED, "due_at": None, "ends_at": NOW}, "has ended"),
    ],
)
def test_what_cannot_be_resent(state: dict[str, Any], found: str) -> None:
    words = "only a running, paused or finished mailing can be resent, and only before its end"
    with pytest.raises(StateForbids, match=f"{re.escape(words)}; this one {found}"):
        resent(running(**state), [FAILED], NOW)
