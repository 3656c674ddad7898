"""Phones and texts are in the tables and at the gateway, for a day in files that are imported, and
nowhere else.

A mailing with a gateway that repeats what it was sent in its errors, and requests of every wrong
kind with phones in every place. Meanwhile and afterwards everything that the account holds is
searched: logs of all functions, queues with what is in flight, dead letters, schedules.
"""

from collections.abc import Iterator

import pytest

from local.gateway import Behaviour, Control, Mood
from local.stack import LocalStack
from tests.e2e import importing, story
from tests.e2e.operator import Operator, in_s, until
from tests.e2e.scheduling import queue_number
from tests.e2e.searching import files, forms, generation, printed, where

PREFIX = "7987654"
TEXT = "Маргарита Львовна, ваш столик у окна накрыт"
WORDS = (PREFIX, PREFIX[1:], "Львовна", "столик у окна")
"""What must not be found; a part of each, so that what is cut short is found as well."""

CLIENTS = 30


@pytest.fixture
def echo(stack: LocalStack) -> Iterator[Control]:
    with Control(stack.gateway_url) as control:
        moods = {Mood.ECHO: 0.4, Mood.HTTP_400: 0.1, Mood.GARBAGE: 0.1, Mood.DROP_AFTER: 0.1}
        control.behave(Behaviour(shares=moods, seed=5))
        yield control
        control.behave(Behaviour())


def test_phones_and_texts_are_nowhere_but_in_the_tables(stack: LocalStack, echo: Control) -> None:
    operator = Operator(stack, "margarita")
    clients = [_add(operator, number) for number in range(CLIENTS)]
    seen = generation(stack)
    mailing = operator.mail(ends_at=in_s(10), text=TEXT)
    _ask_wrongly(operator, clients[0], mailing)
    _import(operator)
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["MessageQueueUrl"], MessageBody='{"kind": "none of ours"}'
    )

    while operator.mailing(mailing)["status"] != "finished":
        seen = _next_generation(stack, seen)
        assert not list(where(files(stack), WORDS))
    until(
        lambda: queue_number(stack, "MessageDeadLettersUrl"), lambda number: number == 1, limit_s=60
    )
    _next_generation(stack, generation(stack))

    tables, others = files(stack, tables=True), files(stack)
    for word in WORDS:  # the search finds what is there
        assert list(where(tables, [word]))
    assert mailing["id"] in "".join(others.values()), "the logs are among what is searched"
    called = [call for call in echo.calls() if call.answer == Mood.ECHO]
    assert called, "the gateway did repeat phones and texts"
    assert not list(where(others, WORDS))
    assert not list(where(printed(stack), WORDS))
    told = operator.messages(mailing)
    assert not [each for each in told if any(word in str(each) for word in WORDS)]
    _read_the_story(stack, operator, mailing, clients)


def _read_the_story(
    stack: LocalStack, operator: Operator, mailing: dict[str, str], clients: list[dict[str, str]]
) -> None:
    """All of that is in the log, to be found by the ids of the mailing, a message and a client."""
    story.read_through(stack, mailing, operator.messages(mailing))
    refused = [line for line in story.lines(stack, mailing["id"]) if "problem" in line]
    assert ("PATCH", "/api/v1/mailings/<mailing_id>", 422, "invalid-value") in [
        (line["method"], line["route"], line["status"], line["problem"]) for line in refused
    ]
    of_client = story.lines(stack, clients[0]["id"])
    assert of_client[0]["message"] == "client created"
    assert {"api", "fanout", "sender", "stats"} <= {line["service"] for line in of_client}


def test_a_word_is_found_in_every_form() -> None:
    for text in ("\\u041b\\u044c\\u0432\\u043e\\u0432\\u043d\\u0430", "%D0%9B%D1%8C", "0JvRjNCy"):
        assert any(text in form or form in text for form in forms("Львовна"))


def _add(operator: Operator, number: int) -> dict[str, str]:
    phone = f"{PREFIX}{number:04d}"
    body = {"phone": phone, "tags": [operator.tag], "timezone": "Europe/Moscow"}
    answer = operator.call("POST", "/clients", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _import(operator: Operator) -> None:
    """A file whose every line is personal, most of them refused for it."""
    rows = [
        f'{PREFIX}8888,"{TEXT}",Europe/Moscow',
        f'+{PREFIX}8889,"{TEXT}",',
        f'"{PREFIX}8887,{TEXT}',
    ]
    content = "\n".join(["phone,tags,timezone", *rows]).encode()
    done = importing.run(operator, content, limit_s=30).view
    assert (done["created"], done["rejected"]) == (1, 2)
    assert not [word for word in WORDS if word in str(done)], "what is wrong quotes nothing"
    assert PREFIX in importing.rejected(operator, done)


def _ask_wrongly(operator: Operator, client: dict[str, str], mailing: dict[str, str]) -> None:
    """Phones and the text wherever a caller may put them by mistake."""
    phone, key = client["phone"], {"Idempotency-Key": f"add {PREFIX}9999"}
    good = {"phone": f"{PREFIX}9999", "timezone": "Europe/Moscow"}
    asked = [
        operator.call("POST", "/clients", {**good, "phone": phone}),
        operator.call("POST", "/clients", {**good, "phone": f"+{phone}"}),
        operator.call("POST", "/clients", {**good, phone: TEXT}),
        operator.call("POST", "/clients", {**good, "timezone": TEXT}),
        operator.call("POST", "/clients", good, **key),
        operator.call("POST", "/clients", {**good, "tags": [TEXT]}, **key),
        operator.call("PATCH", f"/clients/{client['id']}", {"phone": f"{PREFIX}9999"}),
        operator.call("PATCH", f"/clients/{client['id']}", {"text": TEXT}, **{"If-Match": phone}),
        operator.call("GET", f"/clients?phone={phone}&text={TEXT}"),
        operator.call("GET", f"/clients/{phone}"),
        operator.call("GET", f"/clients/{phone}/messages?cursor={phone}"),
        operator.call("DELETE", f"/clients/{phone}"),
        operator.call("POST", f"/mailings/{phone}/start"),
        operator.call("POST", "/mailings", {"text": TEXT, "filter": {"tags": [phone]}}),
        operator.call("PATCH", f"/mailings/{mailing['id']}", {"text": TEXT * 40}),
        operator.call("POST", f"/{phone}/{TEXT}", TEXT),
    ]
    statuses = [answer.status_code for answer in asked]
    assert statuses == [409, 422, 422, 422, 201, 422, 409, *statuses[7:]]
    assert all(400 <= status < 500 for status in statuses[7:]), statuses


def _next_generation(stack: LocalStack, seen: str) -> str:
    """One that was written after the one that was seen."""
    return until(lambda: generation(stack), lambda now: now != seen, limit_s=30)
