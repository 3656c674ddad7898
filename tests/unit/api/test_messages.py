"""Messages over HTTP: shape, lists, which query goes with which."""

import pytest

from carillon.models.message import MessageStatus, Reason, gateway_id
from tests.fakes.samples import a_mailing, a_message
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import World


@pytest.fixture
def sent(world: World) -> World:
    """A mailing with one message sent and one pending."""
    world.mailings.add(a_mailing(), None)
    world.messages.insert(
        [
            a_message(1),
            a_message(2, status=MessageStatus.SENT, sent_at=SOME_MOMENT, attempts=2),
            a_message(3, status=MessageStatus.FAILED, reason=Reason.REFUSED, last_error="HTTP 400"),
        ]
    )
    return world


def test_one_message(sent: World) -> None:
    assert sent.get("/messages/m0000001-c0000002").json == {
        "id": "m0000001-c0000002",
        "mailing_id": "m0000001",
        "client_id": "c0000002",
        "status": "sent",
        "created_at": "2026-11-21T10:00:00.000Z",
        "sent_at": "2026-11-21T10:00:00.000Z",
        "attempts": 2,
        "last_error": None,
        "reason": None,
        "not_before": "2026-11-21T10:00:00.000Z",
        "gateway_id": str(gateway_id("m0000001-c0000002")),
    }


@pytest.mark.parametrize(
    ("status", "clients"),
    [(None, 3), ("sent", 1), ("failed", 1), ("pending", 1), ("expired", 0)],
)
def test_messages_of_a_mailing_by_status(sent: World, status: str | None, clients: int) -> None:
    query = {"status": status} if status else {}
    first = sent.get("/mailings/m0000001/messages", **query).json
    assert len(first["items"]) == clients
    assert all(status in (None, each["status"]) for each in first["items"])
    assert sent.get("/messages", mailing_id="m0000001", **query).json == first


def test_a_cursor_of_one_address_fits_the_other(sent: World) -> None:
    first = sent.get("/mailings/m0000001/messages", limit=2).json
    cursor = first["next_cursor"]
    rest = sent.get("/messages", mailing_id="m0000001", cursor=cursor).json
    ids = {each["id"] for each in first["items"] + rest["items"]}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "mailing_id"),
        ({"mailing_id": "m0000001", "client_id": "c0000001"}, "client_id"),
        ({"client_id": "c0000001", "status": "sent"}, "status"),
    ],
)
def test_a_list_needs_exactly_one_owner(sent: World, query: dict[str, str], field: str) -> None:
    answer = sent.get("/messages", **query)
    assert (answer.status, answer.fields) == (422, [field])


def test_reason_and_error_are_told(sent: World) -> None:
    message = sent.get("/messages/m0000001-c0000003").json
    assert (message["reason"], message["last_error"]) == ("refused", "HTTP 400")
