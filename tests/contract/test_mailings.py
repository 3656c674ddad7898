"""`Mailings`: the mailing, its slices, waves and recounts, and the two indexes over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.system import SystemClock
from carillon.errors import LostRace, Malformed
from carillon.models.mailing import Filter, Mailing, MailingStatus, Slice, TimeWindow
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.models.statistics import Tally
from carillon.models.wave import Asleep, Wave
from carillon.ports import Clock, Created, Creation, Page
from tests.contract.cloud import Cloud
from tests.fakes import FakeClock, FakeCreations, FakeMailings
from tests.fakes.samples import a_mailing, a_slice
from tests.fakes.system import SOME_MOMENT

KEY = Creation(key="operator#abc", digest="d1")
MINUTE = timedelta(minutes=1)
RUNNING = MailingStatus.RUNNING


@dataclass
class Stage:
    mailings: FakeMailings | MailingsTable
    creations: FakeCreations | CreationTable
    clock: Clock

    def add(self, *mailings: Mailing) -> None:
        for mailing in mailings:
            self.mailings.add(mailing, None)

    def due(self, minutes: int) -> list[object]:
        return list(self.mailings.due(SOME_MOMENT + minutes * MINUTE))


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param == "fake":
        clock = FakeClock()
        creations = FakeCreations(clock)
        return Stage(FakeMailings(creations), creations, clock)
    cloud: Cloud = request.getfixturevalue(request.param)
    keys = cloud.table("Idempotency")
    mailings = MailingsTable(cloud.dynamodb, table=cloud.table("Mailings"), keys=keys)
    return Stage(mailings, CreationTable(cloud.dynamodb, keys), SystemClock())


def slices(total: int = 8) -> Sequence[Slice]:
    return [a_slice(number, total=total) for number in range(total)]


def begun(stage: Stage, total: int = 8) -> Mailing:
    stage.add(a_mailing())
    running = a_mailing().changed(status=RUNNING, slices=total)
    stage.mailings.begin(a_mailing(), running, slices(total))
    return running


@pytest.mark.parametrize(
    "mailing",
    [
        a_mailing(),
        a_mailing(
            text="Ж" * 1000,
            filter=Filter(operator_codes=("900", "999"), tags=("vip", "новый")),
            time_window=TimeWindow(start="21:00", end="09:30"),
            status=MailingStatus.CANCELLED,
            version=7,
            rev=12,
            slices=8,
            closing=True,
            deleted=True,
            holder=12,
            revisions=11,
            revising=11,
            revision_leases=(SOME_MOMENT, SOME_MOMENT + timedelta(minutes=5)),
            resending=(MessageStatus.FAILED, MessageStatus.UNKNOWN),
            resends=3,
            recounts=2,
            due_at=None,
        ),
    ],
    ids=["plain", "everything"],
)
@pytest.mark.parametrize("consistent", [True, False])
def test_a_mailing_is_read_as_it_was_written(
    stage: Stage, mailing: Mailing, consistent: bool
) -> None:
    stage.add(mailing)
    assert stage.mailings.get(mailing.id, consistent=consistent) == mailing
    assert stage.mailings.get("m9999999", consistent=consistent) is None


def test_times_are_cut_to_milliseconds(stage: Stage) -> None:
    stage.add(a_mailing())
    fine = SOME_MOMENT + timedelta(microseconds=1_234_567)
    new = a_mailing().changed(due_at=fine)
    stage.mailings.replace(a_mailing(), new)
    stage.mailings.replace(a_mailing(), new)  # still our own write
    found = stage.mailings.get("m0000001")
    assert found is not None
    assert found.due_at == fine.replace(microsecond=234_000)


def test_adding_twice_is_success_whatever_became_of_it(stage: Stage) -> None:
    stage.mailings.add(a_mailing(), KEY)
    stage.mailings.add(a_mailing(), KEY)
    running = a_mailing().changed(status=RUNNING)
    stage.mailings.replace(a_mailing(), running)
    stage.mailings.add(a_mailing(), KEY)
    assert stage.mailings.get("m0000001") == running


def test_an_id_that_is_anothers_is_a_lost_race(stage: Stage) -> None:
    stage.add(a_mailing())
    with pytest.raises(LostRace):
        stage.add(a_mailing(created_at=SOME_MOMENT + MINUTE))


def test_a_key_is_taken_with_the_mailing_or_not_at_all(stage: Stage) -> None:
    now = stage.clock.now()
    stage.mailings.add(a_mailing(1, created_at=now), KEY)
    assert stage.creations.find(KEY.key) == Created("d1", "m0000001", now)
    with pytest.raises(LostRace):
        stage.mailings.add(a_mailing(2, created_at=now), KEY)
    assert stage.mailings.get("m0000002") is None


def test_without_a_table_of_keys_no_key_is_taken(moto: Cloud) -> None:
    mailings = MailingsTable(moto.dynamodb, moto.table("Mailings"))
    with pytest.raises(ValueError, match="Idempotency-Key"):
        mailings.add(a_mailing(), KEY)
    mailings.add(a_mailing(), None)
    assert mailings.get("m0000001") == a_mailing()


def test_of_two_writers_one_wins_and_may_repeat_itself(stage: Stage) -> None:
    stage.add(a_mailing())
    first, second = a_mailing().changed(text="first"), a_mailing().changed(text="second")
    stage.mailings.replace(a_mailing(), first)
    with pytest.raises(LostRace):
        stage.mailings.replace(a_mailing(), second)
    stage.mailings.replace(a_mailing(), first)
    assert stage.mailings.get("m0000001") == first


def test_a_mailing_that_is_gone_cannot_be_replaced(stage: Stage) -> None:
    with pytest.raises(LostRace):
        stage.mailings.replace(a_mailing(), a_mailing().changed())


def test_beginning_writes_the_mailing_and_all_slices(stage: Stage) -> None:
    running = begun(stage, 64)
    assert stage.mailings.get("m0000001") == running
    assert stage.mailings.slices("m0000001") == slices(64)
    assert stage.mailings.slice("m0000001", 63) == a_slice(63, total=64)
    assert stage.mailings.slice("m0000001", 64) is None
    assert stage.mailings.slices("m0000002") == []


def test_beginning_twice_keeps_what_the_slices_have_done(stage: Stage) -> None:
    running = begun(stage)
    done = a_slice(3, cursor="c0000009", rev=2)
    stage.mailings.checkpoint(a_slice(3), done)
    stage.mailings.begin(a_mailing(), running, slices())
    assert stage.mailings.slice("m0000001", 3) == done


def test_beginning_what_somebody_changed_writes_nothing(stage: Stage) -> None:
    stage.add(a_mailing())
    cancelled = a_mailing().changed(status=MailingStatus.CANCELLED)
    stage.mailings.replace(a_mailing(), cancelled)
    with pytest.raises(LostRace):
        stage.mailings.begin(a_mailing(), a_mailing().changed(status=RUNNING), slices())
    assert stage.mailings.slices("m0000001") == []
    assert stage.mailings.get("m0000001") == cancelled


def test_of_two_checkpoints_one_wins_and_may_repeat_itself(stage: Stage) -> None:
    begun(stage)
    first = a_slice(cursor="c1", rev=2)
    stage.mailings.checkpoint(a_slice(), first)
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(a_slice(), a_slice(cursor="c2", rev=2))
    stage.mailings.checkpoint(a_slice(), first)
    assert stage.mailings.slice("m0000001", 0) == first


def test_a_slice_that_is_gone_takes_no_checkpoint(stage: Stage) -> None:
    with pytest.raises(LostRace):
        stage.mailings.checkpoint(a_slice(), a_slice(rev=2))
    assert stage.mailings.slice("m0000001", 0) is None


def a_recount(number: int = 1, **fields: Any) -> Recount:
    times = {"requested_at": SOME_MOMENT, "due_at": SOME_MOMENT}
    return Recount(**{"mailing_id": "m0000001", "number": number, **times, **fields})


def recounting(stage: Stage) -> Mailing:
    """A running mailing whose first recount has begun."""
    running = begun(stage)
    counting = running.changed(recounts=1)
    stage.mailings.begin(running, counting, [a_recount()])
    return counting


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


def test_due_is_in_order_and_holds_every_kind(stage: Stage) -> None:
    late = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + 5 * MINUTE)
    early = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + 1 * MINUTE)
    stage.add(a_mailing(due_at=SOME_MOMENT + 2 * MINUTE))
    running = a_mailing().changed(status=RUNNING, due_at=SOME_MOMENT + 3 * MINUTE)
    piece = a_slice(due_at=SOME_MOMENT + 4 * MINUTE)
    counting = a_recount(due_at=SOME_MOMENT + 6 * MINUTE)
    stage.mailings.begin(a_mailing(), running, [piece, counting])
    for wave in (late, early, early):
        stage.mailings.add_wave(wave)
    assert stage.due(0) == []
    assert stage.due(3) == [early, running]
    assert stage.due(9) == [early, running, piece, late, counting]


def test_what_is_done_is_no_longer_due(stage: Stage) -> None:
    running = begun(stage, 1)
    wave = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT)
    stage.mailings.add_wave(wave)
    assert len(stage.due(0)) == 3
    stage.mailings.checkpoint(slices(1)[0], a_slice(total=1, done=True, due_at=None, rev=2))
    stage.mailings.remove_wave(wave)
    stage.mailings.remove_wave(wave)
    stage.mailings.replace(running, running.changed(due_at=None))
    assert stage.due(999) == []


def test_the_list_is_newest_first_and_leaves_deleted_ones_out(stage: Stage) -> None:
    mailings = [a_mailing(n, created_at=SOME_MOMENT + n * MINUTE) for n in range(7)]
    twin = a_mailing(8, created_at=SOME_MOMENT + 3 * MINUTE)
    stage.add(*mailings, twin)
    stage.mailings.replace(mailings[5], mailings[5].changed(deleted=True))
    found: list[Mailing] = []
    cursor: str | None = None
    for _ in range(10):
        page = stage.mailings.page(status=None, limit=3, cursor=cursor)
        assert len(page.items) <= 3
        found += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert found == [mailings[6], mailings[4], twin, *mailings[3::-1]]


def test_the_list_can_be_filtered_by_status(stage: Stage) -> None:
    begun(stage)
    stage.add(a_mailing(2))
    page = stage.mailings.page(status=RUNNING, limit=10, cursor=None)
    assert [mailing.id for mailing in page.items] == ["m0000001"]


def test_slices_waves_and_recounts_are_not_listed(stage: Stage) -> None:
    recounting(stage)
    stage.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=SOME_MOMENT))
    assert len(stage.mailings.page(status=None, limit=100, cursor=None).items) == 1


@pytest.mark.parametrize("cursor", ["", "c0000001", "00#c0000001", "2026#m1", "x" * 24 + "#m1"])
def test_a_foreign_cursor_is_malformed(stage: Stage, cursor: str) -> None:
    with pytest.raises(Malformed):
        stage.mailings.page(status=None, limit=3, cursor=cursor)


def test_removing_takes_everything_of_this_mailing_and_nothing_else(stage: Stage) -> None:
    running = begun(stage, 60)
    mailing = running.changed(recounts=1)
    stage.mailings.begin(running, mailing, [a_recount()])
    for number in range(20):
        opens_at = SOME_MOMENT + number * MINUTE
        stage.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=opens_at))
    stage.add(a_mailing(2))
    stage.mailings.remove(mailing)
    stage.mailings.remove(mailing)
    assert stage.mailings.get("m0000001") is None
    assert stage.mailings.slices("m0000001") == []
    assert stage.mailings.recount("m0000001", 1) is None
    assert stage.due(999) == [a_mailing(2)]
