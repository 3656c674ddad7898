"""Which messages a sender claims, and what it does about the others."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.errors import Unavailable
from carillon.models.mailing import Mailing, MailingStatus, TimeWindow, Wave
from carillon.models.message import UNTOUCHED, Message, MessageStatus, Reason
from carillon.models.records import Record, Ring
from carillon.usecases.claiming import Claimed
from tests.fakes.samples import a_client, a_mailing, a_message
from tests.unit.usecases.stage import (
    HOUR,
    KEPT_UNTIL,
    MAILING_ID,
    MINUTE,
    NOW,
    SECOND,
    TIMEOUT_S,
    Stage,
    before,
    doorbell,
    once,
    outage,
    running,
)

MARGIN = 10 * SECOND
"""By which a claim outlives its call."""


def record(number: int = 1, *, receives: int = 1, fresh: bool = False) -> Ring:
    rung = doorbell(number, fresh_at=NOW if fresh else None)
    return Record(id=f"r{number}", receipt=f"receipt-{number}", receives=receives, body=rung)


def on_stage(mailing: Mailing | None = None, message: Message | None = None) -> Stage:
    stage = Stage()
    stage.put(mailing or running(), message or a_message(), a_client())
    return stage


def claim_quickly(stage: Stage, *records: Ring) -> list[Claimed]:
    return stage.sender.claiming.claim_quickly(records or [record()])


def decide_for_sure(stage: Stage, *records: Ring) -> list[Claimed]:
    return stage.sender.claiming.decide_for_sure(records or [record()])


# The claim.


@pytest.mark.parametrize("claim", [claim_quickly, decide_for_sure])
def test_a_claim_is_on_record_before_any_call(claim: Any) -> None:
    stage = on_stage()
    [claimed] = claim(stage)
    until = NOW + TIMEOUT_S * SECOND
    assert stage.message() == claimed.message
    assert stage.message() == a_message(
        token=claimed.message.token, attempts=1, claim_until=until + MARGIN
    )
    assert claimed.message.token != UNTOUCHED
    assert claimed == Claimed(record(), running(), a_client(), claimed.message, until)


def test_a_call_is_over_at_the_mailings_end() -> None:
    stage = on_stage(running(ends_at=NOW + 3 * SECOND))
    [claimed] = claim_quickly(stage)
    assert claimed.until == NOW + 3 * SECOND
    assert stage.message().claim_until == NOW + 3 * SECOND + MARGIN


def test_each_claim_has_a_token_of_its_own_and_counts_the_attempt() -> None:
    stage = on_stage()
    [first] = claim_quickly(stage)
    stage.clock.advance(TIMEOUT_S + 10)
    [second] = claim_quickly(stage, record(receives=2))
    assert first.message.token != second.message.token
    assert stage.message().attempts == 2


def test_a_message_just_made_is_claimed_without_a_read() -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "get_many", outage)
    assert len(claim_quickly(stage, record(fresh=True))) == 1
    assert stage.message().attempts == 1


@pytest.mark.parametrize("again", [record(), record(fresh=True, receives=2)])
def test_any_other_is_read_first(again: Ring) -> None:
    stage = on_stage(message=a_message(token="t1", attempts=3, refused=3))
    [claimed] = claim_quickly(stage, again)
    assert claimed.message.attempts == 4


def test_a_message_made_but_claimed_by_another_is_not_ours() -> None:
    stage = on_stage(message=a_message(token="t1", attempts=1, claim_until=NOW + SECOND))
    claimed = stage.message()
    assert not claim_quickly(stage, record(fresh=True))
    assert stage.message() == claimed


def test_of_two_senders_one_gets_the_message() -> None:
    stage = on_stage()
    other: list[Claimed] = []
    rival = Stage(seed=1)
    rival.mailings, rival.messages, rival.clients = stage.mailings, stage.messages, stage.clients
    stage.messages = before(
        stage.messages, "swap", once(lambda: other.extend(claim_quickly(rival)))
    )
    assert not claim_quickly(stage)
    assert [each.message for each in other] == [stage.message()]


def test_of_a_batch_those_to_be_sent_are_claimed() -> None:
    stage = on_stage()
    stage.put(a_message(2, not_before=NOW + MINUTE), a_client(2), a_message(3), a_client(3))
    claimed = claim_quickly(stage, record(1), record(2), record(3, fresh=True))
    assert [each.message.client_id for each in claimed] == ["c0000001", "c0000003"]
    assert stage.message(2).attempts == 0


# The table of decisions, on consistent facts.


@dataclass(frozen=True)
class Case:
    """What is seen, and what is to follow."""

    mailing: Mailing = field(default_factory=running)
    message: Message = field(default_factory=a_message)
    client: bool = True
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
    "to be tried later": Case(message=a_message(not_before=NOW + 15 * MINUTE + SECOND)),
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
}
table = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def staged(case: Case) -> Stage:
    stage = on_stage(case.mailing, case.message)
    if not case.client:
        stage.clients.by_id.clear()
    return stage


@table
def test_consistent_facts_decide(case: Case) -> None:
    stage = staged(case)
    assert not decide_for_sure(stage)
    token = stage.message().token
    assert stage.message() == case.message.model_copy(update={**case.becomes, "token": token})
    assert (token != case.message.token) == bool(case.becomes)
    assert stage.rung() == ([("c0000001", case.rung_at)] if case.rung_at else [])
    waves = {Wave(mailing_id=MAILING_ID, opens_at=case.wave)} if case.wave else set()
    assert stage.mailings.waves == waves


@table
def test_recent_facts_neither_settle_nor_put_off_nor_drop(case: Case) -> None:
    stage = staged(case)
    assert not claim_quickly(stage)
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
    assert not claim_quickly(stage)
    assert not decide_for_sure(stage)
    assert not stage.rung()


# Facts that are out of date.


def test_a_mailing_remembered_as_paused_is_sent_when_it_runs_again() -> None:
    stage = on_stage(running(status=MailingStatus.PAUSED))
    claiming = stage.sender.claiming
    assert not claiming.claim_quickly([record()])
    stage.change_mailing(status=MailingStatus.RUNNING)
    assert not claiming.claim_quickly([record()])
    assert len(claiming.decide_for_sure([record()])) == 1


def test_a_mailing_remembered_as_running_may_be_called_for_no_longer_than_two_seconds() -> None:
    stage = on_stage()
    stage.put(a_client(2), a_message(2), a_client(3), a_message(3))
    claiming = stage.sender.claiming
    assert claiming.claim_quickly([record(1)])
    stage.change_mailing(status=MailingStatus.CANCELLED)
    stage.clock.advance(2)
    assert claiming.claim_quickly([record(2)])
    stage.clock.advance(0.001)
    assert not claiming.claim_quickly([record(3)])


def test_a_client_not_to_be_seen_yet_is_no_deleted_one() -> None:
    stage = on_stage()
    stage.let_clients_lag()
    assert not claim_quickly(stage)
    assert len(decide_for_sure(stage)) == 1


# Others write at the same moment.


def test_a_claim_lost_for_sure_is_looked_at_again_soon() -> None:
    stage = on_stage()
    rival = once(lambda: stage.change_message(attempts=1, claim_until=NOW + MINUTE))
    stage.messages = before(stage.messages, "swap", rival)
    assert not decide_for_sure(stage, record(fresh=True))
    assert [(each.value, each.at) for each in stage.doorbells.queued] == [
        (doorbell(fresh_at=None), NOW + 2 * SECOND)
    ]


@pytest.mark.parametrize("name", ["client deleted", "hours open later"])
def test_what_another_writer_moved_is_looked_at_again_soon(name: str) -> None:
    stage = staged(CASES[name])
    sent = once(lambda: stage.change_message(status=MessageStatus.SENT))
    stage.messages = before(stage.messages, "swap", sent)
    assert not decide_for_sure(stage, record(fresh=True))
    assert stage.message().status is MessageStatus.SENT
    assert [(each.value, each.at) for each in stage.doorbells.queued] == [
        (doorbell(fresh_at=None), NOW + 2 * SECOND)
    ]


def test_the_wave_is_noted_before_the_message_waits_for_it() -> None:
    stage = staged(CASES["hours open later"])
    stage.messages = before(stage.messages, "swap", outage)
    with pytest.raises(Unavailable):
        decide_for_sure(stage)
    assert stage.mailings.waves == {Wave(mailing_id=MAILING_ID, opens_at=NOW + HOUR)}
    assert stage.message() == a_message()


def test_a_record_put_off_does_not_claim_any_more_that_its_message_is_fresh() -> None:
    stage = staged(CASES["hours open soon"])
    decide_for_sure(stage, record(fresh=True))
    assert [each.value for each in stage.doorbells.queued] == [doorbell(fresh_at=None)]


def test_for_sure_means_each_of_the_batch() -> None:
    stage = on_stage()
    stage.put(a_message(2), a_message(3), a_client(3))
    claimed = decide_for_sure(stage, record(1), record(2), record(3))
    assert [each.record.id for each in claimed] == ["r1", "r3"]
    assert stage.message(2).reason is Reason.CLIENT_DELETED
    assert not stage.rung()


def test_a_claim_that_is_over_may_be_claimed_anew() -> None:
    over = NOW - timedelta(milliseconds=1)
    stage = on_stage(message=a_message(token="t1", attempts=1, claim_until=over))
    assert len(claim_quickly(stage)) == 1
