"""What a digest tells of a day, and how much it looks at."""

from datetime import timedelta

import pytest

from carillon.models.conduct import Conduct
from carillon.models.digest import Moves
from carillon.models.mailing import MailingStatus
from carillon.models.statistics import Counts, ErrorCount
from carillon.policy.days import day_of
from carillon.policy.digest import SHOWN_MAX, Digest
from carillon.usecases import digesting
from tests.fakes.system import SOME_MOMENT
from tests.unit.usecases.digest_stage import DAY, HOUR, THEN, YESTERDAY, DigestStage


@pytest.fixture
def stage() -> DigestStage:
    return DigestStage()


def digest(stage: DigestStage) -> Digest:
    return stage.digesting.digest(day_of(YESTERDAY, stage.letterhead.timezone))


def test_a_quiet_day(stage: DigestStage) -> None:
    told = digest(stage)
    assert (told.moves, told.worked_total, told.worked) == (Moves(), 0, [])
    assert (told.running_total, told.coming_total, told.not_counted) == (0, 0, 0)
    assert told.all_seen
    assert told.errors == []
    assert told.gateway is not None
    assert told.gateway.health == "idle"


def test_what_moved_that_day_stands_beside_the_totals(stage: DigestStage) -> None:
    mailing = stage.mailing(
        status=MailingStatus.RUNNING, starts_at=THEN - DAY, ends_at=SOME_MOMENT + DAY
    )
    stage.moved(mailing, THEN - DAY, sent=5)
    stage.moved(mailing, THEN, sent=3, failed=1, retried=2)
    stage.moved(mailing, SOME_MOMENT, sent=7)
    told = digest(stage)
    assert told.moves == Moves(sent=3, failed=1, retried=2)
    [worked] = told.worked
    assert worked.moves == told.moves
    assert worked.counts == Counts(total=16, sent=15, failed=1)
    assert [each.id for each, _ in told.running] == [mailing]


def test_a_day_is_one_of_the_digests_own_zone() -> None:
    stage = DigestStage("Asia/Vladivostok")  # its 20th is over at 14:00 UTC
    mailing = stage.mailing(starts_at=THEN, ends_at=THEN + 12 * HOUR, updated_at=THEN + 12 * HOUR)
    stage.moved(mailing, THEN + 4 * HOUR - timedelta(minutes=1), sent=1)
    stage.moved(mailing, THEN + 4 * HOUR, sent=10)
    stage.moved(mailing, THEN - 20 * HOUR, sent=100)
    stage.moved(mailing, THEN - 20 * HOUR - timedelta(minutes=1), sent=1000)
    assert digest(stage).moves == Moves(sent=101)


def test_of_several_those_with_the_most_messages_come_first(stage: DigestStage) -> None:
    for number in (1, 2, 3):
        stage.moved(stage.mailing(number), sent=number)
    assert [each.moves.sent for each in digest(stage).worked] == [3, 2, 1]


def test_one_that_did_nothing_is_told_only_if_it_ended(stage: DigestStage) -> None:
    stage.mailing(1)  # finished that day, without anybody to write to
    stage.mailing(2, status=MailingStatus.CANCELLED, starts_at=SOME_MOMENT + DAY)
    stage.mailing(3, status=MailingStatus.PAUSED, ends_at=SOME_MOMENT + DAY)
    stage.mailing(4, updated_at=SOME_MOMENT)  # ended today
    stage.mailing(5, starts_at=THEN - 3 * DAY, ends_at=THEN - 2 * DAY, updated_at=THEN - 2 * DAY)
    told = digest(stage)
    assert sorted(each.mailing.id for each in told.worked) == ["m0000001", "m0000002"]
    assert told.worked_total == 2


def test_messages_settled_after_the_end_belong_to_the_day(stage: DigestStage) -> None:
    ended = THEN - 11 * HOUR  # at eleven in the evening before
    mailing = stage.mailing(starts_at=ended - HOUR, ends_at=ended, updated_at=THEN)
    stage.moved(mailing, THEN, expired=4)
    assert digest(stage).moves == Moves(expired=4)


def test_errors_of_all_that_worked_are_added_up(stage: DigestStage) -> None:
    for number in (1, 2):
        mailing = stage.mailing(number)
        stage.moved(mailing, failed=2)
        stage.failing(mailing, HTTP_400=2, timeout=number)
    stage.failing(stage.mailing(3, ends_at=THEN - DAY, updated_at=THEN - DAY), HTTP_500=9)
    assert digest(stage).errors == [
        ErrorCount(error="HTTP 400", messages=4),
        ErrorCount(error="timeout", messages=3),
    ]


def test_what_is_coming_up(stage: DigestStage) -> None:
    scheduled = {"status": MailingStatus.SCHEDULED, "updated_at": THEN}
    for number, days in ((1, 6), (2, 1), (3, 8)):
        starts_at = SOME_MOMENT + days * DAY
        stage.mailing(number, starts_at=starts_at, ends_at=starts_at + HOUR, **scheduled)
    for number, status, hours in ((4, MailingStatus.PAUSED, 9), (5, MailingStatus.RUNNING, 3)):
        stage.mailing(number, status=status, ends_at=SOME_MOMENT + hours * HOUR)
    told = digest(stage)
    assert [each.id for each in told.coming] == ["m0000002", "m0000001"]
    assert [each.id for each, _ in told.running] == ["m0000005", "m0000004"]


def test_of_many_all_are_counted_and_some_shown(stage: DigestStage) -> None:
    many = SHOWN_MAX + 7
    for number in range(many):
        stage.moved(stage.mailing(number), sent=1)
    told = digest(stage)
    assert told.moves.sent == told.worked_total == many
    assert len(told.worked) == SHOWN_MAX


def test_of_far_too_many_the_newest_are_counted(stage: DigestStage) -> None:
    for number in range(digesting.COUNTED_MAX + 5):
        created_at = THEN - HOUR + timedelta(seconds=number)
        stage.moved(stage.mailing(number, created_at=created_at), sent=1)
    told = digest(stage)
    assert (told.moves.sent, told.not_counted) == (digesting.COUNTED_MAX, 5)
    assert told.all_seen


def test_a_bounded_number_is_looked_at(stage: DigestStage) -> None:
    for number in range(digesting.MAILINGS_MAX + 1):
        stage.mailing(number, ends_at=THEN - DAY, updated_at=THEN - DAY)
    assert not digest(stage).all_seen


def test_the_gateways_last_hour(stage: DigestStage) -> None:
    for ago in (1, 2):
        stage.journal.note(SOME_MOMENT - timedelta(minutes=ago), Conduct(accepted=8, retried=2))
    gateway = digest(stage).gateway
    assert gateway is not None
    assert (gateway.health, gateway.calls, gateway.retried) == ("troubled", 20, 4)


def test_queues_that_do_not_answer_hold_no_digest_back(stage: DigestStage) -> None:
    stage.gauge.lengths = None
    told = digest(stage)
    assert (told.queues, told.dead_letters) == (None, 0)
