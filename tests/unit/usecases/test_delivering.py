"""A batch of doorbells, from the call to what is written down."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest

from carillon.models.gateway import GatewayCall, GatewayOutcome, Reply
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import SETTLED_AT_BIRTH, MessageStatus, Reason, gateway_id
from carillon.models.records import Record, Ring
from carillon.usecases.delays import COME_AGAIN_S
from carillon.usecases.delivering import REPLACED_RECEIVES
from carillon.usecases.recording import FORCE_ATTEMPTS_MAX
from tests.fakes.gateway import OK
from tests.fakes.samples import a_client, a_message
from tests.unit.usecases.replies import no_reply, reply
from tests.unit.usecases.stage import (
    HOUR,
    KEPT_UNTIL,
    NOW,
    SECOND,
    TIMEOUT_S,
    Stage,
    after,
    before,
    doorbell,
    once,
    outage,
    running,
    with_messages,
)

CLAIM_S = TIMEOUT_S + 10
"""How long a claim holds."""

ENOUGH_S = 2 + TIMEOUT_S + 10
"""To wait for a slot, to call, and to write the answer down."""


def record(number: int = 1, *, receives: int = 1, id: str | None = None) -> Ring:  # noqa: A002
    return Record(
        id=id or f"r{number}",
        receipt=f"receipt-{number}",
        receives=receives,
        body=doorbell(number, fresh_at=NOW),
    )


class OneUnreadable:
    """The mailings, one of which is stored as nothing that we know."""

    def __init__(self, mailings: Any) -> None:
        self._mailings = mailings

    def get(self, mailing_id: str) -> Mailing | None:
        if mailing_id == "m0000002":
            return Mailing.model_validate({"id": mailing_id})
        found: Mailing | None = self._mailings.get(mailing_id)
        return found


def on_stage(messages: int = 1, **mailing: Any) -> Stage:
    stage = Stage()
    stage.put(running(**mailing))
    with_messages(stage, messages)
    return stage


def answering(*answers: GatewayOutcome, **mailing: Any) -> Stage:
    """The first answer is for the first message, and so on."""
    stage = on_stage(len(answers), **mailing)
    by_id = {gateway_id(a_message(n).id): answer for n, answer in enumerate(answers, start=1)}
    stage.calls.script = lambda call: by_id[call.gateway_id]
    return stage


def deliver(stage: Stage, *records: Ring, seconds: float = 60) -> Sequence[str]:
    return stage.sender.deliver(records or [record()], stage.budget(seconds))


def while_called(stage: Stage, happening: Callable[[], None], answer: GatewayOutcome = OK) -> None:
    """This happens while the gateway is being called."""

    def script(_: GatewayCall) -> GatewayOutcome:
        happening()
        return answer

    stage.calls.script = script


# What the gateway is asked, and what its answers do.


def test_the_gateway_gets_phone_and_text_under_the_messages_own_number() -> None:
    stage = on_stage(text="Good morning")
    stage.put(a_client(phone="79160000001"))
    assert deliver(stage) == []
    assert stage.calls.made == [
        GatewayCall(
            gateway_id=gateway_id("m0000001-c0000001"), phone="79160000001", text="Good morning"
        )
    ]


def test_every_attempt_carries_the_same_number() -> None:
    stage = answering(reply(500))
    deliver(stage)
    stage.calls.script = lambda _: OK
    stage.clock.advance(60)
    deliver(stage, record(receives=2))
    first, second = stage.calls.made
    assert first == second
    assert stage.message().status is MessageStatus.SENT


def test_what_the_gateway_took_is_sent() -> None:
    stage = on_stage()
    assert deliver(stage) == []
    sent = stage.message()
    assert (sent.status, sent.sent_at, sent.attempts) == (MessageStatus.SENT, NOW, 1)
    assert (sent.claim_until, sent.expires_at, sent.reason) == (None, KEPT_UNTIL, None)
    assert not stage.rung()


@pytest.mark.parametrize("status", [400, 422])
def test_what_the_gateway_refuses_for_good_has_failed(status: int) -> None:
    stage = answering(reply(status))
    assert deliver(stage) == []
    failed = stage.message()
    assert (failed.status, failed.reason) == (MessageStatus.FAILED, Reason.REFUSED)
    assert (failed.last_error, failed.expires_at) == (f"HTTP {status}", KEPT_UNTIL)
    assert not stage.rung()


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        (reply(200, 7), 0),
        (reply(302), 1),
        (reply(401), 1),
        (reply(404), 1),
        (reply(408), 0),
        (reply(429), 1),
        (reply(500), 0),
        (reply(503), 0),
        (no_reply("timeout", handed_over=True), 0),
        (no_reply("connect", handed_over=False), 1),
    ],
    ids=lambda value: str(getattr(value, "status", getattr(value, "cause", ""))),
)
def test_all_else_is_tried_again(answer: GatewayOutcome, refused: int) -> None:
    stage = answering(answer)
    assert deliver(stage) == []
    waiting = stage.message()
    assert waiting.status is MessageStatus.PENDING
    assert (waiting.attempts, waiting.refused, waiting.claim_until) == (1, refused, None)
    assert waiting.last_error
    assert waiting.expires_at is None
    [rung] = stage.doorbells.queued
    assert rung.value == doorbell(fresh_at=None)
    assert NOW + 5 * SECOND <= waiting.not_before <= rung.at < waiting.not_before + SECOND


def test_the_gateways_own_wish_is_respected() -> None:
    stage = answering(reply(429, retry_after_s=120))
    deliver(stage)
    assert NOW + 120 * SECOND <= stage.message().not_before <= NOW + 150 * SECOND


def test_without_time_for_another_attempt_the_message_is_left_to_its_mailings_end() -> None:
    stage = answering(reply(503), ends_at=NOW + 5 * SECOND)
    assert deliver(stage) == []
    assert stage.message().status is MessageStatus.PENDING
    assert stage.message().not_before == NOW + 5 * SECOND
    assert not stage.rung()


@pytest.mark.parametrize(("status", "refreshed"), [(401, 1), (403, 1), (404, 0), (200, 0)])
def test_a_refused_token_is_read_again(status: int, refreshed: int) -> None:
    stage = answering(reply(status, 0))
    deliver(stage)
    assert stage.token.refreshed == refreshed


def test_each_message_gets_its_own_answer() -> None:
    stage = answering(OK, reply(400), reply(500))
    assert deliver(stage, record(1), record(2), record(3)) == []
    statuses = [stage.message(number).status for number in (1, 2, 3)]
    assert statuses == [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.PENDING]
    assert [client for client, _ in stage.rung()] == ["c0000003"]


def test_two_records_of_one_message_make_one_call() -> None:
    stage = on_stage()
    assert deliver(stage, record(id="r1"), record(id="r2")) == []
    assert len(stage.calls.made) == 1
    assert stage.message().attempts == 1


def test_a_record_that_comes_twice_makes_one_call() -> None:
    stage = on_stage()
    for receives in (1, 2):
        assert deliver(stage, record(receives=receives)) == []
    assert len(stage.calls.made) == 1


def test_what_a_sender_remembers_wrongly_is_still_decided_on_the_truth() -> None:
    stage = on_stage(messages=2, status=MailingStatus.PAUSED)
    sender = stage.sender
    assert sender.deliver([record(1)], stage.budget()) == []
    stage.change_mailing(status=MailingStatus.RUNNING)
    assert sender.deliver([record(2)], stage.budget()) == []
    assert [stage.message(n).status for n in (1, 2)] == [MessageStatus.PENDING, MessageStatus.SENT]


def test_a_message_that_another_claimed_first_is_looked_at_again_soon() -> None:
    stage = on_stage()
    rival = once(lambda: stage.change_message(attempts=1, claim_until=NOW + HOUR))
    stage.messages = before(stage.messages, "swap", rival)
    assert deliver(stage) == []
    assert not stage.calls.made
    assert [(each.value, each.at) for each in stage.doorbells.queued] == [
        (doorbell(fresh_at=None), NOW + 2 * SECOND)
    ]


def test_a_message_settled_at_its_birth_is_not_claimed_by_who_made_it_otherwise() -> None:
    """A page done twice: one pass found the hours closed for good, the other rang for it."""
    stage = on_stage()
    stored = a_message(
        status=MessageStatus.EXPIRED,
        reason=Reason.HOURS_NEVER_OPEN,
        token=SETTLED_AT_BIRTH,
        expires_at=KEPT_UNTIL,
    )
    stage.messages.by_key.clear()
    stage.messages.insert([stored])
    assert deliver(stage) == []
    assert not stage.calls.made
    assert stage.message() == stored


def test_a_message_that_another_claimed_first_keeps_its_record_if_it_cannot_be_rung_for() -> None:
    stage = on_stage(messages=2)
    rival = once(lambda: stage.change_message(1, attempts=1, claim_until=NOW + HOUR))
    stage.messages = before(stage.messages, "swap", rival)
    stage.doorbells = before(stage.doorbells, "ring", once(outage))
    assert deliver(stage, record(1), record(2)) == ["r1"]
    assert stage.message(2).status is MessageStatus.SENT


def test_facts_that_took_too_long_justify_no_call() -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "get_many", lambda: stage.clock.advance(3))
    assert deliver(stage, record(receives=2)) == []
    assert not stage.calls.made
    assert stage.message() == a_message()
    assert stage.rung() == [("c0000001", NOW + 5 * SECOND)]


# A proven success stands, whoever wrote to the message meanwhile.


@pytest.mark.parametrize("status", [each for each in MessageStatus if each != "sent"])
def test_a_proven_success_moves_any_status_to_sent(status: MessageStatus) -> None:
    stage = on_stage()
    while_called(stage, lambda: stage.change_message(status=status, reason=Reason.ENDED))
    assert deliver(stage) == []
    sent = stage.message()
    assert (sent.status, sent.sent_at, sent.reason) == (MessageStatus.SENT, NOW, None)
    assert sent.expires_at == KEPT_UNTIL


def test_a_success_that_another_sender_wrote_down_stays_theirs() -> None:
    stage = on_stage()
    while_called(
        stage, lambda: stage.change_message(status=MessageStatus.SENT, sent_at=NOW - SECOND)
    )
    assert deliver(stage) == []
    assert stage.message().sent_at == NOW - SECOND


def test_a_success_for_a_purged_message_has_nowhere_to_be_written() -> None:
    stage = on_stage()
    while_called(stage, stage.messages.by_key.clear)
    assert deliver(stage) == []
    assert not stage.messages.by_key


def test_a_success_meets_other_writers_until_it_is_written() -> None:
    stage = on_stage()
    rivals = [stage.change_message] * FORCE_ATTEMPTS_MAX

    def rival() -> None:
        if stage.calls.made and rivals:
            rivals.pop()()

    stage.messages = before(stage.messages, "swap", rival)
    assert deliver(stage) == []
    assert not rivals
    assert stage.message().status is MessageStatus.SENT


def test_a_success_that_cannot_be_written_comes_again() -> None:
    stage = on_stage()
    stage.messages = before(
        stage.messages, "swap", lambda: stage.change_message() if stage.calls.made else None
    )
    assert deliver(stage) == ["r1"]
    assert stage.doorbells.deferred == {"receipt-1": 5}


@pytest.mark.parametrize("answer", [reply(400), reply(500)])
def test_a_failure_changes_nothing_that_another_wrote(answer: Reply) -> None:
    stage = on_stage()
    settle = partial(stage.change_message, status=MessageStatus.UNKNOWN, reason=Reason.ENDED)
    while_called(stage, settle, answer)
    deliver(stage)
    assert (stage.message().status, stage.message().reason) == (
        MessageStatus.UNKNOWN,
        Reason.ENDED,
    )


# AWS fails at any step: the record comes again, and no success is lost.


@pytest.mark.parametrize(
    ("port", "method"), [("mailings", "get"), ("clients", "get_many"), ("messages", "swap")]
)
def test_nobody_is_called_while_aws_fails(port: str, method: str) -> None:
    stage = on_stage()
    setattr(stage, port, before(getattr(stage, port), method, outage))
    assert deliver(stage) == ["r1"]
    assert stage.doorbells.deferred == {"receipt-1": 5}
    assert not stage.calls.made
    assert stage.message() == a_message()


def test_a_second_look_that_fails_comes_again_and_leaves_its_neighbours_sent() -> None:
    stage = on_stage(messages=2)
    stage.change_message(2, not_before=NOW + 60 * SECOND)
    stage.messages = before(
        stage.messages, "get_many", lambda: outage() if stage.calls.made else None
    )
    assert deliver(stage, record(1), record(2, receives=2)) == ["r2"]
    assert stage.message(1).status is MessageStatus.SENT


def test_a_claim_whose_answer_is_lost_runs_out_and_counts_as_not_known() -> None:
    stage = on_stage()
    stage.messages = after(stage.messages, "swap", once(outage))
    assert deliver(stage) == ["r1"]
    assert not stage.calls.made
    stage.clock.advance(CLAIM_S)
    assert deliver(stage, record(receives=2)) == []
    assert stage.message().status is MessageStatus.SENT
    assert (stage.message().attempts, len(stage.calls.made)) == (2, 1)


def test_an_answer_that_cannot_be_written_down_comes_again() -> None:
    stage = on_stage()
    lose = once(outage)
    stage.messages = before(stage.messages, "swap", lambda: lose() if stage.calls.made else None)
    assert deliver(stage) == ["r1"]
    assert stage.doorbells.deferred == {"receipt-1": 5}
    stage.clock.advance(CLAIM_S)
    assert stage.message().in_doubt
    assert deliver(stage, record(receives=2)) == []
    assert (stage.message().status, stage.message().attempts) == (MessageStatus.SENT, 2)


def test_a_retry_whose_doorbell_cannot_ring_keeps_its_record() -> None:
    stage = answering(reply(500))
    stage.doorbells = before(stage.doorbells, "ring", outage)
    assert deliver(stage) == ["r1"]
    assert stage.message().attempts == 1
    assert stage.doorbells.deferred == {"receipt-1": 5}


def test_one_answer_that_cannot_be_written_down_leaves_the_others() -> None:
    stage = on_stage(messages=3)
    stage.messages = before(
        stage.messages, "swap", lambda: outage() if len(stage.calls.made) == 2 else None
    )
    assert deliver(stage, record(1), record(2), record(3)) == ["r2"]
    assert [stage.message(n).status for n in (1, 3)] == [MessageStatus.SENT] * 2


def test_all_whose_answers_cannot_be_written_down_come_again() -> None:
    stage = on_stage(messages=3)
    stage.messages = before(
        stage.messages, "swap", lambda: outage() if len(stage.calls.made) > 1 else None
    )
    assert deliver(stage, record(1), record(2), record(3)) == ["r2", "r3"]


def test_a_record_that_cannot_be_deferred_comes_again_by_itself() -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    stage.doorbells = before(stage.doorbells, "defer", outage)
    assert deliver(stage) == ["r1"]


def test_an_outage_of_aws_sends_no_healthy_record_to_the_dead_letters() -> None:
    stage = on_stage()
    stage.mailings = before(stage.mailings, "get", outage)
    waits_s = []
    for receives in range(1, REPLACED_RECEIVES):
        record = Record("r1", "receipt-1", receives, doorbell(1))
        assert stage.sender.deliver([record], stage.budget(60)) == ["r1"]
        waits_s.append(stage.doorbells.deferred["receipt-1"])
    assert waits_s == [5, 10, 20, 40, 80]
    assert not stage.rung()

    record = Record("r1", "receipt-1", REPLACED_RECEIVES, doorbell(1))
    assert stage.sender.deliver([record], stage.budget(60)) == [], "the old record is let go"
    assert stage.rung() == [("c0000001", NOW + 160 * SECOND)]


def test_one_mailing_that_cannot_be_read_does_not_take_the_others_along() -> None:
    stage = on_stage()
    stage.mailings = OneUnreadable(stage.mailings)  # type: ignore[assignment]
    bad = Record("bad", "b", 1, doorbell(1).model_copy(update={"mailing_id": "m0000002"}))
    good = Record("good", "g", 1, doorbell(1))
    assert stage.sender.deliver([bad, good], stage.budget(60)) == ["bad"]
    assert stage.message().status is MessageStatus.SENT


def test_a_batch_is_worked_in_the_order_in_which_it_came() -> None:
    stage = on_stage()
    with_messages(stage, 3)
    records = [Record(f"r{n}", f"{n}", 1, doorbell(n)) for n in (1, 2, 3)]
    phones = [stage.clients.by_id[f"c{n:07d}"].phone for n in (1, 2, 3)]
    stage.sender.deliver(records, stage.budget(60))
    assert [call.phone for call in stage.calls.made] == phones


# Time.


def test_without_time_for_a_call_and_its_record_nothing_is_begun() -> None:
    stage = on_stage()
    assert deliver(stage, seconds=ENOUGH_S - 0.1) == ["r1"]
    assert stage.doorbells.deferred == {"receipt-1": COME_AGAIN_S}
    assert stage.message() == a_message()


def test_just_time_enough_is_used() -> None:
    stage = on_stage()
    assert deliver(stage, seconds=ENOUGH_S) == []
    assert stage.message().status is MessageStatus.SENT


def test_a_call_that_begins_late_is_over_in_time_to_write_its_answer_down() -> None:
    stage = on_stage()
    stage.messages = before(stage.messages, "get_many", lambda: stage.clock.advance(2.5))
    assert deliver(stage, record(receives=2), seconds=ENOUGH_S) == []
    assert [each.until for each in stage.calls.planned] == [NOW + (ENOUGH_S - 10) * SECOND]


def test_a_second_look_needs_time_as_well() -> None:
    stage = on_stage(messages=2)
    stage.change_message(2, claim_until=NOW + SECOND, attempts=1)
    while_called(stage, lambda: stage.clock.advance(5))
    assert deliver(stage, record(1), record(2, receives=2), seconds=ENOUGH_S + 4) == ["r2"]
    assert not stage.rung()


def test_a_claim_whose_call_was_not_begun_is_given_back() -> None:
    stage = on_stage(messages=2)
    while_called(stage, lambda: stage.clock.advance(TIMEOUT_S - 0.4))
    assert deliver(stage, record(1), record(2)) == []
    assert len(stage.calls.made) == 1
    [waiting] = [each for each in map(stage.message, (1, 2)) if each.status != "sent"]
    assert (waiting.status, waiting.attempts) == (MessageStatus.PENDING, 0)
    assert (waiting.claim_until, waiting.in_doubt) == (None, False)
    soon = stage.clock.now() + 5 * SECOND
    assert stage.rung() == [(waiting.client_id, soon)]


# The pace.


def paced(messages: int, parts_per_s: float = 4.0, **mailing: Any) -> Stage:
    stage = on_stage(messages, **mailing)
    stage.parts_per_s = parts_per_s
    return stage


def begin_s(stage: Stage) -> list[float]:
    """When each of the planned calls may begin, in seconds from now."""
    return [(each.not_before - NOW).total_seconds() for each in stage.calls.planned]


def test_without_a_pace_no_table_is_looked_at() -> None:
    stage = answering(OK, reply(429))
    stage.pace = before(stage.pace, "read", outage)
    assert deliver(stage, record(1), record(2)) == []
    assert begin_s(stage) == [0, 0]


def test_each_call_has_its_slot_and_its_whole_time_from_there() -> None:
    stage = paced(3)
    assert deliver(stage, *(record(n) for n in (1, 2, 3))) == []
    assert begin_s(stage) == [0, 0, 0.25]
    assert [each.until - each.not_before for each in stage.calls.planned] == [
        TIMEOUT_S * SECOND
    ] * 3


def test_a_text_of_two_parts_takes_two_slots() -> None:
    stage = paced(3, text="ж" * 71)
    deliver(stage, *(record(n) for n in (1, 2, 3)))
    assert begin_s(stage) == [0, 0.25, 0.75]


def test_who_gets_no_slot_is_neither_claimed_nor_called_and_rung_again() -> None:
    stage = paced(12)
    assert deliver(stage, *(record(n) for n in range(1, 13))) == []
    assert len(stage.calls.made) == 10
    assert [stage.message(n) for n in (11, 12)] == [a_message(11), a_message(12)]
    assert [(each.value, each.at) for each in stage.doorbells.queued] == [
        (doorbell(n, fresh_at=NOW), NOW + 3 * SECOND) for n in (11, 12)
    ]


def test_a_long_backlog_comes_back_over_the_time_that_it_takes() -> None:
    stage = paced(11)
    stage.doorbells.ring([(doorbell(n), 900) for n in range(100, 2100)])
    deliver(stage, *(record(n) for n in range(1, 12)))
    assert NOW + 2 * SECOND < stage.rung()[-1][1] <= NOW + 500 * SECOND


def test_a_call_that_missed_its_slot_is_not_begun_and_given_back() -> None:
    stage = paced(1)
    stage.messages = before(stage.messages, "swap", once(lambda: stage.clock.advance(1)))
    assert deliver(stage) == []
    assert not stage.calls.made
    assert (stage.message().attempts, stage.message().claim_until) == (0, None)


def test_a_wish_to_go_slower_slows_all_senders() -> None:
    stage = answering(reply(429), reply(429))
    stage.parts_per_s = 4.0
    deliver(stage, record(1), record(2))
    assert stage.pace.state is not None
    assert stage.pace.state.slowed_to == 0.5
    assert stage.message(1).refused == 1


@pytest.mark.parametrize("status", [200, 400, 425, 500, 503])
def test_no_other_answer_does(status: int) -> None:
    stage = answering(reply(status, 0))
    stage.parts_per_s = 4.0
    deliver(stage)
    assert stage.pace.state is not None
    assert stage.pace.state.slowed_at is None


def test_while_the_pace_cannot_be_read_nobody_is_called() -> None:
    stage = paced(1)
    stage.pace = before(stage.pace, "read", outage)
    assert deliver(stage) == ["r1"]
    assert not stage.calls.made
    assert stage.message() == a_message()


# A gateway that forgets.


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (reply(500), MessageStatus.UNKNOWN),
        (reply(200, 7), MessageStatus.UNKNOWN),
        (no_reply("timeout", handed_over=True), MessageStatus.UNKNOWN),
        (reply(429), MessageStatus.PENDING),
        (no_reply("connect", handed_over=False), MessageStatus.PENDING),
        (OK, MessageStatus.SENT),
    ],
)
def test_for_a_gateway_that_forgets_doubt_is_the_end(
    answer: GatewayOutcome, status: MessageStatus
) -> None:
    stage = answering(answer)
    stage.retry_unknown = False
    assert deliver(stage) == []
    ended = stage.message()
    assert ended.status is status
    if status is MessageStatus.UNKNOWN:
        assert (ended.reason, ended.expires_at) == (Reason.NOT_CONFIRMED, KEPT_UNTIL)
        assert ended.last_error
        assert not stage.rung()


def test_for_a_gateway_that_forgets_so_is_a_claim_that_ran_out() -> None:
    stage = on_stage()
    stage.retry_unknown = False
    lose = once(outage)
    stage.messages = before(stage.messages, "swap", lambda: lose() if stage.calls.made else None)
    assert deliver(stage) == ["r1"]
    stage.clock.advance(CLAIM_S)
    assert deliver(stage, record(receives=2)) == []
    assert (stage.message().status, stage.message().reason) == (
        MessageStatus.UNKNOWN,
        Reason.NOT_CONFIRMED,
    )
    assert len(stage.calls.made) == 1


# What may be poison.


class Killed(BaseException):
    """Lambda ends the invocation in the middle of a call."""


def poison(stage: Stage, number: int) -> None:
    """Whoever calls for this client does not survive it."""
    deadly = gateway_id(a_message(number).id)

    def script(call: GatewayCall) -> GatewayOutcome:
        if call.gateway_id == deadly:
            raise Killed
        return OK

    stage.calls.script = script


def test_a_record_that_came_three_times_is_handled_after_its_neighbours() -> None:
    stage = on_stage(messages=3)
    poison(stage, 1)
    with pytest.raises(Killed):
        deliver(stage, record(1, receives=3), record(2, receives=2), record(3))
    assert [stage.message(n).status for n in (2, 3)] == [MessageStatus.SENT] * 2


def test_suspects_are_handled_one_by_one() -> None:
    stage = on_stage(messages=3)
    poison(stage, 2)
    with pytest.raises(Killed):
        deliver(stage, *(record(n, receives=3) for n in (1, 2, 3)))
    assert stage.message(1).status is MessageStatus.SENT
    assert stage.message(2).attempts == 1
    assert stage.message(3) == a_message(3)


def test_a_suspect_that_is_harmless_is_sent() -> None:
    stage = on_stage()
    assert deliver(stage, record(receives=9)) == []
    assert stage.message().status is MessageStatus.SENT


# What is logged.


def logged(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [each for each in caplog.records if each.getMessage() == "gateway called"]


@pytest.mark.parametrize(
    ("answer", "level", "status"),
    [
        (OK, logging.INFO, 200),
        (reply(500), logging.WARNING, 500),
        (reply(400), logging.WARNING, 400),
        (no_reply("timeout", handed_over=True), logging.WARNING, "timeout"),
        (reply(401), logging.ERROR, 401),
        (reply(302), logging.ERROR, 302),
    ],
)
def test_each_call_is_logged_and_a_wrong_setting_is_an_error(
    caplog: pytest.LogCaptureFixture, answer: GatewayOutcome, level: int, status: int | str
) -> None:
    caplog.set_level(logging.DEBUG, logger="carillon")
    stage = answering(answer)
    deliver(stage)
    [line] = logged(caplog)
    assert line.levelno == level
    assert vars(line)["status"] == status
    assert vars(line)["attempt"] == 1


def test_no_line_holds_a_phone_or_a_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="carillon")
    stage = on_stage(messages=2, text="Good morning")
    stage.change_message(2, not_before=NOW + 60 * SECOND)
    deliver(stage, record(1), record(2, receives=2))
    lines = " ".join(str(vars(each)) for each in caplog.records)
    assert "messages not sent now" in lines
    assert "Good morning" not in lines
    assert a_client(1).phone not in lines
    assert a_client(2).phone not in lines


def test_no_message_is_kept_for_longer_than_its_days() -> None:
    stage = on_stage(ends_at=NOW + 2 * HOUR)
    stage.clock.advance(3600)
    deliver(stage)
    assert stage.message().expires_at == KEPT_UNTIL + 3600
