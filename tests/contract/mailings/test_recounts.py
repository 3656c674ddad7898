"""`Mailings`: the recounts of a mailing, each an item beside it."""

import pytest

from carillon.errors import LostRace
from carillon.models.statistics import Tally
from tests.contract.mailings.stage import MINUTE, Stage, a_recount, begun, recounting, slices
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT


def test_a_recount_is_begun_with_its_mailing_and_beside_its_slices(stage: Stage) -> None:
    counting = recounting(stage)
    assert stage.mailings.get("m0000001") == counting
    assert stage.mailings.recount("m0000001", 1) == a_recount()
    assert stage.mailings.recount("m0000001", 2) is None
    assert stage.mailings.recount("m0000002", 1) is None
    assert stage.mailings.slices("m0000001") == slices()


def test_a_recount_of_what_somebody_changed_is_not_begun(stage: Stage) -> None:
    stage.add(a_mailing())
    edited = a_mailing().changed(text="edited")
    stage.mailings.replace(a_mailing(), edited)
    with pytest.raises(LostRace):
        stage.mailings.begin(a_mailing(), a_mailing().changed(recounts=1), [a_recount()])
    assert stage.mailings.recount("m0000001", 1) is None
    assert stage.mailings.get("m0000001") == edited


def test_beginning_a_recount_twice_keeps_how_far_it_has_come(stage: Stage) -> None:
    stage.add(a_mailing())
    counting = a_mailing().changed(recounts=1)
    stage.mailings.begin(a_mailing(), counting, [a_recount()])
    stage.mailings.checkpoint(a_recount(), a_recount().changed(messages=7))
    stage.mailings.begin(a_mailing(), counting, [a_recount()])
    assert stage.mailings.recount("m0000001", 1) == a_recount().changed(messages=7)


def test_of_two_checkpoints_of_a_recount_one_wins_and_may_repeat_itself(stage: Stage) -> None:
    recounting(stage)
    tally = Tally(total=-2, pending=3, attempts=70)
    first = a_recount().changed(messages=2000, difference=tally, finished_at=SOME_MOMENT + MINUTE)
    stage.mailings.checkpoint(a_recount(), first)
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(a_recount(), a_recount().changed(messages=1))
    stage.mailings.checkpoint(a_recount(), first)
    assert stage.mailings.recount("m0000001", 1) == first


def test_a_recount_that_is_gone_takes_no_checkpoint(stage: Stage) -> None:
    begun(stage)
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(a_recount(), a_recount().changed())
    assert stage.mailings.recount("m0000001", 1) is None


def test_a_finished_recount_is_no_longer_due_and_still_there(stage: Stage) -> None:
    counting = recounting(stage)
    stage.mailings.replace(counting, counting.changed(due_at=None))
    finished = a_recount().changed(finished_at=SOME_MOMENT, due_at=None)
    assert a_recount() in stage.due(0)
    stage.mailings.checkpoint(a_recount(), finished)
    assert stage.due(999) == list(slices())
    assert stage.mailings.recount("m0000001", 1) == finished
