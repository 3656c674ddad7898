"""How a mailing ends: marked, settled, verified, finished."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.commands import Close, Command
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import MessageStatus, Reason, partition_number
from carillon.usecases.passes import PAGE_MESSAGES
from tests.fakes.samples import a_mailing, a_message, a_slice
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
    once,
    outage,
    running,
    with_messages,
)

COMMAND = Close(mailing_id=MAILING_ID)
ENDED = running(ends_at=NOW)
CANCELLED = running(status=MailingStatus.CANCELLED, due_at=NOW)
FINISHED = MailingStatus.FINISHED


def on_stage(mailing: Mailing, messages: int = 1, **fields: Any) -> Stage:
    stage = Stage()
    stage.put(mailing, done_slice())
    with_messages(stage, messages, **fields)
    return stage


def close(stage: Stage, command: Close = COMMAND, seconds: float = 900) -> None:
    stage.fanout.closing.close(command, stage.budget(seconds))


def settle(stage: Stage, seconds: float = 900) -> None:
    """A hint, and then who holds the mailing."""
    close(stage)
    stage.go_on(seconds)


def again(stage: Stage, after: timedelta = 2 * SECOND) -> list[tuple[Command, datetime]]:
    """Only who holds the mailing comes again."""
    return [(Close(mailing_id=MAILING_ID, number=stage.mailing().holder), NOW + after)]


# Settling: the end was reached, or the mailing was cancelled.


def test_the_mailing_is_marked_before_anything_is_settled() -> None:
    stage = on_stage(ENDED)
    close(stage)
    assert stage.mailing() == ENDED.changed(closing=True, holder=2, due_at=NOW + 5 * MINUTE)
    assert stage.message() == a_message()
    assert stage.sent() == again(stage, after=0 * SECOND)


@pytest.mark.parametrize("mailing", [ENDED, running(status=MailingStatus.PAUSED, ends_at=NOW)])
def test_at_the_end_what_was_never_tried_expires(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    settle(stage)
    settled = stage.message()
    assert (settled.status, settled.reason) == (MessageStatus.EXPIRED, Reason.ENDED)
    assert (settled.updated_at, settled.expires_at) == (NOW, KEPT_UNTIL)
    assert settled.token != a_message().token


def test_a_cancelled_mailings_messages_are_cancelled() -> None:
    stage = on_stage(CANCELLED)
    settle(stage)
    settled = stage.message()
    assert (settled.status, settled.reason) == (MessageStatus.CANCELLED, Reason.MAILING_CANCELLED)


@pytest.mark.parametrize(
    ("mailing", "refused", "status"),
    [
        (ENDED, 1, MessageStatus.UNKNOWN),
        (ENDED, 2, MessageStatus.EXPIRED),
        (CANCELLED, 1, MessageStatus.UNKNOWN),
        (CANCELLED, 2, MessageStatus.CANCELLED),
    ],
)
def test_what_may_have_been_accepted_ends_as_unknown(
    mailing: Mailing, refused: int, status: MessageStatus
) -> None:
    stage = on_stage(mailing, attempts=2, refused=refused, claim_until=NOW)
    settle(stage)
    assert stage.message().status is status
    assert stage.message().claim_until is None


@pytest.mark.parametrize(
    ("attempts", "status"), [(0, MessageStatus.CANCELLED), (1, MessageStatus.UNKNOWN)]
)
def test_a_deleted_clients_message_says_so(attempts: int, status: MessageStatus) -> None:
    stage = on_stage(ENDED, attempts=attempts)
    stage.clients.by_id.clear()
    settle(stage)
    settled = stage.message()
    assert (settled.status, settled.reason) == (status, Reason.CLIENT_DELETED)


def test_a_client_not_to_be_seen_yet_is_no_deleted_one() -> None:
    stage = on_stage(ENDED)
    stage.let_clients_lag()
    settle(stage)
    assert stage.message().reason is Reason.ENDED


def test_what_is_final_stays_as_it_is() -> None:
    stage = on_stage(ENDED, messages=0)
    final = [
        a_message(n, status=status)
        for n, status in enumerate(MessageStatus)
        if status is not MessageStatus.PENDING
    ]
    stage.put(*final)
    settle(stage)
    assert list(stage.messages.by_key.values()) == final


def test_a_pass_that_settled_something_is_followed_by_one_that_verifies() -> None:
    stage = on_stage(ENDED)
    settle(stage)
    assert stage.mailing().status is MailingStatus.RUNNING
    assert stage.sent() == again(stage)
    stage.clock.advance(2)
    stage.go_on()
    ended = stage.mailing()
    assert (ended.status, ended.closing, ended.due_at) == (FINISHED, False, None)
    assert ended.updated_at == NOW + 2 * SECOND
    assert not stage.sent()


def test_a_cancelled_mailing_stays_cancelled_and_is_settled_for_good() -> None:
    stage = on_stage(CANCELLED, messages=0)
    settle(stage)
    assert stage.mailing() == CANCELLED.changed().changed(closing=False, due_at=None)


@pytest.mark.parametrize("status", [MailingStatus.SCHEDULED, MailingStatus.CANCELLED])
def test_a_mailing_that_never_started_has_no_slices_to_wait_for(status: MailingStatus) -> None:
    stage = Stage()
    stage.put(a_mailing(status=status, starts_at=NOW - HOUR, ends_at=NOW))
    settle(stage)
    assert stage.mailing().due_at is None
    expected = FINISHED if status is MailingStatus.SCHEDULED else status
    assert stage.mailing().status is expected


def test_a_live_claim_is_left_alone_and_waited_for() -> None:
    stage = on_stage(ENDED, attempts=1, token="t1", claim_until=NOW + 7.5 * SECOND)
    claimed = stage.message()
    settle(stage)
    assert stage.message() == claimed
    assert stage.sent() == again(stage, after=8 * SECOND)
    stage.clock.advance(8)
    stage.go_on()
    assert stage.message().status is MessageStatus.UNKNOWN


def test_the_longest_of_several_claims_is_waited_for_but_no_other_message() -> None:
    stage = on_stage(ENDED, messages=3)
    stage.change_message(1, attempts=1, claim_until=NOW + 9 * SECOND)
    stage.change_message(2, attempts=1, claim_until=NOW + 4 * SECOND)
    settle(stage)
    assert stage.message(3).status is MessageStatus.EXPIRED
    assert stage.sent() == again(stage, after=9 * SECOND)


def test_a_mailing_is_not_finished_while_slices_run() -> None:
    stage = on_stage(ENDED, messages=0)
    stage.put(a_slice(1, total=2))
    settle(stage)
    assert stage.mailing().due_at is not None
    assert stage.sent() == again(stage)


def test_slices_that_end_within_the_pass_make_it_no_verification() -> None:
    stage = on_stage(ENDED, messages=0)
    stage.put(a_slice())
    stage.messages = before(stage.messages, "page", lambda: stage.put(done_slice()))
    settle(stage)
    assert stage.mailing().status is MailingStatus.RUNNING
    assert stage.sent() == again(stage)


def test_what_was_sent_meanwhile_stays_sent() -> None:
    stage = on_stage(ENDED)
    sent = once(lambda: stage.change_message(status=MessageStatus.SENT))
    stage.messages = before(stage.messages, "swap", sent)
    settle(stage)
    assert stage.message().status is MessageStatus.SENT
    assert stage.sent() == again(stage)


def test_an_edit_while_it_is_marked_is_a_race_to_run_again() -> None:
    stage = on_stage(ENDED)
    extend = once(lambda: stage.change_mailing(ends_at=NOW + HOUR))
    stage.mailings = before(stage.mailings, "replace", extend)
    with pytest.raises(LostRace):
        close(stage)
    assert stage.message() == a_message()
    assert not stage.sent()


def test_a_long_pass_goes_on_with_what_it_found_so_far() -> None:
    stage = on_stage(ENDED, messages=PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    settle(stage, seconds=4.9)
    [(rest, at)] = stage.sent()
    assert isinstance(rest, Close)
    assert (rest.clean, rest.number, at) == (True, stage.mailing().holder, NOW)
    assert rest.cursor is not None
    close(stage, rest, seconds=4.9)
    assert stage.mailing().status is FINISHED


def test_a_pass_that_began_unclean_verifies_nothing() -> None:
    stage = on_stage(ENDED, messages=PAGE_MESSAGES + 1)
    settle(stage, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, Close)
    assert rest.clean is False
    stage.put(*(a_message(n, status=MessageStatus.SENT) for n in range(1, PAGE_MESSAGES + 2)))
    close(stage, rest)
    assert stage.mailing().status is MailingStatus.RUNNING
    assert stage.sent()[1:] == again(stage)


def test_a_pass_with_time_enough_settles_page_after_page() -> None:
    stage = on_stage(ENDED, messages=PAGE_MESSAGES + 1)
    settle(stage, seconds=5)
    statuses = {each.status for each in stage.messages.by_key.values()}
    assert statuses == {MessageStatus.EXPIRED}
    assert stage.sent() == again(stage)


# Of several hints one is followed.


def held(stage: Stage) -> Close:
    """Somebody holds the mailing; the command of whoever does."""
    close(stage)
    [(command, _)] = stage.sent()
    assert isinstance(command, Close)
    stage.commands.queued.clear()
    return command


@pytest.mark.parametrize("mailing", [ENDED, CANCELLED])
def test_who_comes_while_the_mailing_is_held_goes_away(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    held(stage)
    found = stage.mailing()
    stage.clock.set(NOW + 5 * MINUTE - SECOND)
    close(stage)
    assert stage.mailing() == found
    assert not stage.sent()


def test_a_cancelled_mailing_is_held_even_if_it_is_due_only_by_another_clock() -> None:
    """The API's may be ahead of ours."""
    stage = on_stage(CANCELLED.changed(due_at=NOW + 3 * SECOND))
    settle(stage)
    assert stage.message().status is MessageStatus.CANCELLED


def test_a_lease_that_is_over_is_taken_over_and_who_had_it_stays_away() -> None:
    stage = on_stage(ENDED)
    lost = held(stage)
    stage.clock.set(NOW + 5 * MINUTE)
    found = held(stage)
    assert found.number == stage.mailing().holder != lost.number
    close(stage, lost)
    assert stage.message() == a_message()
    assert not stage.sent()
    close(stage, found)
    assert stage.message().status is MessageStatus.EXPIRED


def test_whoever_settles_keeps_it_from_pass_to_pass() -> None:
    stage = on_stage(ENDED, attempts=1, claim_until=NOW + 9 * SECOND)
    settle(stage)
    assert stage.mailing().due_at == NOW + 9 * SECOND + 5 * MINUTE
    stage.clock.set(NOW + 5 * MINUTE)
    close(stage)
    assert stage.sent() == again(stage, after=9 * SECOND), "a hint that comes meanwhile goes away"


@pytest.mark.parametrize("seconds", [900, 4.9], ids=["pass", "page"])
def test_a_command_that_comes_again_after_the_next_one_was_sent_does_nothing(
    seconds: float,
) -> None:
    stage = on_stage(ENDED, messages=PAGE_MESSAGES + 1)
    command = held(stage)
    close(stage, command, seconds)
    found, messages, sent = stage.mailing(), dict(stage.messages.by_key), stage.sent()
    close(stage, command, seconds)
    assert (stage.mailing(), stage.messages.by_key, stage.sent()) == (found, messages, sent)


@pytest.mark.parametrize("crash", ["page", "swap"])
def test_a_command_that_failed_half_way_works_when_it_comes_again(crash: str) -> None:
    stage = on_stage(ENDED)
    command = held(stage)
    real, stage.messages = stage.messages, after(stage.messages, crash, outage)
    with pytest.raises(Unavailable):
        close(stage, command)
    stage.messages = real
    close(stage, command)
    stage.work_for(3)
    assert stage.message().status is MessageStatus.EXPIRED
    assert stage.mailing().status is FINISHED


def test_when_the_next_command_could_not_be_sent_the_end_of_the_lease_goes_on() -> None:
    stage = on_stage(ENDED)
    command = held(stage)
    real, stage.commands = stage.commands, before(stage.commands, "send", outage)
    with pytest.raises(Unavailable):
        close(stage, command)
    stage.commands = real
    close(stage, command)
    assert not stage.sent()
    stage.clock.set(NOW + 2 * SECOND + 5 * MINUTE)
    settle(stage)
    assert stage.mailing().status is FINISHED


def test_of_two_at_once_with_the_same_number_one_goes_on() -> None:
    stage = on_stage(ENDED, messages=2)
    command = held(stage)

    def overtake() -> None:
        stage.clock.advance(1)
        close(stage, command)

    stage.messages = before(stage.messages, "swap", once(overtake))
    stage.fanout.work(command, stage.budget())
    assert stage.sent() == again(stage, after=3 * SECOND)


def test_commands_that_all_come_twice_do_not_multiply() -> None:
    stage = on_stage(ENDED, messages=3, attempts=1, claim_until=NOW + 20 * SECOND)
    stage.commands.send([COMMAND] * 5)
    assert stage.work_for(1, times=2) == 5
    assert stage.work_for(19, times=2) == 1
    assert stage.work_for(10, times=2) == 1
    assert stage.mailing().status is FINISHED
    assert not stage.sent()


def test_a_mailing_that_is_held_no_more_can_be_held_anew() -> None:
    """It was finished before its end and is to be sent again; then it ends."""
    stage = on_stage(ENDED, messages=0)
    settle(stage)
    assert stage.mailing().holder is None
    stage.change_mailing(status=MailingStatus.RUNNING, due_at=NOW)
    with_messages(stage, 1)
    settle(stage)
    assert stage.message().status is MessageStatus.EXPIRED


# Verifying: before the end, when all seems settled.


@pytest.mark.parametrize("status", [MailingStatus.RUNNING, MailingStatus.PAUSED])
def test_a_mailing_whose_messages_are_all_settled_is_finished_early(status: MailingStatus) -> None:
    stage = on_stage(running(status=status), status=MessageStatus.SENT)
    stage.clock.advance(60)
    close(stage, seconds=4.9)
    assert stage.mailing() == running(status=status).changed(
        status=FINISHED, due_at=None, updated_at=NOW + MINUTE
    )
    assert not stage.sent()


def _still_pending(stage: Stage) -> None:
    with_messages(stage, 1)


def _still_slicing(stage: Stage) -> None:
    stage.put(a_slice(1, total=2))


@pytest.mark.parametrize("unfinished", [_still_pending, _still_slicing])
def test_otherwise_it_is_left_running(unfinished: Callable[[Stage], None]) -> None:
    stage = on_stage(running(), messages=2, status=MessageStatus.SENT)
    unfinished(stage)
    close(stage)
    assert stage.mailing() == running()
    assert not stage.sent()


def test_a_long_verification_goes_on_in_a_new_invocation() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    close(stage, seconds=4.9)
    assert stage.mailing() == running()
    [(rest, at)] = stage.sent()
    assert isinstance(rest, Close)
    assert at == NOW
    close(stage, rest, seconds=4.9)
    assert stage.mailing().status is FINISHED


def test_a_verification_with_time_enough_needs_one_invocation() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    close(stage, seconds=5)
    assert stage.mailing().status is FINISHED
    assert not stage.sent()


def _place(client_id: str) -> tuple[int, str]:
    """Messages are walked partition by partition."""
    return partition_number(client_id), client_id


def test_a_verification_looks_at_every_page() -> None:
    stage = on_stage(running(), messages=PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    last = max(stage.messages.by_key.values(), key=lambda each: _place(each.client_id))
    stage.put(last.model_copy(update={"status": MessageStatus.PENDING}))
    close(stage)
    assert stage.mailing() == running()


def test_a_mailing_edited_within_the_verification_is_not_finished_by_it() -> None:
    stage = on_stage(running(), status=MessageStatus.SENT)
    edit = once(lambda: stage.change_mailing(ends_at=NOW + timedelta(days=1)))
    stage.mailings = before(stage.mailings, "replace", edit)
    with pytest.raises(LostRace):
        close(stage)
    assert stage.mailing().status is MailingStatus.RUNNING


# Messages may be reopened: by an edit, or to be sent again.


def test_a_mailing_that_is_to_be_revised_is_not_finished() -> None:
    mailing = running(revising=7, resending=(MessageStatus.FAILED,), resends=1)
    stage = on_stage(mailing, status=MessageStatus.FAILED)
    close(stage)
    assert stage.mailing() == mailing
    assert not stage.sent(), "the revision asks again"


@pytest.mark.parametrize(
    ("leases", "verified"),
    [((NOW + SECOND, NOW), False), ((NOW, NOW), True), ((), True)],
    ids=["one is live", "over", "none"],
)
def test_while_messages_may_be_reopened_a_clean_pass_verifies_nothing(
    leases: tuple[datetime, ...], verified: bool
) -> None:
    ending = CANCELLED.changed(revising=7, revision_leases=leases)
    stage = on_stage(ending, status=MessageStatus.SENT)
    settle(stage)
    assert stage.sent() == ([] if verified else again(stage))
    assert (stage.mailing().due_at is None) == verified
    assert stage.mailing().revision_leases == (() if verified else leases)
    assert stage.mailing().revising == (None if verified else 7)


def test_a_finished_mailing_has_nothing_to_be_sent_again() -> None:
    stage = on_stage(
        running(status=MailingStatus.PAUSED, resending=(MessageStatus.UNKNOWN,), resends=2),
        status=MessageStatus.SENT,
    )
    close(stage)
    closed = stage.mailing()
    assert (closed.status, closed.revising, closed.resending) == (FINISHED, None, ())
    assert closed.resends == 2


def long_verification(stage: Stage) -> Close:
    """The first page was clean, but a message of it is pending since; the command that goes on."""
    close(stage, seconds=4.9)
    [(rest, _)] = stage.sent()
    assert isinstance(rest, Close)
    assert (rest.revisions, rest.number) == (stage.mailing().revisions, None)
    first = min(stage.messages.by_key.values(), key=lambda each: _place(each.client_id))
    stage.put(first.model_copy(update={"status": MessageStatus.PENDING}))
    return rest


def test_a_long_verification_of_what_was_revised_since_starts_anew() -> None:
    stage = on_stage(running(revisions=3), PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    rest = long_verification(stage)
    stage.change_mailing(revisions=4)
    close(stage, rest)
    assert stage.mailing().status is MailingStatus.RUNNING


def test_a_verification_that_its_mailings_end_overtook_is_a_hint() -> None:
    stage = on_stage(running(), PAGE_MESSAGES + 1, status=MessageStatus.SENT)
    rest = long_verification(stage)
    stage.commands.queued.clear()
    stage.clock.advance(3600)
    close(stage, rest)
    stage.go_on()
    assert MessageStatus.PENDING not in {each.status for each in stage.messages.by_key.values()}


# Nothing to close.


@pytest.mark.parametrize(
    "mailing",
    [
        running(status=FINISHED, due_at=None, ends_at=NOW),
        running(status=MailingStatus.CANCELLED, due_at=None),
        running(deleted=True, ends_at=NOW),
        a_mailing(),
    ],
)
def test_what_is_settled_deleted_or_not_begun_is_left_alone(mailing: Mailing) -> None:
    stage = on_stage(mailing)
    close(stage)
    assert stage.mailing() == mailing
    assert stage.message() == a_message()
    assert not stage.sent()


def test_a_purged_mailing_has_nothing_to_close() -> None:
    stage = Stage()
    close(stage)
    assert not stage.sent()
