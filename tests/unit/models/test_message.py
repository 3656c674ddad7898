"""A message's ids, claims and settlement."""

from collections import Counter
from datetime import timedelta

import pytest

from carillon.models.message import (
    PARTITIONS,
    UNTOUCHED,
    Message,
    MessageStatus,
    Reason,
    gateway_id,
    message_id,
    partition_number,
    split_message_id,
)
from tests.fakes import SeededChance
from tests.fakes.samples import a_message
from tests.fakes.system import SOME_MOMENT

LATER = SOME_MOMENT + timedelta(seconds=10)


def test_a_new_message_is_pending_untouched_and_due_at_once() -> None:
    message = Message.new(mailing_id="m", client_id="c", created_at=SOME_MOMENT)
    assert message.status is MessageStatus.PENDING
    assert message.token == UNTOUCHED
    assert message.not_before == message.created_at == message.updated_at == SOME_MOMENT
    assert not message.in_doubt
    assert not message.is_claimed(SOME_MOMENT)


def test_an_id_is_made_of_both_ids_and_taken_apart_again() -> None:
    assert a_message().id == message_id("m0000001", "c0000001") == "m0000001-c0000001"
    assert split_message_id("m0000001-c0000001") == ("m0000001", "c0000001")


@pytest.mark.parametrize("text", ["", "-", "m", "m-", "-c", "mc"])
def test_what_cannot_be_an_id_is_none(text: str) -> None:
    assert split_message_id(text) is None


def test_gateway_ids_never_change() -> None:
    """A gateway that remembers ids relies on it, over every release."""
    assert gateway_id("m0000001-c0000001") == 1_689_867_697_206_977_938
    assert gateway_id("a-b") == 7_647_588_716_424_792_136


def test_gateway_ids_fit_63_bits_and_differ() -> None:
    ids = {gateway_id(f"m-{number}") for number in range(5000)}
    assert len(ids) == 5000
    assert all(0 < each < 2**63 for each in ids)
    assert max(ids) > 2**62


def test_partitions_never_change_and_are_filled_evenly() -> None:
    assert [partition_number(f"c{number}") for number in range(6)] == [7, 1, 11, 13, 14, 8]
    chance = SeededChance(1)
    filled = Counter(partition_number(chance.new_id()) for _ in range(16_000))
    assert sorted(filled) == list(range(PARTITIONS))
    assert max(filled.values()) < 1.2 * min(filled.values())


@pytest.mark.parametrize(
    ("attempts", "refused", "doubt"), [(0, 0, False), (1, 1, False), (1, 0, True), (3, 2, True)]
)
def test_an_attempt_that_was_not_surely_refused_is_in_doubt(
    attempts: int, refused: int, doubt: bool
) -> None:
    assert a_message(attempts=attempts, refused=refused).in_doubt == doubt


@pytest.mark.parametrize(("waived", "fresh"), [(0, True), (1, True), (2, False)])
def test_a_doubt_that_a_person_waived_is_one_but_no_fresh_one(waived: int, fresh: bool) -> None:
    message = a_message(attempts=5, refused=3, doubts_waived=waived)
    assert message.doubts == 2
    assert message.in_doubt
    assert message.in_fresh_doubt == fresh


def test_a_claim_holds_until_its_end() -> None:
    message = a_message(claim_until=LATER)
    assert message.is_claimed(LATER - timedelta(milliseconds=1))
    assert not message.is_claimed(LATER)


def test_every_write_has_a_new_token_and_time() -> None:
    message = a_message().changed(token="t1", at=LATER, attempts=1)
    assert (message.token, message.updated_at, message.attempts) == ("t1", LATER, 1)
    assert message.created_at == SOME_MOMENT


def test_a_settled_message_has_no_claim_and_its_days_are_counted() -> None:
    claimed = a_message(claim_until=LATER, attempts=1)
    settled = claimed.settled(
        MessageStatus.EXPIRED, Reason.ENDED, token="t2", at=LATER, expires_at=99, refused=1
    )
    assert settled == a_message(
        status=MessageStatus.EXPIRED,
        reason=Reason.ENDED,
        token="t2",
        updated_at=LATER,
        expires_at=99,
        attempts=1,
        refused=1,
    )


def test_a_message_survives_json() -> None:
    message = a_message(status=MessageStatus.SENT, sent_at=LATER, reason=None)
    assert Message.model_validate_json(message.model_dump_json()) == message
