"""`Mailings`: the waves of a mailing, and the openings to come that they stand for."""

from datetime import datetime, timedelta

import pytest

from carillon.errors import LostRace, Malformed
from carillon.models.wave import Asleep, Wave
from carillon.ports import Page
from tests.contract.mailings.stage import MINUTE, Stage, begun
from tests.fakes.system import SOME_MOMENT

A_WAVE = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT)


def test_a_wave_that_is_noted_again_keeps_how_far_it_has_come(stage: Stage) -> None:
    asleep = Asleep(number=7, until=SOME_MOMENT + MINUTE)
    at_work = A_WAVE.changed(
        cursor="03#c1", pending=250, asleep=asleep, held_until=SOME_MOMENT + MINUTE
    )
    assert stage.mailings.wave("m0000001", SOME_MOMENT) is None
    stage.mailings.add_wave(A_WAVE)
    assert stage.mailings.wave("m0000001", SOME_MOMENT) == A_WAVE
    stage.mailings.checkpoint(A_WAVE, at_work)
    stage.mailings.add_wave(A_WAVE)
    assert stage.mailings.wave("m0000001", SOME_MOMENT) == at_work
    assert stage.mailings.wave("m0000001", SOME_MOMENT + MINUTE) is None
    assert stage.mailings.wave("m0000002", SOME_MOMENT) is None


def openings(stage: Stage, *, limit: int = 10, cursor: str | None = None) -> Page[datetime]:
    return stage.mailings.openings(
        "m0000001",
        after=SOME_MOMENT,
        before=SOME_MOMENT + 5 * MINUTE,
        limit=limit,
        cursor=cursor,
    )


def test_openings_are_waves_to_come_but_no_searches(stage: Stage) -> None:
    begun(stage)  # its slices and itself lie beside the waves
    for minutes in (4, 0, 5, -1, 1, 7):
        opens_at = SOME_MOMENT + minutes * MINUTE
        stage.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=opens_at))
    at_work = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + 2 * MINUTE, held_until=SOME_MOMENT)
    stage.mailings.add_wave(at_work)
    search = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + 3 * MINUTE, search=True)
    stage.mailings.add_wave(search)
    stage.mailings.add_wave(Wave(mailing_id="m0000002", opens_at=SOME_MOMENT + 3 * MINUTE))
    found = openings(stage)
    assert found.items == [SOME_MOMENT + each * MINUTE for each in (1, 2, 4)]
    assert found.cursor is None


def test_openings_come_in_pages_which_a_search_makes_shorter(stage: Stage) -> None:
    for minutes in (1, 2, 3, 4):
        opens_at = SOME_MOMENT + minutes * MINUTE
        stage.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=opens_at, search=minutes == 2))
    found: list[datetime] = []
    cursor: str | None = None
    for _ in range(5):
        page = openings(stage, limit=2, cursor=cursor)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [SOME_MOMENT + each * MINUTE for each in (1, 3, 4)]
    # Time goes on between two pages: what has opened meanwhile is not to come any more.
    assert openings(stage, cursor="2026-11-21T09:00:00.000Z").items == found


def test_there_are_no_openings_where_there_is_no_time_left(stage: Stage) -> None:
    stage.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=SOME_MOMENT))
    for before in (SOME_MOMENT - MINUTE, SOME_MOMENT, SOME_MOMENT + timedelta(milliseconds=1)):
        page = stage.mailings.openings(
            "m0000001", after=SOME_MOMENT, before=before, limit=10, cursor=None
        )
        assert (list(page.items), page.cursor) == ([], None)
    assert openings(stage, cursor="9999-12-31T23:59:59.999Z").items == []
    for cursor in ("", "c0000001", "2026-11-21", "00#"):
        with pytest.raises(Malformed):
            openings(stage, cursor=cursor)


def test_a_wave_that_somebody_is_at_is_due_when_it_stalls(stage: Stage) -> None:
    stage.mailings.add_wave(A_WAVE)
    at_work = A_WAVE.changed(held_until=SOME_MOMENT + 2 * MINUTE)
    stage.mailings.checkpoint(A_WAVE, at_work)
    assert stage.due(1) == []
    assert stage.due(2) == [at_work]


def test_of_two_checkpoints_of_a_wave_one_wins_and_may_repeat_itself(stage: Stage) -> None:
    stage.mailings.add_wave(A_WAVE)
    first = A_WAVE.changed(search=True, pages=3, revisions=2)
    stage.mailings.checkpoint(A_WAVE, first)
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(A_WAVE, A_WAVE.changed(pending=1))
    stage.mailings.checkpoint(A_WAVE, first)
    assert stage.mailings.wave("m0000001", SOME_MOMENT) == first
    stage.mailings.remove_wave(first)
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(first, first.changed())
