"""Starting, pausing, resuming and cancelling by hand, and what the system makes of it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carillon.errors import LostRace, NotFound, StateForbids, VersionMismatch
from carillon.models.commands import Advance, Revise
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import MessageStatus
from carillon.policy.actions import RULES, Action
from carillon.policy.edits import acted
from carillon.policy.steps import Later, next_step
from carillon.policy.transitions import may_move_mailing
from carillon.usecases.mailings import MailingDesk
from carillon.usecases.races import RACES_MAX
from tests.fakes import FakeCaller, FakeCreations
from tests.fakes.samples import a_mailing
from tests.unit.usecases.stage import (
    HOUR,
    KEPT_UNTIL,
    MAILING_ID,
    NOW,
    Stage,
    before,
    done_slice,
    once,
    running,
    with_messages,
)

FAR: dict[str, Any] = {"starts_at": NOW + HOUR, "ends_at": NOW + 2 * HOUR}
ALLOWED = {
    (MailingStatus.SCHEDULED, Action.START): MailingStatus.SCHEDULED,
    (MailingStatus.RUNNING, Action.PAUSE): MailingStatus.PAUSED,
    (MailingStatus.PAUSED, Action.RESUME): MailingStatus.RUNNING,
    (MailingStatus.SCHEDULED, Action.CANCEL): MailingStatus.CANCELLED,
    (MailingStatus.RUNNING, Action.CANCEL): MailingStatus.CANCELLED,
    (MailingStatus.PAUSED, Action.CANCEL): MailingStatus.CANCELLED,
}


def desk_of(stage: Stage) -> MailingDesk:
    log = FakeCreations(stage.clock)
    return MailingDesk(stage.mailings, log, stage.clock, stage.chance, FakeCaller())


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", MailingStatus)
def test_every_state_and_action(status: MailingStatus, action: Action) -> None:
    stage = Stage()
    old = a_mailing(status=status, rev=7, version=3, **FAR)
    stage.put(old)
    stage.clock.advance(5)
    leads_to = ALLOWED.get((status, action))
    if leads_to is None:
        with pytest.raises(StateForbids):
            desk_of(stage).act(MAILING_ID, action, None)
        assert stage.mailing() == old
        return
    new = desk_of(stage).act(MAILING_ID, action, 3)
    assert new == stage.mailing()
    assert (new.status, new.version, new.rev) == (leads_to, 4, 8)
    assert new.updated_at == stage.clock.now()
    assert new.starts_at == (stage.clock.now() if action is Action.START else old.starts_at)
    assert new.due_at == (new.ends_at if action is Action.PAUSE else stage.clock.now())


@pytest.mark.parametrize(("status", "action"), ALLOWED)
@pytest.mark.parametrize("ended", [{"closing": True}, {"ends_at": NOW}], ids=str)
def test_nothing_can_be_done_after_the_end(
    status: MailingStatus, action: Action, ended: dict[str, Any]
) -> None:
    stage = Stage()
    old = a_mailing(status=status, **ended)
    stage.put(old)
    with pytest.raises(StateForbids, match="has ended"):
        desk_of(stage).act(MAILING_ID, action, None)
    assert stage.mailing() == old


@pytest.mark.parametrize(
    ("action", "status", "words"),
    [
        ("start", "running", "only a scheduled mailing can be started.* is running"),
        ("pause", "paused", "only a running mailing can be paused.* is paused"),
        ("resume", "running", "only a paused mailing can be resumed.* is running"),
        ("cancel", "finished", "a scheduled, running or paused mailing can be .* is finished"),
        ("cancel", "cancelled", "a scheduled, running or paused mailing can be .* is cancelled"),
    ],
)
def test_a_refusal_says_which_states_allow_it(action: str, status: str, words: str) -> None:
    mailing = a_mailing(status=MailingStatus(status))
    with pytest.raises(StateForbids, match=words):
        acted(mailing, Action(action), NOW)


def test_an_action_makes_only_moves_of_the_table() -> None:
    assert {(state, action) for action, rule in RULES.items() for state in rule.states} == set(
        ALLOWED
    )
    assert all(
        state is leads_to or may_move_mailing(state, leads_to)
        for (state, _), leads_to in ALLOWED.items()
    )


@given(st.sampled_from(sorted(ALLOWED)), st.integers(-3, 3), st.integers(1, 3))
def test_a_mailing_acted_on_is_due_when_its_next_step_is(
    allowed: tuple[str, str], start: int, end: int
) -> None:
    old = a_mailing(
        status=MailingStatus(allowed[0]), starts_at=NOW + start * HOUR, ends_at=NOW + end * HOUR
    )
    new = acted(old, Action(allowed[1]), NOW)
    match next_step(new, NOW):
        case Later(at) if new.status is not MailingStatus.RUNNING:
            assert new.due_at == at
        case _:
            assert new.due_at == NOW


def test_who_saw_an_older_version_changes_nothing() -> None:
    stage = Stage()
    stage.put(running(version=2))
    with pytest.raises(VersionMismatch):
        desk_of(stage).act(MAILING_ID, Action.PAUSE, 1)
    assert stage.mailing() == running(version=2)


@pytest.mark.parametrize("action", Action)
def test_a_deleted_mailing_is_not_found(action: Action) -> None:
    stage = Stage()
    stage.put(running(deleted=True))
    with pytest.raises(NotFound):
        desk_of(stage).act(MAILING_ID, action, None)


def test_a_pause_that_meets_another_writer_keeps_what_that_one_wrote() -> None:
    stage = Stage()
    stage.put(running())
    stage.mailings = before(
        stage.mailings, "replace", once(lambda: stage.change_mailing(text="Better words"))
    )
    new = desk_of(stage).act(MAILING_ID, Action.PAUSE, 1)
    assert (new.status, new.text, new.rev) == (MailingStatus.PAUSED, "Better words", 3)
    assert stage.mailing() == new


@pytest.mark.parametrize(
    ("action", "meanwhile"),
    [
        (Action.START, {"status": MailingStatus.RUNNING}),
        (Action.PAUSE, {"status": MailingStatus.PAUSED, "version": 2}),
        (Action.PAUSE, {"closing": True}),
        (Action.RESUME, {"status": MailingStatus.CANCELLED, "version": 2}),
        (Action.CANCEL, {"status": MailingStatus.FINISHED, "due_at": None}),
    ],
)
def test_what_became_forbidden_meanwhile_is_refused(
    action: Action, meanwhile: dict[str, Any]
) -> None:
    stage = Stage()
    stage.put(a_mailing(status=RULES[action].states[0]))
    stage.mailings = before(
        stage.mailings, "replace", once(lambda: stage.change_mailing(**meanwhile))
    )
    with pytest.raises(StateForbids):
        desk_of(stage).act(MAILING_ID, action, None)
    assert stage.mailing().rev == 2, "the other writer's"


def test_the_end_may_come_between_two_tries() -> None:
    stage = Stage()
    stage.put(running())

    def interrupt() -> None:
        stage.change_mailing(text="Better words")
        stage.clock.set(NOW + HOUR)

    stage.mailings = before(stage.mailings, "replace", once(interrupt))
    with pytest.raises(StateForbids, match="has ended"):
        desk_of(stage).act(MAILING_ID, Action.PAUSE, None)


def test_whoever_always_loses_gives_up() -> None:
    stage = Stage()
    stage.put(running())
    stage.mailings = before(stage.mailings, "replace", lambda: stage.change_mailing(slices=2))
    with pytest.raises(LostRace):
        desk_of(stage).act(MAILING_ID, Action.PAUSE, None)
    assert stage.mailing().rev == 1 + RACES_MAX
    assert stage.mailing().status is MailingStatus.RUNNING


def follow(stage: Stage, action: Action) -> Mailing:
    """Act, and let the planner follow the change."""
    old = stage.mailing()
    new = desk_of(stage).act(MAILING_ID, action, None)
    stage.planner.plan(old, new)
    return new


def work(stage: Stage) -> None:
    """Let the fan-out work what was sent so far."""
    commands = [command for command, _ in stage.sent()]
    stage.commands.queued.clear()
    for command in commands:
        stage.fanout.work(command, stage.budget())


def test_a_mailing_started_by_hand_begins_at_once() -> None:
    stage = Stage()
    stage.put(a_mailing(**FAR))
    stage.planner.plan(None, stage.mailing())
    follow(stage, Action.START)
    assert stage.sent() == [(Advance(mailing_id=MAILING_ID, at=NOW), NOW)]
    kept = [each.command for each in stage.schedules.by_name.values()]
    assert kept == [Advance(mailing_id=MAILING_ID, at=FAR["ends_at"])]
    work(stage)
    assert (stage.mailing().status, stage.mailing().starts_at) == (MailingStatus.RUNNING, NOW)


def test_a_mailing_that_should_have_begun_already_begins_when_started_by_hand() -> None:
    """Its hint may have been lost, and the tick may not have come yet."""
    stage = Stage()
    stage.put(a_mailing(starts_at=NOW - timedelta(seconds=20)))
    follow(stage, Action.START)
    work(stage)
    assert stage.mailing().status is MailingStatus.RUNNING


def test_a_pause_asks_for_nothing_and_resuming_rings_for_what_is_left() -> None:
    stage = Stage()
    with_messages(stage, 3)
    stage.put(running(), done_slice())
    stage.change_message(1, status=MessageStatus.SENT, expires_at=KEPT_UNTIL)
    follow(stage, Action.PAUSE)
    assert not stage.sent()
    follow(stage, Action.RESUME)
    assert stage.sent() == [(Advance(mailing_id=MAILING_ID, at=NOW), NOW)]
    work(stage)
    assert stage.sent() == [(Revise(mailing_id=MAILING_ID, number=1), NOW)]
    work(stage)
    assert sorted(client for client, _ in stage.rung()) == ["c0000002", "c0000003"]


def test_a_cancelled_mailing_is_due_until_its_messages_are_settled() -> None:
    stage = Stage()
    with_messages(stage, 2)
    stage.put(running(), done_slice())
    follow(stage, Action.CANCEL)
    assert stage.mailing().due_at == NOW
    for _ in range(4):
        work(stage)
    assert {stage.message(number).status for number in (1, 2)} == {MessageStatus.CANCELLED}
    assert (stage.mailing().status, stage.mailing().due_at) == (MailingStatus.CANCELLED, None)
