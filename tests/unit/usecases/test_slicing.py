"""One slice of the audience: its pages, its order, and what may happen in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from carillon.errors import Unavailable
from carillon.models.commands import Close, RunSlice
from carillon.models.mailing import Filter, Mailing, MailingStatus, TimeWindow
from carillon.models.message import SETTLED_AT_BIRTH, MessageStatus, Reason
from carillon.models.wave import Asleep, Wave
from carillon.usecases.slicing import PAGE_CLIENTS
from tests.fakes.samples import a_client, a_message, a_slice
from tests.unit.usecases.stage import (
    HOUR,
    KEPT_UNTIL,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    after,
    before,
    done_slice,
    doorbell,
    once,
    outage,
    running,
    second,
)

COMMAND = RunSlice(mailing_id=MAILING_ID, number=0)
CLOSE = Close(mailing_id=MAILING_ID)
FROM_TWO = TimeWindow(start="14:00", end="18:00")
"""Open in Samara, in an hour in Moscow and Minsk, in three in Berlin."""


def on_stage(mailing: Mailing, clients: int = 2) -> Stage:
    stage = Stage()
    stage.put(mailing, a_slice(total=1))
    stage.put(*(a_client(number) for number in range(1, clients + 1)))
    return stage


def run(stage: Stage, seconds: float = 900, number: int = 0) -> None:
    command = RunSlice(mailing_id=MAILING_ID, number=number)
    stage.fanout.slicing.run(command, stage.budget(seconds))


def statuses(stage: Stage) -> set[tuple[MessageStatus, Reason | None]]:
    return {(each.status, each.reason) for each in stage.messages.by_key.values()}


def test_each_client_gets_a_message_and_a_doorbell_at_once() -> None:
    stage = on_stage(running())
    run(stage)
    assert [stage.message(1), stage.message(2)] == [a_message(1), a_message(2)]
    assert [each.value for each in stage.doorbells.queued] == [
        doorbell(1, fresh_at=NOW),
        doorbell(2, fresh_at=NOW),
    ]
    assert {at for _, at in stage.rung()} == {NOW}


def test_only_those_chosen_get_one() -> None:
    stage = on_stage(running(filter=Filter(tags=("vip",))))
    stage.put(a_client(3, tags=("vip",)))
    run(stage)
    assert set(stage.messages.by_key) == {(MAILING_ID, "c0000003")}


def test_slices_share_the_audience_without_overlap() -> None:
    stage = on_stage(running(slices=2), clients=40)
    stage.put(a_slice(0, total=2), a_slice(1, total=2))
    run(stage, number=0)
    first = set(stage.messages.by_key)
    run(stage, number=1)
    assert 0 < len(first) < 40
    assert len(stage.rung()) == len(stage.messages.by_key) == 40


def test_a_message_that_exists_stays_as_it_is() -> None:
    stage = on_stage(running())
    sent = a_message(1, status=MessageStatus.SENT, token="t1", attempts=1)
    stage.put(sent)
    run(stage)
    assert stage.message(1) == sent
    assert stage.message(2).status is MessageStatus.PENDING


def test_the_last_slice_done_asks_to_close() -> None:
    stage = on_stage(running(slices=2))
    stage.put(a_slice(1, total=2))
    run(stage)
    assert not stage.sent()
    run(stage, number=1)
    assert stage.sent() == [(CLOSE, NOW)]


def test_an_empty_audience_is_closed_at_once() -> None:
    stage = on_stage(running(), clients=0)
    run(stage)
    assert stage.sent() == [(CLOSE, NOW)]
    assert not stage.messages.by_key


def test_a_slice_that_is_done_has_no_due_time() -> None:
    stage = on_stage(running())
    run(stage)
    assert stage.mailings.slice(MAILING_ID, 0) == a_slice(total=1, done=True, rev=2, due_at=None)


def test_a_slice_done_before_asks_again_but_makes_nothing() -> None:
    stage = on_stage(running())
    stage.put(done_slice())
    run(stage)
    assert stage.sent() == [(CLOSE, NOW)]
    assert not stage.messages.by_key


@pytest.mark.parametrize("missing", ["slice", "mailing"])
def test_a_command_for_what_is_gone_vanishes(missing: str) -> None:
    stage = on_stage(running())
    if missing == "slice":
        stage.mailings.work_by_key.clear()
    else:
        stage.mailings.by_id.clear()
    run(stage)
    assert not stage.sent()
    assert not stage.messages.by_key


# The order within a page: what a crash leaves behind.


def test_messages_exist_before_any_doorbell_rings() -> None:
    stage = on_stage(running())
    stage.doorbells = before(stage.doorbells, "ring", outage)
    with pytest.raises(Unavailable):
        run(stage)
    assert len(stage.messages.by_key) == 2


def test_a_checkpoint_comes_after_the_doorbells() -> None:
    stage = on_stage(running())
    stage.mailings = before(stage.mailings, "checkpoint", outage)
    with pytest.raises(Unavailable):
        run(stage)
    assert len(stage.rung()) == 2


def test_a_wave_is_noted_before_the_messages_that_wait_for_it() -> None:
    stage = on_stage(running(ends_at=NOW + 3 * HOUR, time_window=FROM_TWO))
    stage.messages = before(stage.messages, "insert", outage)
    with pytest.raises(Unavailable):
        run(stage)
    assert stage.mailings.waves == {Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)}


@pytest.mark.parametrize(
    "crash",
    [
        lambda stage: setattr(stage, "messages", after(stage.messages, "insert", once(outage))),
        lambda stage: setattr(stage, "doorbells", after(stage.doorbells, "ring", once(outage))),
        lambda stage: setattr(stage, "mailings", after(stage.mailings, "checkpoint", once(outage))),
    ],
    ids=["insert", "ring", "checkpoint"],
)
def test_a_page_that_is_done_twice_makes_no_message_twice(crash: Callable[[Stage], None]) -> None:
    stage = on_stage(running())
    crash(stage)
    with pytest.raises(Unavailable):
        run(stage)
    stage.clock.advance(1)
    run(stage)
    assert {each.created_at for each in stage.messages.by_key.values()} == {NOW}
    assert {client for client, _ in stage.rung()} == {"c0000001", "c0000002"}
    assert stage.sent() == [(CLOSE, NOW + SECOND)]


# What others do to the mailing meanwhile.


@pytest.mark.parametrize("moment", ["before", "within"])
def test_a_paused_mailing_gets_its_messages_but_is_not_rung_for(moment: str) -> None:
    stage = on_stage(running())
    pause = once(lambda: stage.change_mailing(status=MailingStatus.PAUSED))
    if moment == "before":
        pause()
    else:
        stage.messages = after(stage.messages, "insert", pause)
    run(stage)
    assert statuses(stage) == {(MessageStatus.PENDING, None)}
    assert not stage.rung()
    assert stage.sent() == [(CLOSE, NOW)]


def test_a_mailing_deleted_within_a_page_gets_no_further_one() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    delete = once(lambda: stage.change_mailing(deleted=True))
    stage.messages = after(stage.messages, "insert", delete)
    run(stage)
    assert len(stage.messages.by_key) == PAGE_CLIENTS
    assert stage.mailings.slices(MAILING_ID) == [a_slice(total=1, done=True, rev=3, due_at=None)]


def test_a_slice_whose_mailing_was_purged_meanwhile_stops() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    purge = once(lambda: stage.mailings.remove(stage.mailing()))
    stage.messages = after(stage.messages, "insert", purge)
    run(stage)
    assert len(stage.messages.by_key) == PAGE_CLIENTS
    assert not stage.rung()
    assert not stage.sent()


def test_a_slice_of_a_deleted_mailing_stops() -> None:
    stage = on_stage(running(deleted=True))
    stage.put(a_slice(total=1, cursor="c0000001"))
    run(stage)
    assert not stage.messages.by_key
    stopped = stage.mailings.slice(MAILING_ID, 0)
    assert stopped is not None
    assert stopped.done
    assert stopped.due_at is None


@pytest.mark.parametrize(
    ("mailing", "status", "reason"),
    [
        (running(closing=True), MessageStatus.EXPIRED, Reason.ENDED),
        (running(ends_at=NOW), MessageStatus.EXPIRED, Reason.ENDED),
        (
            running(status=MailingStatus.PAUSED, ends_at=NOW),
            MessageStatus.EXPIRED,
            Reason.ENDED,
        ),
        (
            running(status=MailingStatus.CANCELLED),
            MessageStatus.CANCELLED,
            Reason.MAILING_CANCELLED,
        ),
    ],
)
def test_a_mailing_that_ends_gets_its_messages_in_their_final_status(
    mailing: Mailing, status: MessageStatus, reason: Reason
) -> None:
    stage = on_stage(mailing)
    run(stage)
    settled = {"status": status, "reason": reason, "expires_at": KEPT_UNTIL}
    # No doorbell of a page that saw it otherwise fits it (seed 100137).
    settled["token"] = SETTLED_AT_BIRTH
    assert [stage.message(1), stage.message(2)] == [a_message(n, **settled) for n in (1, 2)]
    assert not stage.rung()
    assert stage.sent() == [(CLOSE, NOW)]


def test_the_page_after_a_cancel_is_cancelled() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    cancel = once(lambda: stage.change_mailing(status=MailingStatus.CANCELLED))
    stage.messages = after(stage.messages, "insert", cancel)
    run(stage)
    assert stage.message(1).status is MessageStatus.PENDING
    assert stage.message(PAGE_CLIENTS + 1).reason is Reason.MAILING_CANCELLED
    assert not stage.rung()


# Edits meanwhile: their own pass may have missed the messages of this page.


def edit_within(stage: Stage, **fields: object) -> None:
    edit = once(lambda: stage.change_mailing(**{"version": 2, **fields}))
    stage.messages = after(stage.messages, "insert", edit)


def test_a_mailing_edited_within_a_page_is_marked_to_be_revised() -> None:
    stage = on_stage(running(due_at=NOW + HOUR))
    edit_within(stage, time_window=FROM_TWO)
    run(stage)
    assert (stage.mailing().revising, stage.mailing().revisions) == (1, 1)
    assert (stage.mailing().due_at, stage.mailing().version) == (NOW, 2)


def test_the_mark_is_set_before_the_page_is_checked_off() -> None:
    stage = on_stage(running())
    edit_within(stage)
    stage.mailings = before(stage.mailings, "checkpoint", outage)
    with pytest.raises(Unavailable):
        run(stage)
    assert stage.mailing().revising is not None


def test_messages_that_a_crash_left_from_before_an_edit_are_revised_too() -> None:
    """The edit's own pass went through before they were there, and who made them cannot ask."""
    stage = on_stage(running())
    edit_within(stage)
    real, stage.mailings = stage.mailings, before(stage.mailings, "get", second(outage))
    with pytest.raises(Unavailable):
        run(stage)
    stage.mailings = real
    run(stage)
    assert stage.mailing().revising is not None


def test_an_edit_is_worked_in_once_however_many_pages_follow() -> None:
    stage = on_stage(running(), clients=2 * PAGE_CLIENTS + 1)
    edit_within(stage)
    run(stage)
    assert stage.mailing().revisions == 1


def test_a_change_that_is_being_worked_in_begins_anew() -> None:
    stage = on_stage(running())
    edit_within(stage, revisions=2, revising=2)
    run(stage)
    assert stage.mailing().revising == 3


def test_the_mark_is_set_again_when_others_write_at_that_moment() -> None:
    stage = on_stage(running())
    edit_within(stage)
    rival = once(lambda: stage.change_mailing(recounts=1))
    stage.mailings = before(stage.mailings, "replace", rival)
    run(stage)
    assert (stage.mailing().revising, stage.mailing().recounts) == (1, 1)


def test_an_edit_from_before_the_slice_needs_no_mark() -> None:
    stage = on_stage(running(version=2, time_window=FROM_TWO))
    stage.put(a_slice(total=1, version=2))
    run(stage)
    assert stage.mailing().revising is None


def test_what_carillon_itself_writes_to_the_mailing_needs_no_mark() -> None:
    stage = on_stage(running())
    edit_within(stage, version=1, recounts=1)
    run(stage)
    assert stage.mailing().revising is None


@pytest.mark.parametrize(
    "fields",
    [
        {"status": MailingStatus.PAUSED},
        {"status": MailingStatus.CANCELLED},
        {"deleted": True},
        {"ends_at": NOW},
    ],
)
def test_what_was_stopped_by_the_edit_is_not_marked(fields: dict[str, object]) -> None:
    """Resuming marks it by itself; whatever ends it waits for the slices."""
    stage = on_stage(running())
    edit_within(stage, **fields)
    run(stage)
    assert stage.mailing().revising is None


def test_a_mailing_that_ended_within_a_page_is_not_revised_any_more() -> None:
    stage = on_stage(running())
    edit_within(stage)
    end = second(lambda: stage.clock.set(running().ends_at))
    stage.mailings = before(stage.mailings, "get", end)
    run(stage)
    assert stage.mailing().revising is None


def test_messages_of_a_mailing_that_is_recounted_count_there_and_are_read_before_a_claim() -> None:
    """Whoever claims without reading takes them for counted nowhere else."""
    stage = on_stage(running(recounts=2))
    run(stage)
    assert {each.recount for each in stage.messages.by_key.values()} == {2}
    assert [each.value for each in stage.doorbells.queued] == [doorbell(1), doorbell(2)]


# Local hours.


def test_clients_whose_hours_open_later_wait_for_a_wave() -> None:
    stage = on_stage(running(ends_at=NOW + 4 * HOUR, time_window=FROM_TWO), clients=1)
    stage.put(a_client(2, timezone="Europe/Samara"), a_client(3, timezone="Europe/Minsk"))
    stage.put(a_client(4, timezone="Europe/Berlin"))
    run(stage)
    waits = [stage.message(number).not_before - NOW for number in (1, 2, 3, 4)]
    assert waits == [HOUR, timedelta(0), HOUR, 3 * HOUR]
    assert statuses(stage) == {(MessageStatus.PENDING, None)}
    openings = (NOW + HOUR, NOW + 3 * HOUR)
    assert stage.mailings.waves == {Wave(mailing_id=MAILING_ID, opens_at=at) for at in openings}
    assert stage.rung() == [("c0000002", NOW)]


@pytest.mark.parametrize(("start", "waits_for_a_wave"), [("13:15", False), ("13:16", True)])
def test_what_a_queue_can_delay_needs_no_wave(start: str, waits_for_a_wave: bool) -> None:
    stage = on_stage(running(time_window=TimeWindow(start=start, end="18:00")), clients=1)
    run(stage)
    opens_at = stage.message().not_before
    assert opens_at == NOW + (16 * MINUTE if waits_for_a_wave else 15 * MINUTE)
    assert bool(stage.mailings.waves) == waits_for_a_wave
    assert stage.rung() == ([] if waits_for_a_wave else [("c0000001", opens_at)])


def test_hours_that_never_open_before_the_end_end_the_message_at_once() -> None:
    stage = on_stage(running(time_window=TimeWindow(start="19:00", end="20:00")))
    run(stage)
    assert statuses(stage) == {(MessageStatus.EXPIRED, Reason.HOURS_NEVER_OPEN)}
    assert {each.expires_at for each in stage.messages.by_key.values()} == {KEPT_UNTIL}
    assert not stage.rung()
    assert not stage.mailings.waves


# Time, and rivals.


def test_a_slice_goes_through_all_its_pages_while_there_is_time() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    run(stage, seconds=5)
    assert len(stage.messages.by_key) == len(stage.rung()) == PAGE_CLIENTS + 1
    assert stage.sent() == [(CLOSE, NOW)]


def test_a_slice_short_of_time_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    stage.clock.advance(1)
    run(stage, seconds=4.9)
    assert stage.mailings.slice(MAILING_ID, 0) == a_slice(
        total=1, cursor=f"c{PAGE_CLIENTS:07d}", rev=2, due_at=NOW + 61 * SECOND
    )
    assert stage.sent() == [(COMMAND, NOW + SECOND)]
    run(stage, seconds=4.9)
    assert len(stage.messages.by_key) == len(stage.rung()) == PAGE_CLIENTS + 1
    assert stage.sent()[1:] == [(CLOSE, NOW + SECOND)]


def test_of_two_invocations_of_one_slice_the_one_behind_stops() -> None:
    stage = on_stage(running(), clients=PAGE_CLIENTS + 1)
    ahead = a_slice(total=1, cursor=f"c{PAGE_CLIENTS:07d}", rev=2)
    stage.mailings = before(stage.mailings, "checkpoint", once(lambda: stage.put(ahead)))
    run(stage)
    assert stage.mailings.slice(MAILING_ID, 0) == ahead
    assert len(stage.messages.by_key) == PAGE_CLIENTS
    assert not stage.sent()


# Those that wait far ahead have no doorbell, and nobody is to search for it.

WAITING = running(slices=2, ends_at=NOW + 4 * HOUR, time_window=FROM_TWO)


def two_slices(mailing: Mailing, clients: int = 40) -> Stage:
    stage = on_stage(mailing, clients)
    stage.put(a_slice(0, total=2), a_slice(1, total=2))
    return stage


def test_the_last_slice_tells_the_mailing_how_many_of_all_slices_are_asleep() -> None:
    stage = two_slices(WAITING)
    stage.put(a_client(41, timezone="Europe/Samara"), a_client(42, timezone="Europe/Berlin"))
    run(stage, number=0)
    assert stage.mailing() == WAITING
    run(stage, number=1)
    assert stage.mailing() == WAITING.changed(asleep=Asleep(number=41, until=NOW + HOUR))
    assert CLOSE in [command for command, _ in stage.sent()]


def test_the_sleepers_of_all_pages_of_a_slice_are_counted() -> None:
    stage = on_stage(WAITING, clients=PAGE_CLIENTS + 1)
    run(stage, seconds=4.9)
    [half] = stage.mailings.slices(MAILING_ID)
    assert half.asleep == Asleep(number=PAGE_CLIENTS, until=NOW + HOUR)
    run(stage)
    assert stage.mailing().asleep == Asleep(number=PAGE_CLIENTS + 1, until=NOW + HOUR)


@pytest.mark.parametrize(
    "fields",
    [{"revisions": 1}, {"asleep": Asleep(number=1, until=NOW + 2 * HOUR)}],
    ids=["revised", "counted by a pass"],
)
def test_what_others_know_better_is_left_as_it_is(fields: dict[str, object]) -> None:
    mailing = WAITING.model_copy(update=fields)
    stage = two_slices(mailing)
    run(stage, number=0)
    run(stage, number=1)
    assert stage.mailing() == mailing


def test_where_nobody_sleeps_the_mailing_is_not_written() -> None:
    stage = two_slices(running(slices=2))
    run(stage, number=0)
    run(stage, number=1)
    assert stage.mailing() == running(slices=2)


def test_a_mailing_that_vanished_is_told_nothing() -> None:
    stage = on_stage(WAITING)
    stage.mailings = before(stage.mailings, "slices", stage.mailings.by_id.clear)
    run(stage)
    assert not stage.mailings.by_id


def test_another_writer_at_the_same_moment_is_no_loss() -> None:
    stage = on_stage(WAITING)
    change = once(lambda: stage.change_mailing(text="Better words"))
    stage.mailings = before(stage.mailings, "replace", change)
    run(stage)
    assert stage.mailing().asleep == Asleep(number=2, until=NOW + HOUR)
    assert stage.mailing().text == "Better words"
