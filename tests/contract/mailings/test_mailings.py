"""`Mailings`: the mailing, its slices, and the two indexes over all that lies beside it."""

from datetime import timedelta

import pytest

from carillon.adapters.mailings_table import MailingsTable
from carillon.errors import LostRace, Malformed
from carillon.models.mailing import Filter, Mailing, MailingStatus, TimeWindow
from carillon.models.message import MessageStatus
from carillon.models.wave import Wave
from carillon.ports import Created, Creation
from tests.contract.cloud import Cloud
from tests.contract.mailings.stage import (
    MINUTE,
    RUNNING,
    Stage,
    a_recount,
    begun,
    recounting,
    slices,
)
from tests.fakes.samples import a_mailing, a_slice
from tests.fakes.system import SOME_MOMENT

KEY = Creation(key="operator#abc", digest="d1")


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
