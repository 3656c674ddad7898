"""CSV over HTTP: whole tables in pages, read back by Python's own reader, and no formula there."""

import csv
import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from carillon.models.client import TAG_LENGTH_MAX, TAGS_MAX, Client
from carillon.models.message import MessageStatus, Reason
from carillon.policy.csv_text import unescaped
from carillon.usecases.exporting import BUDGET, BYTES_MAX, READ_MAX, ROWS_MAX
from tests.fakes import FakeClients
from tests.fakes.samples import a_client, a_mailing, a_message
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import Answer, World

CLIENTS = "/clients/export"
MESSAGES = "/mailings/m0000001/messages/export"
HEADER = ["phone", "operator_code", "tags", "timezone"]
PAGES_MAX = 20


def rows(text: str) -> list[list[str]]:
    assert not text or text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def following(answer: Answer) -> str | None:
    """Where the next page is."""
    link = answer.headers.get("Link")
    if link is None:
        return None
    match = re.fullmatch(r'<(/[^>]+)>; rel="next"', link)
    assert match, link
    return match[1]


def pages(world: World, path: str, **query: object) -> list[Answer]:
    """All of them, each reached by the one before."""
    answer = world.get(path, **query)
    found = [answer]
    while link := following(answer):
        parts = urlsplit(link)
        answer = world.get(parts.path, **dict(parse_qsl(parts.query, strict_parsing=True)))
        assert answer.status == 200, answer.text
        found.append(answer)
        assert len(found) < PAGES_MAX
    return found


def table(answers: list[Answer]) -> list[list[str]]:
    return [row for each in answers for row in rows(each.text)]


def settle(world: World, clients: list[Client]) -> None:
    """Without looking for another client with the same phone each time."""
    world.clients.by_id.update({each.id: each for each in clients})


def test_clients_with_the_columns_of_an_import(world: World) -> None:
    settle(world, [a_client(1, tags=("regular", "vip")), a_client(2, timezone="Asia/Omsk")])
    answer = world.get(CLIENTS)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="clients.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Link" not in answer.headers
    assert answer.text == (
        "phone,operator_code,tags,timezone\r\n"
        "79000000001,900,regular;vip,Europe/Moscow\r\n"
        "79000000002,900,,Asia/Omsk\r\n"
    )


@pytest.mark.parametrize("tag", ["=1+1", "@x", "+7", "-1", 'say "hi", новый 👋', "'=quoted", "'"])
def test_no_tag_is_a_formula_and_each_comes_back(world: World, tag: str) -> None:
    settle(world, [a_client(1, tags=(tag,)), a_client(2, tags=("!", tag, "яяя"))])
    [_, one, three] = rows(world.get(CLIENTS).text)
    assert not re.search(r"(^|;)[=+\-@\t\r]", f"{one[2]};{three[2]}")
    assert unescaped(one[2]) == tag
    assert unescaped(three[2]).split(";") == sorted(["!", tag, "яяя"])
    assert [one[0], one[1], one[3]] == ["79000000001", "900", "Europe/Moscow"]


def test_filters_hold_on_every_page(world: World) -> None:
    clients = [
        a_client(
            number,
            tags=("a & b",) if number % 2 else (),
            operator_code="901" if number % 3 else "900",
        )
        for number in range(4 * ROWS_MAX)
    ]
    settle(world, clients)
    found = pages(world, CLIENTS, tag="a & b", operator_code="901")
    assert len(found) == 2
    assert all(len(rows(each.text)) <= ROWS_MAX + 1 for each in found)
    expected = sorted(c.phone for c in clients if c.tags and c.operator_code == "901")
    [header, *others] = table(found)
    assert header == HEADER
    assert sorted(row[0] for row in others) == expected


def test_only_the_first_page_has_the_header(world: World) -> None:
    settle(world, [a_client(number) for number in range(ROWS_MAX)])
    first, second = pages(world, CLIENTS)
    assert len(rows(first.text)) == ROWS_MAX + 1
    assert second.text == "", "a page may have no rows"
    assert second.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_page_ends_when_it_is_large(world: World) -> None:
    tags = tuple("я" * (TAG_LENGTH_MAX - 3) + f"{number:03d}" for number in range(TAGS_MAX))
    settle(world, [a_client(number, tags=tags) for number in range(READ_MAX + 1)])
    first, second = pages(world, CLIENTS)
    assert len(first.text.encode()) > BYTES_MAX
    assert (len(rows(first.text)), len(rows(second.text))) == (READ_MAX + 1, 1)


def test_a_page_ends_when_time_is_up(world: World) -> None:
    settle(world, [a_client(number) for number in range(2 * READ_MAX + 1)])

    class Slow(FakeClients):
        def page(self, **chosen: Any) -> Any:
            world.clock.advance(BUDGET.total_seconds() / 2)
            return world.clients.page(**chosen)

    world.api = world.composed(directory=Slow(world.creations))
    found = pages(world, CLIENTS, tag="nobody has it")
    assert [each.text.count("\r\n") for each in found] == [1, 0]


def _mailed(world: World) -> None:
    """Four messages: one sent, one that failed, one that waits, one whose client is gone."""
    world.mailings.add(a_mailing(), None)
    settle(world, [a_client(number) for number in (1, 2, 3)])
    later = SOME_MOMENT + timedelta(seconds=2)
    sent = {"status": MessageStatus.SENT, "sent_at": later, "attempts": 1}
    failed = {"status": MessageStatus.FAILED, "reason": Reason.REFUSED, "attempts": 3}
    world.messages.insert(
        [
            a_message(1, **sent),
            a_message(2, **failed, last_error='=HTTP 400, "no"'),
            a_message(3),
            a_message(4, status=MessageStatus.CANCELLED, reason=Reason.CLIENT_DELETED),
        ]
    )


def test_messages_with_the_phones_as_they_are_now(world: World) -> None:
    _mailed(world)
    answer = world.get(MESSAGES)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="messages-m0000001.csv"'
    [header, *others] = rows(answer.text)
    found = {row[2]: dict(zip(header, row, strict=True)) for row in others}
    assert found["c0000001"] == {
        "message_id": "m0000001-c0000001",
        "phone": "79000000001",
        "client_id": "c0000001",
        "status": "sent",
        "attempts": "1",
        "created_at": "2026-11-21T10:00:00.000Z",
        "sent_at": "2026-11-21T10:00:02.000Z",
        "not_before": "2026-11-21T10:00:00.000Z",
        "last_error": "",
        "reason": "",
        "gateway_id": world.get("/messages/m0000001-c0000001").json["gateway_id"],
    }
    assert found["c0000002"]["last_error"] == '\'=HTTP 400, "no"'
    assert (found["c0000002"]["reason"], found["c0000002"]["sent_at"]) == ("refused", "")
    assert (found["c0000004"]["phone"], found["c0000004"]["status"]) == ("", "cancelled")
    assert len(found) == 4


def test_messages_with_a_status(world: World) -> None:
    _mailed(world)
    [_, row] = rows(world.get(MESSAGES, status="failed").text)
    assert row[2:4] == ["c0000002", "failed"]


def test_many_messages_come_in_pages_with_the_status_asked_for(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    status = {True: MessageStatus.SENT, False: MessageStatus.PENDING}
    for number in range(2 * ROWS_MAX + 2):
        message = a_message(number, status=status[number % 2 == 0])
        world.messages.by_key[message.key] = message
    found = pages(world, MESSAGES, status="sent")
    assert len(found) == 2
    [header, *others] = table(found)
    assert header[0] == "message_id"
    assert len({row[0] for row in others}) == len(others) == ROWS_MAX + 1


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        (CLIENTS, {"operator_code": "9"}, 422),
        (CLIENTS, {"limit": 10}, 422),
        (CLIENTS, {"cursor": "x"}, 400),
        (MESSAGES, {"status": "lost"}, 422),
        (MESSAGES, {"cursor": "x"}, 400),
        ("/mailings/nobody/messages/export", {}, 404),
    ],
)
def test_a_mistake_is_a_problem_document_and_no_csv(
    world: World, path: str, query: dict[str, object], status: int
) -> None:
    world.mailings.add(a_mailing(), None)
    answer = world.get(path, **query)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_cursor_fits_only_its_own_filters(world: World) -> None:
    settle(world, [a_client(number) for number in range(ROWS_MAX)])
    link = following(world.get(CLIENTS, operator_code="900"))
    assert link is not None
    cursor = dict(parse_qsl(urlsplit(link).query))["cursor"]
    assert world.get(CLIENTS, operator_code="900", cursor=cursor).status == 200
    assert world.get(CLIENTS, cursor=cursor).status == 400
    assert world.get("/clients", operator_code="900", cursor=cursor).status == 400
