"""The claim: on record before any call, and nobody else's."""

from datetime import datetime

from carillon.models.gateway import GatewayCall, PlannedCall
from carillon.models.message import UNTOUCHED, gateway_id
from carillon.models.records import Record, Ring
from carillon.usecases.claiming import Claimed
from tests.fakes.samples import a_client, a_message
from tests.unit.usecases.stage import (
    HOUR,
    NOW,
    SECOND,
    TIMEOUT_S,
    Stage,
    before,
    doorbell,
    once,
    running,
)

TIMEOUT = TIMEOUT_S * SECOND
MARGIN = 10 * SECOND
"""By which a claim outlives its call."""

RECORD: Ring = Record(id="r1", receipt="receipt-1", receives=1, body=doorbell())


def on_stage(**mailing: object) -> Stage:
    stage = Stage()
    stage.put(running(**mailing), a_message(), a_client())
    return stage


def claim(
    stage: Stage, *, begin_at: datetime = NOW, over_by: datetime = NOW + HOUR
) -> list[Claimed]:
    """Claim what is due at the stage's time."""
    due = stage.sender.deciding.quickly([RECORD])
    return stage.sender.claiming.claim([(each, begin_at) for each in due], over_by=over_by)


def test_a_claim_is_on_record_before_any_call() -> None:
    stage = on_stage()
    [claimed] = claim(stage)
    assert stage.message() == claimed.message
    assert stage.message() == a_message(
        token=claimed.message.token, attempts=1, claim_until=NOW + TIMEOUT + MARGIN
    )
    assert claimed.message.token != UNTOUCHED
    call = GatewayCall(gateway_id(a_message().id), a_client().phone, running().text)
    planned = PlannedCall(call, NOW, begin_by=NOW + 3 * SECOND, until=NOW + TIMEOUT)
    assert claimed == Claimed(RECORD, running(), claimed.message, planned)


def test_a_claim_covers_a_call_that_begins_later() -> None:
    stage = on_stage()
    [claimed] = claim(stage, begin_at=NOW + SECOND)
    assert claimed.planned.not_before == NOW + SECOND
    assert claimed.planned.until == NOW + SECOND + TIMEOUT
    assert stage.message().claim_until == NOW + SECOND + TIMEOUT + MARGIN


def test_a_call_is_over_at_the_mailings_end() -> None:
    stage = on_stage(ends_at=NOW + 3 * SECOND)
    [claimed] = claim(stage)
    assert claimed.planned.until == NOW + 3 * SECOND
    assert stage.message().claim_until == NOW + 3 * SECOND + MARGIN


def test_a_call_is_over_before_its_invocation() -> None:
    stage = on_stage()
    [claimed] = claim(stage, over_by=NOW + 4 * SECOND)
    assert claimed.planned.until == NOW + 4 * SECOND


def test_each_claim_has_a_token_of_its_own_and_counts_the_attempt() -> None:
    stage = on_stage()
    [first] = claim(stage)
    stage.clock.advance(TIMEOUT_S + 10)
    [second] = claim(stage)
    assert first.message.token != second.message.token
    assert stage.message().attempts == 2


def test_of_two_senders_one_gets_the_message() -> None:
    stage = on_stage()
    other: list[Claimed] = []
    rival = Stage(seed=1)
    rival.mailings, rival.messages, rival.clients = stage.mailings, stage.messages, stage.clients
    stage.messages = before(stage.messages, "swap", once(lambda: other.extend(claim(rival))))
    assert not claim(stage)
    assert [each.message for each in other] == [stage.message()]
