"""Which messages are to be sent, and what becomes of the others."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow
from carillon.models.message import Message, MessageStatus, Reason
from carillon.models.records import Record, Ring
from carillon.models.wave import Wave
from carillon.usecases.deciding import Due
from tests.fakes.samples import a_client, a_mailing, a_message, recipient_of
from tests.unit.usecases.stage import (
    HOUR,
    KEPT_UNTIL,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    Stage,
    before,
    doorbell,
    once,
    outage,
    running,
)


def record(number: int = 1, *, receives: int = 1, fresh: bool = False) -> Ring:
    rung = doorbell(number, fresh_at=NOW if fresh else None)
    return Record(id=f"r{number}", receipt=f"receipt-{number}", receives=receives, body=rung)


def on_stage(mailing: Mailing | None = None, message: Message | None = None) -> Stage:
    stage = Stage()
    stage.put(mailing or running(), message or a_message(), a_client())
    return stage


def quickly(stage: Stage, *records: Ring) -> list[Due]:
    return stage.sender.deciding.quickly(records or [record()])


def for_sure(stage: Stage, *records: Ring) -> list[Due]:
    return stage.sender.deciding.for_sure(records or [record()])


# What is due.


@pytest.mark.parametrize("decide", [quickly, for_sure])
def test_what_is_due_comes_with_all_that_a_call_needs_and_changes_nothing(decide: Any) -> None:
    stage, recipient = on_stage(), recipient_of(a_client())
    assert decide(stage) == [
        Due(record(), running(), recipient, a_message(), begin_by=NOW + 3 * SECOND)
    ]
    assert stage.message() == a_message()


def test_the_time_to_begin_runs_from_when_the_facts_were_asked_for() -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "get_many", lambda: stage.clock.advance(2.5))
    assert [each.begin_by for each in quickly(stage)] == [NOW + 3 * SECOND]
    stage.mailings = before(stage.mailings, "get", lambda: stage.clock.advance(2.5))
    asked_at = stage.clock.now()
    assert [each.begin_by for each in for_sure(stage)] == [asked_at + 3 * SECOND]


def test_a_call_begins_before_the_clients_hours_close() -> None:
    stage = on_stage(running(time_window=TimeWindow(start="09:00", end="13:01")))
    stage.clock.advance(58)
    assert [each.begin_by for each in quickly(stage)] == [NOW + MINUTE]


def test_a_message_just_made_is_due_without_a_read() -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "get_many", outage)
    assert [each.message for each in quickly(stage, record(fresh=True))] == [a_message()]


@pytest.mark.parametrize("again", [record(), record(fresh=True, receives=2)])
def test_any_other_is_read_first(again: Ring) -> None:
    tried = a_message(token="t1", attempts=3, refused=3)
    assert [each.message for each in quickly(on_stage(message=tried), again)] == [tried]


def test_of_a_batch_those_to_be_sent_are_found_in_order() -> None:
    stage = on_stage()
    stage.put(a_message(2, not_before=NOW + MINUTE), a_client(2), a_message(3), a_client(3))
    due = quickly(stage, record(1), record(2), record(3, fresh=True))
    assert [each.message.client_id for each in due] == ["c0000001", "c0000003"]


# The table of decisions, on consistent facts.


@dataclass(frozen=True)
class Case:
    """What is seen, and what is to follow."""

    mailing: Mailing = field(default_factory=running)
    message: Message = field(default_factory=a_message)
    client: bool = True
    retry_unknown: bool = True
    becomes: dict[str, Any] = field(default_factory=dict)
    rung_at: datetime | None = None
    wave: datetime | None = None


FROM_TWO = TimeWindow(start="14:00", end="18:00")
SOON = TimeWindow(start="13:15", end="18:00")
SETTLED = {"claim_until": None, "expires_at": KEPT_UNTIL}

CASES = {
    "deleted": Case(running(deleted=True)),
    "final": Case(message=a_message(status=MessageStatus.SENT)),
    "not begun": Case(a_mailing(starts_at=NOW + MINUTE)),
    "paused": Case(running(status=MailingStatus.PAUSED)),
    "cancelled": Case(running(status=MailingStatus.CANCELLED)),
    "finished": Case(running(status=MailingStatus.FINISHED, due_at=None)),
    "closing": Case(running(closing=True)),
    "at its end": Case(running(ends_at=NOW + SECOND / 2)),
    "claimed": Case(
        message=a_message(token="t1", attempts=1, claim_until=NOW + 7.5 * SECOND),
        rung_at=NOW + 8 * SECOND,
    ),
    "client deleted": Case(
        client=False,
        becomes={"status": MessageStatus.CANCELLED, "reason": Reason.CLIENT_DELETED, **SETTLED},
    ),
    "client deleted, in doubt": Case(
        client=False,
        message=a_message(token="t1", attempts=1, claim_until=NOW),
        becomes={"status": MessageStatus.UNKNOWN, "reason": Reason.CLIENT_DELETED, **SETTLED},
    ),
    "to be tried soon": Case(
        message=a_message(not_before=NOW + 15 * MINUTE), rung_at=NOW + 15 * MINUTE
    ),
    "waiting for its hours": Case(
        running(time_window=FROM_TWO, ends_at=NOW + 2 * HOUR),
        message=a_message(not_before=NOW + HOUR),
    ),
    "hours open soon": Case(running(time_window=SOON), rung_at=NOW + 15 * MINUTE),
    "hours open later": Case(
        running(time_window=FROM_TWO, ends_at=NOW + 2 * HOUR),
        becomes={"not_before": NOW + HOUR},
        wave=NOW + HOUR,
    ),
    "hours open later, claim over": Case(
        running(time_window=FROM_TWO, ends_at=NOW + 2 * HOUR),
        message=a_message(token="t1", attempts=1, claim_until=NOW),
        becomes={"not_before": NOW + HOUR, "claim_until": None},
        wave=NOW + HOUR,
    ),
    "hours never open": Case(
        running(time_window=FROM_TWO),
        becomes={"status": MessageStatus.EXPIRED, "reason": Reason.HOURS_NEVER_OPEN, **SETTLED},
    ),
    "hours never open, in doubt": Case(
        running(time_window=FROM_TWO),
        message=a_message(token="t1", attempts=2, refused=1),
        becomes={"status": MessageStatus.UNKNOWN, "reason": Reason.HOURS_NEVER_OPEN, **SETTLED},
    ),
    "doubt that is retried by nobody": Case(
        message=a_message(token="t1", attempts=1, claim_until=NOW),
        retry_unknown=False,
        becomes={"status": MessageStatus.UNKNOWN, "reason": Reason.NOT_CONFIRMED, **SETTLED},
    ),
}
table = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def staged(case: Case) -> Stage:
    stage = on_stage(case.mailing, case.message)
    stage.retry_unknown = case.retry_unknown
    if not case.client:
        stage.clients.by_id.clear()
    return stage


@table
def test_consistent_facts_decide(case: Case) -> None:
    stage = staged(case)
    assert not for_sure(stage)
    token = stage.message().token
    assert stage.message() == case.message.model_copy(update={**case.becomes, "token": token})
    assert (token != case.message.token) == bool(case.becomes)
    assert stage.rung() == ([("c0000001", case.rung_at)] if case.rung_at else [])
    waves = {Wave(mailing_id=MAILING_ID, opens_at=case.wave)} if case.wave else set()
    assert stage.mailings.waves == waves


@table
def test_recent_facts_neither_settle_nor_put_off_nor_drop(case: Case) -> None:
    stage = staged(case)
    assert not quickly(stage)
    assert stage.message() == case.message
    assert not stage.rung()
    assert not stage.mailings.waves


@pytest.mark.parametrize("missing", ["mailing", "message"])
def test_a_doorbell_of_what_is_gone_is_dropped(missing: str) -> None:
    stage = on_stage()
    if missing == "mailing":
        stage.mailings.by_id.clear()
    else:
        stage.messages.by_key.clear()
    assert not quickly(stage)
    assert not for_sure(stage)
    assert not stage.rung()


# Facts that are out of date.


def test_a_mailing_remembered_as_paused_is_sent_when_it_runs_again() -> None:
    stage = on_stage(running(status=MailingStatus.PAUSED))
    deciding = stage.sender.deciding
    assert not deciding.quickly([record()])
    stage.change_mailing(status=MailingStatus.RUNNING)
    assert not deciding.quickly([record()])
    assert len(deciding.for_sure([record()])) == 1


def test_a_mailing_remembered_as_running_may_be_called_for_no_longer_than_two_seconds() -> None:
    stage = on_stage()
    stage.put(a_client(2), a_message(2), a_client(3), a_message(3))
    deciding = stage.sender.deciding
    assert deciding.quickly([record(1)])
    stage.change_mailing(status=MailingStatus.CANCELLED)
    stage.clock.advance(2)
    assert deciding.quickly([record(2)])
    stage.clock.advance(0.001)
    assert not deciding.quickly([record(3)])


def test_a_client_not_to_be_seen_yet_is_no_deleted_one() -> None:
    stage = on_stage()
    stage.let_clients_lag()
    assert not quickly(stage)
    assert len(for_sure(stage)) == 1


# Others write at the same moment.


@pytest.mark.parametrize("name", ["client deleted", "hours open later"])
def test_what_another_writer_moved_is_looked_at_again_soon(name: str) -> None:
    stage = staged(CASES[name])
    sent = once(lambda: stage.change_message(status=MessageStatus.SENT))
    stage.messages = before(stage.messages, "swap", sent)
    assert not for_sure(stage, record(fresh=True))
    assert stage.message().status is MessageStatus.SENT
    assert [(each.value, each.at) for each in stage.doorbells.queued] == [
        (doorbell(fresh_at=None), NOW + 2 * SECOND)
    ]


def test_the_wave_is_noted_before_the_message_waits_for_it() -> None:
    stage = staged(CASES["hours open later"])
    stage.messages = before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        for_sure(stage)
    assert stage.mailings.waves == {Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)}
    assert stage.message() == a_message()


def test_a_message_that_waits_for_hours_which_were_changed_is_due_by_the_new_ones() -> None:
    """Whoever put it off died before it could see that they were changed meanwhile."""
    stage = on_stage(message=a_message(not_before=NOW + HOUR))
    assert len(for_sure(stage, record(receives=2))) == 1


NEVER_OPENED = a_message(status=MessageStatus.EXPIRED, reason=Reason.HOURS_NEVER_OPEN)


@pytest.mark.parametrize(
    ("mailing", "message", "receives", "revising"),
    [
        (running(), NEVER_OPENED, 2, 1),
        (running(), NEVER_OPENED, 1, None),  # a doorbell more, and nobody died
        (running(time_window=FROM_TWO), NEVER_OPENED, 2, None),
        (running(status=MailingStatus.PAUSED), NEVER_OPENED, 2, None),
        (running(), a_message(status=MessageStatus.SENT), 2, None),
    ],
)
def test_a_message_that_ended_by_hours_which_were_changed_is_revised_if_somebody_died_then(
    mailing: Mailing, message: Message, receives: int, revising: int | None
) -> None:
    stage = on_stage(mailing, message)
    assert not for_sure(stage, record(receives=receives))
    assert stage.mailing().revising == revising


def changed_while(stage: Stage, **fields: Any) -> None:
    """An operator's change takes hold between the sender's look and what it writes."""
    change = once(lambda: stage.change_mailing(version=2, **fields))
    stage.messages = before(stage.messages, "swap", change)


@pytest.mark.parametrize("name", ["hours open later", "hours never open"])
def test_what_was_written_by_hours_that_were_changed_meanwhile_is_revised(name: str) -> None:
    stage = staged(CASES[name])
    changed_while(stage, time_window=None)
    assert not for_sure(stage)
    assert (stage.mailing().revising, stage.mailing().due_at) == (1, NOW)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("hours open later", {"status": MailingStatus.PAUSED}),
        ("hours open later", {"deleted": True}),
        ("client deleted", {"time_window": None}),
    ],
)
def test_what_somebody_else_takes_care_of_is_not_revised(name: str, fields: dict[str, Any]) -> None:
    stage = staged(CASES[name])
    changed_while(stage, **fields)
    assert not for_sure(stage)
    assert stage.mailing().revising is None


def test_hours_that_nobody_changed_are_looked_at_once_for_all() -> None:
    stage = staged(CASES["hours open later"])
    stage.put(a_message(2), a_client(2))
    reads: list[str] = []
    stage.mailings = before(stage.mailings, "get", lambda: reads.append("read"))
    assert not for_sure(stage, record(1), record(2))
    assert len(reads) == 2  # before, and after


def test_a_record_put_off_does_not_claim_any_more_that_its_message_is_fresh() -> None:
    stage = staged(CASES["hours open soon"])
    for_sure(stage, record(fresh=True))
    assert [each.value for each in stage.doorbells.queued] == [doorbell(fresh_at=None)]


def test_for_sure_means_each_of_the_batch() -> None:
    stage = on_stage()
    stage.put(a_message(2), a_message(3), a_client(3))
    due = for_sure(stage, record(1), record(2), record(3))
    assert [each.record.id for each in due] == ["r1", "r3"]
    assert stage.message(2).reason is Reason.CLIENT_DELETED
    assert not stage.rung()


@pytest.mark.parametrize(("waived", "due"), [(0, 0), (1, 1)])
def test_doubt_that_a_person_waived_is_due_again(waived: int, due: int) -> None:
    stage = on_stage(message=a_message(token="t1", attempts=2, refused=1, doubts_waived=waived))
    stage.retry_unknown = False
    assert len(for_sure(stage)) == due


def test_a_message_whose_claim_is_over_is_due_again() -> None:
    over = NOW - timedelta(milliseconds=1)
    stage = on_stage(message=a_message(token="t1", attempts=1, claim_until=over))
    assert len(quickly(stage)) == 1
