"""How a change is worked into the messages of a mailing, whatever goes on meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import Close, Revise, Tick
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import Message, MessageStatus, Reason
from carillon.models.wave import Wave
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_message
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    after,
    before,
    done_slice,
    once,
    outage,
    running,
    second,
    with_messages,
)

NUMBER = 7
COMMAND = Revise(mailing_id=MAILING_ID, number=NUMBER)
CLOSE = [(Close(mailing_id=MAILING_ID), NOW)]
FAILED = MessageStatus.FAILED
FROM_TWO = TimeWindow(start="14:00", end="18:00")
"""Opens in an hour in Moscow."""
OPENING = Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)


def to_revise(**fields: Any) -> Mailing:
    return running(**{"rev": NUMBER, "revising": NUMBER, "ends_at": NOW + 2 * HOUR, **fields})


def on_stage(mailing: Mailing, messages: int = 1, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(mailing, done_slice())
    with_messages(stage, messages, **fields)
    return stage


def revise(stage: Stage, command: Revise = COMMAND, seconds: float = 900) -> None:
    stage.fanout.revising.revise(command, stage.budget(seconds))


def half_way(stage: Stage) -> Revise:
    """One page is done; the command that goes on."""
    revise(stage, seconds=4.9)
    [(rest, at)] = stage.sent()
    assert isinstance(rest, Revise)
    assert (rest.number, at) == (NUMBER, NOW)
    assert rest.cursor is not None
    stage.commands.queued.clear()
    return rest


# What becomes of messages.


def test_messages_that_may_be_sent_now_are_due_and_rung_for() -> None:
    stage = on_stage(to_revise(), messages=2, not_before=NOW + HOUR)
    revise(stage)
    assert {stage.message(n).not_before for n in (1, 2)} == {NOW}
    assert sorted(stage.rung()) == [("c0000001", NOW), ("c0000002", NOW)]


def test_messages_that_did_not_change_are_rung_for_too() -> None:
    """The doorbells of a pause were dropped."""
    stage = on_stage(to_revise())
    revise(stage)
    assert stage.message() == a_message()
    assert stage.rung() == [("c0000001", NOW)]


def test_messages_whose_hours_open_later_wait_for_a_wave() -> None:
    stage = on_stage(to_revise(time_window=FROM_TWO))
    revise(stage)
    assert stage.message().not_before == NOW + HOUR
    assert stage.mailings.waves == {OPENING}
    assert not stage.rung()


def test_the_wave_of_a_message_that_waits_already_is_noted_again() -> None:
    """In the pause it may have passed by without anybody to ring for."""
    stage = on_stage(to_revise(time_window=FROM_TWO), not_before=NOW + HOUR)
    revise(stage)
    assert stage.mailings.waves == {OPENING}


def test_messages_whose_hours_open_soon_need_no_wave() -> None:
    stage = on_stage(to_revise(time_window=TimeWindow(start="13:15", end="18:00")))
    revise(stage)
    assert stage.rung() == [("c0000001", NOW + 15 * MINUTE)]
    assert not stage.mailings.waves


def test_a_client_not_to_be_seen_yet_is_revised_by_their_own_hours() -> None:
    stage = on_stage(to_revise(time_window=FROM_TWO))
    stage.let_clients_lag()
    revise(stage)
    assert stage.message().not_before == NOW + HOUR


def test_what_is_asked_for_is_sent_again_and_the_rest_stays() -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=1), messages=0)
    others = [status for status in MessageStatus if status not in (FAILED, MessageStatus.PENDING)]
    final = [a_message(number, status=each) for number, each in enumerate(others, 2)]
    stage.put(*final)
    with_messages(stage, 1, status=FAILED, reason=Reason.REFUSED, expires_at=1)
    revise(stage)
    assert (stage.message().status, stage.message().resends) == (MessageStatus.PENDING, 1)
    assert stage.rung() == [("c0000001", NOW)]
    assert [stage.message(number) for number, _ in enumerate(others, 2)] == final


def test_what_a_deleted_client_waits_for_ends() -> None:
    stage = on_stage(to_revise())
    stage.clients.by_id.clear()
    revise(stage)
    assert stage.message().reason is Reason.CLIENT_DELETED
    assert not stage.rung()


def test_a_message_under_a_live_claim_is_let_be_and_rung_for_after_it() -> None:
    stage = on_stage(to_revise(time_window=FROM_TWO), attempts=1, claim_until=NOW + 9 * SECOND)
    claimed = stage.message()
    revise(stage)
    assert stage.message() == claimed
    assert stage.rung() == [("c0000001", NOW + 9 * SECOND)]
    assert not stage.mailings.waves


# The order of things: what a crash leaves behind.


def test_the_wave_is_noted_before_a_message_is_put_off_to_it() -> None:
    stage = on_stage(to_revise(time_window=FROM_TWO))
    stage.messages = before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    assert stage.mailings.waves == {OPENING}
    assert stage.message() == a_message()


def test_no_doorbell_rings_before_its_message_is_due() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    stage.doorbells = before(stage.doorbells, "ring", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    assert stage.message().not_before == NOW


def test_a_page_that_is_done_twice_moves_each_message_once() -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=1), status=FAILED)
    real, stage.doorbells = stage.doorbells, before(stage.doorbells, "ring", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    stage.change_message(status=FAILED)  # it failed again meanwhile
    failed_again = stage.message()
    stage.doorbells = real
    revise(stage)
    assert stage.message() == failed_again
    assert not stage.rung()


@pytest.mark.parametrize("crash", ["page", "swap"])
def test_the_mark_stays_until_the_pass_is_through(crash: str) -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=1), not_before=NOW + HOUR)
    stage.messages = before(stage.messages, crash, outage)
    with pytest.raises(Unavailable):
        revise(stage)
    assert (stage.mailing().revising, stage.mailing().resending) == (NUMBER, (FAILED,))
    assert not stage.sent()


# The mark and the lease.


def test_at_the_end_the_mark_is_gone_and_somebody_asks_whether_that_was_all() -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=3))
    revise(stage)
    assert stage.mailing() == to_revise(resends=3).changed().changed(revising=None, due_at=NOW)
    assert stage.sent() == CLOSE


@pytest.mark.parametrize(
    ("ends_in", "leased_for"), [(2 * HOUR, 5 * MINUTE), (MINUTE, MINUTE)], ids=str
)
def test_meanwhile_the_tick_leaves_it_alone_but_not_beyond_its_end(
    ends_in: timedelta, leased_for: timedelta
) -> None:
    stage = on_stage(to_revise(ends_at=NOW + ends_in))
    stage.messages = before(stage.messages, "page", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    assert stage.mailing().due_at == NOW + leased_for
    assert stage.mailing().revision_leases == (NOW + 5 * MINUTE,), "no invocation lasts as long"


def test_a_long_pass_keeps_its_mark_and_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1, not_before=NOW + HOUR)
    rest = half_way(stage)
    assert len(stage.rung()) == PAGE_MESSAGES
    assert stage.mailing().revising == NUMBER
    revise(stage, rest, seconds=4.9)
    assert len(set(stage.rung())) == len(stage.rung()) == PAGE_MESSAGES + 1
    assert stage.mailing().revising is None
    assert stage.sent() == CLOSE


def test_a_pass_with_time_enough_goes_through_all_pages() -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1, not_before=NOW + HOUR)
    revise(stage, seconds=5)
    assert {each.not_before for each in stage.messages.by_key.values()} == {NOW}
    assert stage.sent() == CLOSE


# Superseded.

OVERTAKEN = [
    to_revise(revising=9),
    to_revise(revising=None),
    to_revise(status=MailingStatus.PAUSED),
    to_revise(status=MailingStatus.CANCELLED),
    to_revise(status=MailingStatus.FINISHED, due_at=None),
    to_revise(ends_at=NOW),
    to_revise(closing=True),
    to_revise(deleted=True),
]


@pytest.mark.parametrize("mailing", OVERTAKEN)
def test_a_pass_that_nobody_asks_for_any_more_moves_nothing(mailing: Mailing) -> None:
    stage = on_stage(mailing, not_before=NOW + HOUR)
    before_it = stage.message()
    revise(stage)
    assert stage.message() == before_it
    assert not stage.rung()
    assert not stage.sent()


def test_a_pass_over_a_purged_mailing_vanishes() -> None:
    stage = Stage()
    revise(stage)
    assert not stage.sent()


def test_a_later_change_ends_a_long_pass_between_two_invocations() -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1, not_before=NOW + HOUR)
    rest = half_way(stage)
    stage.change_mailing(time_window=FROM_TWO, revising=9, version=2)
    revise(stage, rest)
    assert stage.mailing().revising == 9
    assert not stage.sent()


def test_a_later_change_within_the_pass_keeps_its_own_mark() -> None:
    stage = on_stage(to_revise())
    edit = once(lambda: stage.change_mailing(revising=9, version=2))
    stage.doorbells = after(stage.doorbells, "ring", edit)
    revise(stage)
    assert (stage.mailing().revising, stage.mailing().revision_leases) == (9, ())
    assert not stage.sent()


def test_a_later_change_at_the_very_end_of_the_pass_keeps_its_own_mark() -> None:
    stage = on_stage(to_revise())
    later = once(lambda: stage.change_mailing(revising=9, version=2))
    stage.mailings = before(stage.mailings, "replace", second(later))
    revise(stage)
    assert (stage.mailing().revising, stage.mailing().revision_leases) == (9, ())


@pytest.mark.parametrize(
    "fields",
    [{"status": MailingStatus.PAUSED}, {"status": MailingStatus.CANCELLED}, {"revising": 9}],
)
def test_what_needs_no_revision_any_more_gets_no_further_page(fields: dict[str, Any]) -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1, not_before=NOW + HOUR)
    change = once(lambda: stage.change_mailing(version=2, **fields))
    stage.doorbells = after(stage.doorbells, "ring", change)
    revise(stage)
    assert len(stage.rung()) == PAGE_MESSAGES
    assert stage.mailing().revision_leases == ()
    assert not stage.sent()


def test_between_two_invocations_the_lease_is_given_back() -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1)
    rest = half_way(stage)
    assert (stage.mailing().revising, stage.mailing().revision_leases) == (NUMBER, ())
    assert stage.mailing().due_at == NOW + 5 * MINUTE, "the tick still leaves it alone"
    stage.messages = before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        revise(stage, rest)
    assert stage.mailing().revision_leases == (NOW + 5 * MINUTE,)


def test_a_mailing_that_ends_between_two_invocations_need_not_wait_for_the_lease() -> None:
    stage = on_stage(to_revise(), messages=PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    rest = half_way(stage)
    stage.change_mailing(status=MailingStatus.CANCELLED, version=2)
    revise(stage, rest)
    stage.commands.send([Close(mailing_id=MAILING_ID)])
    stage.work_for(3)
    assert stage.mailing().due_at is None


# Several work it in at once.


def slow(stage: Stage, meanwhile: Callable[[], None]) -> None:
    """A pass that takes the time of a whole other one before it writes."""
    stage.messages = before(stage.messages, "swap", once(meanwhile))
    stage.fanout.work(COMMAND, stage.budget())


def another_dies(stage: Stage) -> None:
    """A second later another pass takes its lease, and no more is heard of it."""
    stage.clock.advance(1)
    real, stage.messages = stage.messages, before(stage.messages, "page", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    stage.messages = real


def all_sent(stage: Stage) -> None:
    """Another pass goes through, what it rang for is sent, and that seems to be all."""
    stage.clock.advance(1)
    revise(stage)
    assert stage.mailing().revising is None
    stage.change_message(status=MessageStatus.SENT)
    stage.work_for(5)


def test_while_a_slower_pass_may_write_nothing_is_verified() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)

    def meanwhile() -> None:
        all_sent(stage)
        assert stage.mailing().status is MailingStatus.RUNNING
        assert stage.mailing().revision_leases == (NOW + 5 * MINUTE,), "the slower one's"

    slow(stage, meanwhile)
    assert stage.mailing().revision_leases == ()
    stage.work_for(1)
    assert stage.mailing().status is MailingStatus.FINISHED


def test_an_earlier_pass_that_gave_up_meanwhile_is_not_waited_for() -> None:
    """Resumed and edited at once: the pass for the first meets the edit and leaves."""
    earlier = NOW + MINUTE
    stage = on_stage(to_revise(revision_leases=(earlier,)), status=MessageStatus.SENT)

    def give_up() -> None:
        assert stage.mailing().revision_leases == (earlier, NOW + 5 * MINUTE)
        stage.change_mailing(revision_leases=(NOW + 5 * MINUTE,))

    stage.messages = before(stage.messages, "page", once(give_up))
    stage.fanout.work(COMMAND, stage.budget())
    assert stage.mailing().revision_leases == ()
    stage.work_for(1)
    assert stage.mailing().status is MailingStatus.FINISHED


def test_two_passes_for_the_same_change_do_not_stop_each_other() -> None:
    """Each would run again, and stop the other by that."""
    stage = on_stage(to_revise(), not_before=NOW + HOUR)

    stage.messages = before(stage.messages, "page", once(lambda: another_dies(stage)))
    revise(stage)
    assert stage.message().not_before == NOW + SECOND
    assert stage.mailing().revising is None


def test_what_another_pass_wrote_meanwhile_is_not_written_once_more() -> None:
    """Two that give every message a new token would take turns for ever."""
    stage = on_stage(to_revise(revision_leases=(NOW + MINUTE,)))
    stage.messages = before(stage.messages, "swap", once(stage.change_message))
    stage.messages = after(stage.messages, "swap", once(lambda: seen.append(stage.message())))
    seen: list[Message] = []
    revise(stage)
    assert [stage.message()] == seen


def _purged(stage: Stage) -> None:
    stage.mailings.by_id.clear()


def _over(stage: Stage) -> None:
    stage.clock.advance(5 * 60)


def _taken(stage: Stage) -> None:
    stage.change_mailing(revision_leases=(NOW + HOUR,))


@pytest.mark.parametrize("happen", [_purged, _over, _taken])
def test_who_has_no_lease_any_more_writes_nothing(happen: Callable[[Stage], None]) -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    stage.messages = before(stage.messages, "page", once(lambda: happen(stage)))
    with pytest.raises(LostRace):
        revise(stage)
    assert stage.message() == a_message(not_before=NOW + HOUR)
    assert not stage.rung()


def test_of_two_leases_of_the_same_length_one_is_given_back() -> None:
    stage = on_stage(to_revise(revision_leases=(NOW + 5 * MINUTE,)))
    revise(stage)
    assert stage.mailing().revision_leases == (NOW + 5 * MINUTE,)
    assert not stage.sent(), "the other one asks"


def test_a_lease_that_is_over_is_forgotten() -> None:
    stage = on_stage(to_revise(revision_leases=(NOW,)))
    revise(stage)
    assert stage.mailing().revision_leases == ()
    assert stage.sent() == CLOSE


def test_a_slower_pass_for_an_older_change_does_not_write_over_a_later_one() -> None:
    """Also where the later one found nothing to be changed: what it rang for is due now."""
    stage = on_stage(to_revise(time_window=FROM_TWO))

    def meanwhile() -> None:
        stage.change_mailing(time_window=None, revising=9, version=2)
        revise(stage, Revise(mailing_id=MAILING_ID, number=9))
        assert stage.rung() == [("c0000001", NOW)]

    slow(stage, meanwhile)
    assert stage.message().not_before == NOW


def test_a_later_change_is_worked_in_while_a_slower_pass_may_write() -> None:
    stage = on_stage(to_revise(), not_before=NOW + 2 * HOUR)

    def meanwhile() -> None:
        stage.change_mailing(time_window=FROM_TWO, revising=9, version=2)
        revise(stage, Revise(mailing_id=MAILING_ID, number=9))

    slow(stage, meanwhile)
    assert stage.message().not_before == NOW + HOUR


def test_a_pass_slower_than_its_lease_reopens_nothing_in_what_was_finished_meanwhile() -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=1), not_before=NOW + HOUR)

    def meanwhile() -> None:
        stage.clock.advance(6 * 60)
        revise(stage)
        stage.change_message(status=FAILED)
        stage.work_for(5)
        assert stage.mailing().status is MailingStatus.FINISHED

    slow(stage, meanwhile)
    assert stage.message().status is FAILED


def test_who_died_is_waited_for_until_the_lease_is_over_and_the_tick_asks_again() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    real, stage.messages = stage.messages, before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        revise(stage)
    stage.messages = real
    all_sent(stage)
    stage.doorbells.queued.clear()
    for minute in range(1, 8):
        stage.commands.send([Tick()])
        stage.work_for(60)
        if minute < 5:
            assert stage.mailing().status is MailingStatus.RUNNING
    assert stage.mailing().status is MailingStatus.FINISHED


def test_the_faster_pass_does_not_end_the_lease_of_one_that_came_later() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)

    stage.messages = after(stage.messages, "swap", once(lambda: another_dies(stage)))
    revise(stage)
    assert stage.mailing().revision_leases == (NOW + SECOND + 5 * MINUTE,)


@pytest.mark.parametrize("messages", [1, PAGE_MESSAGES + 1], ids=["page", "pages"])
def test_a_pass_that_began_anew_leaves_no_lease_behind(messages: int) -> None:
    """Somebody wrote to the mailing, which the pass takes for another one that took over."""
    stage = on_stage(to_revise(), messages, not_before=NOW + HOUR)

    def meanwhile() -> None:
        stage.change_mailing(recounts=1)
        stage.change_message(last_error="again")
        stage.clock.advance(1)

    slow(stage, meanwhile)
    assert (stage.mailing().revising, stage.mailing().revision_leases) == (None, ())


# The mailing ends while a page is being written.


def settle(stage: Stage) -> None:
    """Work whatever is asked for, as long as it takes."""
    stage.commands.send([Close(mailing_id=MAILING_ID)])
    stage.work_for(30)


@pytest.mark.parametrize("how", ["cancelled", "ended"])
def test_what_was_reopened_as_the_mailing_ended_is_settled(how: str) -> None:
    ends_at = NOW + 10 * SECOND
    stage = on_stage(to_revise(resending=(FAILED,), resends=1, ends_at=ends_at), status=FAILED)

    def ending() -> None:
        if how == "cancelled":
            stage.change_mailing(status=MailingStatus.CANCELLED, version=2)
        else:
            stage.clock.set(ends_at)
        settle(stage)  # as far as it can be, before what was decided is written

    slow(stage, ending)
    settle(stage)
    assert stage.message().status in (MessageStatus.CANCELLED, MessageStatus.EXPIRED)
    assert stage.mailing().due_at is None


# Others write to the messages at the same moment.


def test_a_message_moved_meanwhile_is_looked_at_again() -> None:
    stage = on_stage(to_revise(resending=(FAILED,), resends=1), not_before=NOW + HOUR)
    fail = once(lambda: stage.change_message(status=FAILED))
    stage.messages = before(stage.messages, "swap", fail)
    revise(stage)
    assert (stage.message().status, stage.message().resends) == (MessageStatus.PENDING, 1)


def test_a_message_sent_meanwhile_stays_sent() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    sent = once(lambda: stage.change_message(status=MessageStatus.SENT))
    stage.messages = before(stage.messages, "swap", sent)
    revise(stage)
    assert stage.message().status is MessageStatus.SENT
    assert stage.mailing().revising is None


def test_a_message_claimed_meanwhile_is_rung_for_after_the_claim() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    claim = once(lambda: stage.change_message(attempts=1, claim_until=NOW + 9 * SECOND))
    stage.messages = before(stage.messages, "swap", claim)
    stage.change_message(not_before=NOW - SECOND, attempts=0)
    stage.put(to_revise(time_window=FROM_TWO))
    revise(stage)
    assert stage.message().claim_until == NOW + 9 * SECOND
    assert ("c0000001", NOW + 9 * SECOND) in stage.rung()


def test_a_message_purged_meanwhile_is_gone() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    stage.messages = before(stage.messages, "swap", once(stage.messages.by_key.clear))
    revise(stage)
    assert not stage.messages.by_key


def test_who_always_meets_others_gives_up_and_keeps_the_mark() -> None:
    stage = on_stage(to_revise(), not_before=NOW + HOUR)
    stage.messages = before(
        stage.messages, "swap", lambda: stage.change_message(last_error="again")
    )
    with pytest.raises(LostRace):
        revise(stage)
    assert stage.mailing().revising == NUMBER
