"""`Messages`. moto is left out: it does not check the WHERE of a PartiQL UPDATE."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from carillon.adapters.messages_table import MessagesTable
from carillon.errors import Malformed
from carillon.models.message import PARTITIONS, Message, MessageStatus, Reason, partition_number
from carillon.ports import Messages
from tests.contract.cloud import Cloud
from tests.fakes import FakeMessages
from tests.fakes.samples import a_message
from tests.fakes.system import SOME_MOMENT

MAILING = "m0000001"
LATER = SOME_MOMENT + timedelta(minutes=1)
SETTLED = {
    "status": MessageStatus.UNKNOWN,
    "not_before": LATER,
    "claim_until": LATER,
    "attempts": 3,
    "refused": 2,
    "resends": 1,
    "sent_at": LATER,
    "last_error": "HTTP 500",
    "reason": Reason.ENDED,
    "expires_at": 1_800_000_000,
}


@pytest.fixture(params=["fake", "ministack"])
def messages(request: pytest.FixtureRequest) -> Messages:
    if request.param == "fake":
        return FakeMessages()
    cloud: Cloud = request.getfixturevalue(request.param)
    return MessagesTable(cloud.dynamodb, cloud.table("Messages"))


def swapped(message: Message, token: str, **fields: object) -> tuple[Message, Message]:
    return message, message.changed(token=token, at=LATER, **fields)


def pages(
    messages: Messages, *, limit: int, status: MessageStatus | None = None, consistent: bool = True
) -> list[Sequence[Message]]:
    found: list[Sequence[Message]] = []
    cursor: str | None = None
    for _ in range(200):
        page = messages.page(
            MAILING, status=status, limit=limit, cursor=cursor, consistent=consistent
        )
        found.append(page.items)
        if page.cursor is None:
            return found
        cursor = page.cursor
    raise AssertionError("the pages have no end")


def test_a_message_is_read_as_it_was_written(messages: Messages) -> None:
    plain, full = a_message(1), a_message(2, token="t1", **SETTLED)
    messages.insert([plain, full])
    assert messages.get(MAILING, plain.client_id) == plain
    assert messages.get(MAILING, full.client_id) == full
    assert messages.get(MAILING, "c9999999") is None
    assert messages.get("m9999999", plain.client_id) is None


def test_inserting_never_changes_what_is_there(messages: Messages) -> None:
    messages.insert([a_message(1)])
    before, after = swapped(a_message(1), "t1", status=MessageStatus.SENT)
    assert messages.swap([(before, after)]) == [True]
    messages.insert([a_message(1), a_message(2)])
    assert messages.get(MAILING, "c0000001") == after
    assert messages.get(MAILING, "c0000002") == a_message(2)


def test_more_than_a_batch_is_inserted_and_got(messages: Messages) -> None:
    many = [a_message(number) for number in range(130)]
    messages.insert([*many, many[0]])
    keys = [(MAILING, message.client_id) for message in many]
    assert messages.get_many([*keys, (MAILING, "c9999999"), keys[0]]) == dict(
        zip(keys, many, strict=True)
    )
    assert messages.get_many([]) == {}


def test_a_swap_writes_every_field(messages: Messages) -> None:
    messages.insert([a_message()])
    there = a_message(), a_message().changed(token="t1", at=LATER, **SETTLED)
    assert messages.swap([there]) == [True]
    assert messages.get(MAILING, "c0000001") == there[1]
    back = there[1], a_message().changed(token="t2", at=LATER)
    assert messages.swap([back]) == [True]
    assert messages.get(MAILING, "c0000001") == back[1]


def test_a_swap_leaves_alone_what_it_does_not_change(messages: Messages) -> None:
    """A fresh doorbell does not say when its message may first be sent."""
    stored = a_message(not_before=LATER)
    messages.insert([stored])
    assumed = a_message()
    assert messages.swap([swapped(assumed, "t1", attempts=1)]) == [True]
    assert messages.get(MAILING, "c0000001") == swapped(stored, "t1", attempts=1)[1]


def test_of_two_writers_one_wins_and_recognises_itself(messages: Messages) -> None:
    messages.insert([a_message()])
    first, second = swapped(a_message(), "t1"), swapped(a_message(), "t2", attempts=9)
    assert messages.swap([first]) == [True]
    assert messages.swap([second]) == [False]
    assert messages.swap([first]) == [True]
    assert messages.get(MAILING, "c0000001") == first[1]


def test_a_message_that_is_gone_cannot_be_swapped(messages: Messages) -> None:
    assert messages.swap([swapped(a_message(), "t1")]) == [False]
    assert messages.get(MAILING, "c0000001") is None


def test_answers_come_in_the_order_of_the_changes(messages: Messages) -> None:
    many = [a_message(number) for number in range(60)]
    messages.insert([message for message in many if message.client_id[-1] != "7"])
    answers = messages.swap([swapped(message, "t1") for message in many])
    assert answers == [message.client_id[-1] != "7" for message in many]


def test_one_message_may_be_swapped_twice_in_one_call(messages: Messages) -> None:
    messages.insert([a_message(1), a_message(2)])
    first = swapped(a_message(1), "t1", attempts=1)
    other = swapped(a_message(2), "t1")
    then = swapped(first[1], "t2", attempts=2)
    late = swapped(a_message(1), "t3", attempts=3)
    assert messages.swap([first, other, then, late]) == [True, True, True, False]
    assert messages.get(MAILING, "c0000001") == then[1]


@pytest.mark.parametrize("limit", [1, 3, 16, 40, 200])
def test_pages_hold_every_message_once(messages: Messages, limit: int) -> None:
    many = [a_message(number) for number in range(40)]
    messages.insert([*many, a_message(1, mailing_id="m0000002")])
    found = pages(messages, limit=limit)
    assert all(len(page) <= limit for page in found)
    assert sorted(message.client_id for page in found for message in page) == [
        message.client_id for message in many
    ]


def test_pages_walk_the_partitions_in_order(messages: Messages) -> None:
    messages.insert([a_message(number) for number in range(40)])
    places = [
        (partition_number(message.client_id), message.client_id)
        for page in pages(messages, limit=7, consistent=False)
        for message in page
    ]
    assert places == sorted(places)
    assert len({number for number, _ in places}) > PARTITIONS // 2


def test_pages_can_be_filtered_by_status(messages: Messages) -> None:
    many = [a_message(number) for number in range(20)]
    messages.insert(many)
    messages.swap([swapped(each, "t1", status=MessageStatus.SENT) for each in many[::2]])
    found = pages(messages, limit=6, status=MessageStatus.SENT)
    assert sorted(each.client_id for page in found for each in page) == [
        each.client_id for each in many[::2]
    ]


def test_a_page_counts_what_it_read_not_what_it_found(messages: Messages) -> None:
    messages.insert([a_message(number) for number in range(40)])
    found = messages.page(MAILING, status=MessageStatus.SENT, limit=10, cursor=None)
    assert found.items == []
    assert found.cursor is not None
    assert len(pages(messages, limit=10, status=MessageStatus.SENT)) >= 4


def test_a_mailing_without_messages_has_an_empty_page(messages: Messages) -> None:
    assert pages(messages, limit=5) == [[]]


@pytest.mark.parametrize("cursor", ["", "c0000001", "16#c1", "00", "2026-11-21T10:00:00.000Z#m1"])
def test_a_foreign_cursor_is_malformed(messages: Messages, cursor: str) -> None:
    with pytest.raises(Malformed):
        messages.page(MAILING, status=None, limit=3, cursor=cursor)


def test_more_than_a_batch_is_removed(messages: Messages) -> None:
    many = [a_message(number) for number in range(60)]
    messages.insert(many)
    messages.remove([*many[:55], many[0], a_message(99)])
    assert sorted(each.client_id for page in pages(messages, limit=99) for each in page) == [
        each.client_id for each in many[55:]
    ]
