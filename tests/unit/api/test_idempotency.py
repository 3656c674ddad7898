"""The same POST again: the first answer, and one object."""

from typing import Any

import pytest

from carillon.errors import LostRace, PhoneTaken
from carillon.models.client import Client
from carillon.ports import Creation
from tests.unit.api.calling import CLIENT, MAILING, World

KEY = {"idempotency-key": "7b0f1c9e, printable ~!"}


@pytest.mark.parametrize(("path", "body"), [("/clients", CLIENT), ("/mailings", MAILING)])
def test_the_same_request_repeats_the_first_answer(
    world: World, path: str, body: dict[str, Any]
) -> None:
    first = world.call("POST", path, body, headers=KEY)
    world.clock.advance(3600)
    again = world.call("POST", path, body, headers=KEY)
    assert first.status == 201
    assert again == first
    assert len(world.clients.by_id) + len(world.mailings.by_id) == 1


def test_a_start_in_the_past_is_repeated_as_it_was_understood(world: World) -> None:
    body = {**MAILING, "starts_at": "2020-01-01T00:00:00Z", "ends_at": "2026-11-21T10:30:00Z"}
    first = world.call("POST", "/mailings", body, headers=KEY)
    world.clock.advance(3600)  # by now the mailing is over, and could not be created any more
    assert world.call("POST", "/mailings", body, headers=KEY) == first


def test_the_first_answer_outlives_its_object(world: World) -> None:
    first = world.call("POST", "/clients", CLIENT, headers=KEY)
    world.call("DELETE", f"/clients/{first.json['id']}")
    assert world.call("POST", "/clients", CLIENT, headers=KEY) == first
    assert world.clients.by_id == {}


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("/clients", CLIENT, {"tags": ["vip"]}),
        ("/mailings", MAILING, {"text": "Another."}),
    ],
)
def test_another_body_is_422(
    world: World, path: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    world.call("POST", path, body, headers=KEY)
    answer = world.call("POST", path, {**body, **other}, headers=KEY)
    assert (answer.status, answer.fields) == (422, ["Idempotency-Key"])


def test_a_key_belongs_to_one_kind_of_object(world: World) -> None:
    assert world.call("POST", "/clients", CLIENT, headers=KEY).status == 201
    assert world.call("POST", "/mailings", MAILING, headers=KEY).status == 201


def test_a_day_later_the_key_is_new(world: World) -> None:
    first = world.call(
        "POST", "/mailings", {**MAILING, "ends_at": "2027-01-01T00:00:00Z"}, headers=KEY
    )
    world.clock.advance(24 * 3600)
    again = world.call(
        "POST", "/mailings", {**MAILING, "ends_at": "2027-01-01T00:00:00Z"}, headers=KEY
    )
    assert again.json["id"] != first.json["id"]


def test_what_failed_is_not_remembered(world: World) -> None:
    taken = world.make("/clients", CLIENT)
    assert world.call("POST", "/clients", CLIENT, headers=KEY).status == 409
    world.call("DELETE", f"/clients/{taken}")
    assert world.call("POST", "/clients", CLIENT, headers=KEY).status == 201


@pytest.mark.parametrize("error", [LostRace, PhoneTaken])
def test_twins_create_one_client(world: World, error: type[Exception]) -> None:
    """The twin commits between our look at the log and our own write."""

    class OvertakenClients:
        def add(self, client: Client, creation: Creation | None) -> None:
            twin = client.model_copy(update={"id": "twin"})
            world.clients.add(twin, creation)
            raise error(client.id)

    world.api = world.composed(directory=OvertakenClients())
    answer = world.call("POST", "/clients", CLIENT, headers=KEY)
    assert (answer.status, answer.json["id"]) == (201, "twin")
    assert list(world.clients.by_id) == ["twin"]


@pytest.mark.parametrize("key", ["", "k" * 256, "ключ", "tab\there", "nul\0"])
def test_a_bad_key_is_422(world: World, key: str) -> None:
    answer = world.call("POST", "/clients", CLIENT, headers={"idempotency-key": key})
    assert (answer.status, answer.fields) == (422, ["Idempotency-Key"])
    assert world.clients.by_id == {}


def test_the_longest_key(world: World) -> None:
    answer = world.call("POST", "/clients", CLIENT, headers={"Idempotency-Key": "k" * 255})
    assert answer.status == 201


def test_the_log_holds_neither_key_nor_body(world: World) -> None:
    world.call("POST", "/clients", CLIENT, headers={"idempotency-key": "79000000001"})
    assert "79000000001" not in repr(world.creations.by_key)
