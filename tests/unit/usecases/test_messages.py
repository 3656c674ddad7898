"""Messages are found by ids alone, and only while their mailing is shown."""

from datetime import timedelta

import pytest

from carillon.errors import NotFound
from carillon.usecases.messages import MessageLookup
from tests.fakes import FakeClock, FakeCreations, FakeMailings, FakeMessages
from tests.fakes.samples import a_mailing, a_message
from tests.fakes.system import SOME_MOMENT


@pytest.fixture
def lookup() -> MessageLookup:
    """Three mailings, a second apart; client 1 has messages of the first and the last."""
    mailings, messages = FakeMailings(FakeCreations(FakeClock())), FakeMessages()
    for number in (1, 2, 3):
        created_at = SOME_MOMENT + timedelta(seconds=number)
        mailings.add(a_mailing(number, created_at=created_at), None)
    messages.insert([a_message(mailing_id=f"m000000{number}") for number in (1, 3)])
    messages.insert([a_message(2, mailing_id="m0000002")])
    return MessageLookup(mailings=mailings, messages=messages)


def test_one_by_its_id(lookup: MessageLookup) -> None:
    assert lookup.get("m0000001-c0000001").client_id == "c0000001"


@pytest.mark.parametrize("unknown", ["", "-", "m0000001", "m0000001-", "m0000002-c0000001"])
def test_an_unknown_id(lookup: MessageLookup, unknown: str) -> None:
    with pytest.raises(NotFound):
        lookup.get(unknown)


def test_a_deleted_mailing_hides_its_messages(lookup: MessageLookup) -> None:
    mailing = lookup.mailings.get("m0000001")
    assert mailing is not None
    lookup.mailings.replace(mailing, mailing.changed(deleted=True))
    with pytest.raises(NotFound):
        lookup.get("m0000001-c0000001")
    with pytest.raises(NotFound):
        lookup.of_mailing("m0000001", status=None, limit=10, cursor=None)
    page = lookup.of_client("c0000001", limit=10, cursor=None)
    assert [message.mailing_id for message in page.items] == ["m0000003"]


def test_a_mailing_s_messages_are_listed_page_by_page(lookup: MessageLookup) -> None:
    lookup.messages.insert([a_message(number) for number in (2, 3)])
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = lookup.of_mailing("m0000001", status=None, limit=1, cursor=cursor)
        seen += [message.client_id for message in page.items]
        cursor = page.cursor
    assert sorted(seen) == ["c0000001", "c0000002", "c0000003"]


def test_a_client_s_messages_page_over_the_mailings(lookup: MessageLookup) -> None:
    pages = []
    cursor = None
    for _ in range(4):
        page = lookup.of_client("c0000001", limit=1, cursor=cursor)
        pages.append([message.mailing_id for message in page.items])
        cursor = page.cursor
        if cursor is None:
            break
    assert pages == [["m0000003"], [], ["m0000001"], []]
    assert cursor is None
