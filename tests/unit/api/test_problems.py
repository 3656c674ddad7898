"""Errors as problem documents, and what is logged of them."""

import json
import logging
from collections.abc import Callable

import pytest

from carillon.errors import LostRace, Unavailable
from carillon.models.client import Client
from functions.api.errors import KINDS
from tests.fakes.samples import a_client
from tests.unit.api.calling import CLIENT, World


class Broken:
    """A port that fails at whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*args: object, **kwargs: object) -> None:
            raise self._error

        return fail


def test_a_problem_says_what_where_and_of_which_kind(world: World) -> None:
    answer = world.get("/clients/nobody")
    assert answer.json == {
        "type": "urn:problem-type:carillon:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "there is no client with this id",
        "instance": "/api/v1/clients/nobody",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_instance_is_a_uri_whatever_was_asked_for(world: World) -> None:
    assert world.get("/clients/клиент 1").json["instance"].isascii()


def test_what_nobody_expected_is_500_and_logged_without_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.api = world.composed(directory=Broken(KeyError("79000000001")))
    answer = world.call("POST", "/clients", CLIENT)
    assert answer.status == 500
    assert "79000000001" not in answer.text
    assert "KeyError" not in answer.text
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == "unexpected error"
    logged = json.dumps(record.__dict__, default=repr)
    assert "KeyError" in logged
    assert "test_problems.py" in logged
    assert "79000000001" not in logged


def test_a_storage_that_does_not_answer_is_503(world: World) -> None:
    world.api = world.composed(directory=Broken(Unavailable("Scan: Throttling")))
    answer = world.get("/clients")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert "Throttling" not in answer.text


def test_races_that_are_lost_every_time_are_409(world: World) -> None:
    class Crowded(Broken):
        def get(self, client_id: str) -> Client:
            return a_client(id=client_id)

    world.api = world.composed(directory=Crowded(LostRace("c1")))
    for method, body in (("PATCH", {"tags": ["vip"]}), ("DELETE", None)):
        answer = world.call(method, "/clients/c0000001", body)
        assert (answer.status, answer.json["title"]) == (409, "Lost race")


def test_a_race_that_is_lost_once_is_run_again(world: World) -> None:
    """Somebody else's change lands between our reading and our writing."""
    client = a_client()
    world.clients.add(client, None)

    class Contended:
        def get(self, client_id: str) -> Client:
            read = world.clients.by_id[client_id]
            if read.version == 1:
                theirs = read.model_copy(update={"timezone": "Asia/Omsk", "version": 2})
                world.clients.replace(read, theirs)
            return read

        replace = world.clients.replace

    world.api = world.composed(directory=Contended())
    changed = world.call("PATCH", f"/clients/{client.id}", {"tags": ["vip"]}).json
    assert (changed["tags"], changed["timezone"], changed["version"]) == (["vip"], "Asia/Omsk", 3)


def test_a_race_is_not_run_again_when_the_version_was_named(world: World) -> None:
    client = a_client()
    world.clients.add(client, None)

    class Contended:
        def get(self, client_id: str) -> Client:
            read = world.clients.by_id[client_id]
            if read.version == 1:
                world.clients.replace(read, read.model_copy(update={"version": 2}))
            return read

        replace = world.clients.replace

    world.api = world.composed(directory=Contended())
    answer = world.call(
        "PATCH", f"/clients/{client.id}", {"tags": ["vip"]}, headers={"if-match": "1"}
    )
    assert answer.status == 412


def test_every_change_is_logged_with_ids_only(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    client_id = world.make("/clients", CLIENT)
    world.call("PATCH", f"/clients/{client_id}", {"phone": "79000000002"})
    world.call("PATCH", f"/clients/{client_id}", {})
    world.call("DELETE", f"/clients/{client_id}")
    changes = [each for each in caplog.records if each.getMessage().startswith("client ")]
    lines = [(each.getMessage(), each.__dict__["client_id"]) for each in changes]
    assert lines == [
        ("client created", client_id),
        ("client changed", client_id),
        ("client deleted", client_id),
    ]
    assert "7900000000" not in json.dumps([each.__dict__ for each in caplog.records], default=repr)


def test_every_request_is_logged_by_its_operation_and_never_by_its_path(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    world.get("/clients/79000000002")
    world.call("POST", "/79000000002")
    answered = [each.__dict__ for each in caplog.records if each.getMessage() == "answered"]
    asked = [(each["operation"], each["status"]) for each in answered]
    assert asked == [("getClient", 404), (None, 404)]
    assert "79000000002" not in json.dumps([each.__dict__ for each in caplog.records], default=repr)


def test_each_kind_of_problem_has_one_name_and_title() -> None:
    by_name = {kind.name: kind for kind in KINDS.values()}
    for kind in KINDS.values():
        assert (kind.status, kind.title) == (by_name[kind.name].status, by_name[kind.name].title)
