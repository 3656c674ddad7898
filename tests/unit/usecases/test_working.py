"""Each command finds who works it, and a race that was lost is run again."""

from datetime import timedelta

import pytest

from carillon.errors import LostRace
from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Listen,
    Purge,
    Release,
    Revise,
    RunRecount,
    RunSlice,
    Tick,
)
from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.wave import Wave
from carillon.usecases.passes import PAGE_MESSAGES, TIME_RESERVE_S
from carillon.usecases.races import RACES_MAX
from carillon.usecases.slicing import PAGE_CLIENTS
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    NOW,
    Stage,
    before,
    done_slice,
    once,
    running,
    with_messages,
)

ADVANCE = Advance(mailing_id=MAILING_ID, at=NOW)


def work(stage: Stage, command: Command) -> None:
    stage.fanout.work(command, stage.budget())


def test_tick() -> None:
    stage = Stage()
    stage.put(a_mailing())
    work(stage, Tick())
    assert stage.sent() == [(ADVANCE, NOW)]


def test_advance() -> None:
    stage = Stage()
    stage.put(a_mailing())
    work(stage, ADVANCE)
    assert stage.mailing().status is MailingStatus.RUNNING


def test_slice() -> None:
    stage = Stage()
    stage.put(running(), a_slice(total=1), a_client())
    work(stage, RunSlice(mailing_id=MAILING_ID, number=0))
    assert stage.message() == a_message()


def test_release() -> None:
    stage = Stage()
    stage.put(running(), a_message())
    stage.mailings.add_wave(Wave(mailing_id=MAILING_ID, opens_at=NOW))
    work(stage, Release(mailing_id=MAILING_ID, at=NOW))
    assert stage.rung() == [("c0000001", NOW)]
    assert not stage.mailings.waves


def test_listen() -> None:
    stage = Stage()
    stage.put(running())
    work(stage, Listen())
    assert stage.sent() == [(Release(mailing_id=MAILING_ID, at=NOW), NOW)]


def test_revise() -> None:
    stage = Stage()
    stage.put(running(revising=7), done_slice())
    work(stage, Revise(mailing_id=MAILING_ID, number=7))
    assert stage.mailing().revising is None


def test_recount() -> None:
    stage = Stage()
    stage.put(running(recounts=1), done_slice())
    stage.put(Recount(mailing_id=MAILING_ID, number=1, requested_at=NOW, due_at=NOW))
    work(stage, RunRecount(mailing_id=MAILING_ID, number=1))
    stage.go_on()
    assert stage.mailings.recounts[0].finished_at == NOW


def test_close() -> None:
    stage = Stage()
    stage.put(running(), done_slice(), a_message(status=MessageStatus.SENT))
    work(stage, Close(mailing_id=MAILING_ID))
    assert stage.mailing().status is MailingStatus.FINISHED


def test_purge() -> None:
    stage = Stage()
    stage.put(running(deleted=True, updated_at=NOW - HOUR), done_slice())
    work(stage, Purge(mailing_id=MAILING_ID))
    stage.go_on()
    assert not stage.mailings.by_id


@pytest.mark.parametrize(
    "command",
    [RunSlice(mailing_id=MAILING_ID, number=0), Release(mailing_id=MAILING_ID, at=NOW)],
    ids=lambda command: command.kind,
)
def test_what_takes_long_goes_on_in_a_new_invocation(command: Command) -> None:
    stage = Stage()
    stage.put(running(), a_slice(total=1), Wave(mailing_id=MAILING_ID, opens_at=NOW))
    with_messages(stage, max(PAGE_CLIENTS, PAGE_MESSAGES) + 1)
    stage.fanout.work(command, stage.budget(TIME_RESERVE_S - 0.1))
    assert [type(each) for each, _ in stage.sent()] == [type(command)]


def test_a_lost_race_is_run_again_on_what_the_winner_wrote() -> None:
    stage = Stage()
    stage.put(a_mailing())
    move = once(lambda: stage.change_mailing(text="Better words", version=2))
    stage.mailings = before(stage.mailings, "begin", move)
    work(stage, ADVANCE)
    begun = stage.mailing()
    assert (begun.status, begun.text) == (MailingStatus.RUNNING, "Better words")


@pytest.mark.parametrize(("races", "won"), [(RACES_MAX - 1, True), (RACES_MAX, False)])
def test_it_is_not_run_for_ever(races: int, won: bool) -> None:
    stage = Stage()
    stage.put(a_mailing())
    left = [timedelta(seconds=n) for n in range(races)]

    def rival() -> None:
        if left:
            stage.change_mailing(updated_at=NOW + left.pop())

    stage.mailings = before(stage.mailings, "begin", rival)
    if won:
        work(stage, ADVANCE)
    else:
        with pytest.raises(LostRace):
            work(stage, ADVANCE)
    assert (stage.mailing().status is MailingStatus.RUNNING) == won
