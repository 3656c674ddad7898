"""The line of a request: what was asked, by whom, about what, and how it went."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.api.ids import logged_ids
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import CLIENT, MAILING, REQUEST_ID, World
from tests.unit.usecases.logged import as_in_a_function, lines

ID, OTHER = "abcdefgh234567zz", "zzzzyyyyxxxxwwww"


@pytest.fixture(autouse=True)
def _as_in_a_function(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with as_in_a_function(caplog):
        yield


def answered(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    found = [keys for _, _, keys in lines(caplog, "answered")]
    caplog.clear()
    return found


def test_a_creation_names_what_it_made(world: World, caplog: pytest.LogCaptureFixture) -> None:
    client_id = world.make("/clients", CLIENT)
    mailing_id = world.make("/mailings", MAILING)
    of_client, of_mailing = answered(caplog)
    assert of_client == {
        "method": "POST",
        "route": "/api/v1/clients",
        "operation": "createClient",
        "status": 201,
        "duration_ms": 0,
        "client_id": client_id,
    }
    assert (of_mailing["mailing_id"], of_mailing["status"]) == (mailing_id, 201)
    assert of_mailing["correlation_id"] == REQUEST_ID


def test_a_creation_that_is_repeated_names_what_was_made_at_first(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for path, body, name in (
        ("/clients", CLIENT, "client_id"),
        ("/mailings", MAILING, "mailing_id"),
    ):
        made = [
            world.call("POST", path, body, headers={"idempotency-key": "once"}).json["id"]
            for _ in range(2)
        ]
        first, second = answered(caplog)
        assert first[name] == second[name] == made[0] == made[1]


def test_reads_and_refusals_name_what_they_were_about(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    mailing_id = world.make("/mailings", MAILING)
    client_id = world.make("/clients", CLIENT)
    caplog.clear()
    world.get(f"/mailings/{mailing_id}")
    world.call("POST", f"/mailings/{mailing_id}/resume")
    world.call("PATCH", f"/mailings/{mailing_id}", {"text": 1})
    world.call("DELETE", f"/mailings/{mailing_id}", headers={"if-match": '"7"'})
    world.get(f"/messages/{mailing_id}-{client_id}")
    world.get("/messages", mailing_id=mailing_id)
    world.get("/clients", phone=CLIENT["phone"])
    seen = answered(caplog)
    assert [(each["status"], each.get("problem")) for each in seen] == [
        (200, None),
        (409, "state-forbids"),
        (422, "invalid-value"),
        (412, "version-mismatch"),
        (404, "not-found"),
        (200, None),
        (200, None),
    ]
    assert {each.get("mailing_id") for each in seen[:6]} == {mailing_id}
    assert seen[4]["message_id"] == f"{mailing_id}-{client_id}"
    assert seen[4]["client_id"] == seen[6]["client_id"] == client_id
    assert [each.get("correlation_id") for each in seen[:4]] == [
        REQUEST_ID,
        REQUEST_ID,
        None,  # refused before it was read
        REQUEST_ID,
    ]


def test_how_long_it_took(world: World, caplog: pytest.LogCaptureFixture) -> None:
    class Slow:
        def page(self, **_: object) -> object:
            world.clock.advance(1.5)
            raise KeyError

    world.api = world.composed(directory=Slow())
    assert world.get("/clients").status == 500
    [line] = answered(caplog)
    assert (line["duration_ms"], line["problem"]) == (1500, "internal")
    assert world.clock.now() > SOME_MOMENT


def test_a_path_and_a_method_that_there_are_not(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.call("POST", "/79161234567/secrets")
    world.call("79161234567", "/clients")
    first, second = answered(caplog)
    assert (first["method"], first["route"], first["operation"]) == ("POST", None, None)
    assert (second["method"], second["route"]) == (None, None)


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ({"mailing_id": ID, "client_id": OTHER}, {"mailing_id": ID, "client_id": OTHER}),
        ({"import_id": ID, "test_id": OTHER}, {"import_id": ID, "test_id": OTHER}),
        (
            {"message_id": f"{ID}-{OTHER}"},
            {"message_id": f"{ID}-{OTHER}", "mailing_id": ID, "client_id": OTHER},
        ),
        ({"message_id": f"{ID}-79161234567"}, {"mailing_id": ID}),
        ({"client_id": "79161234567"}, {}),
        ({"client_id": "2345672345abcdef"}, {}),  # as a phone without its first digit
        ({"client_id": "abcdef2345672345"}, {}),
        ({"client_id": "MARGARITALVOVNAX"}, {}),
        ({"client_id": f"{ID}x"}, {}),
        ({"client_id": ""}, {}),
        ({"client_id": f"{ID}\n"}, {}),
        ({"phone": ID, "number": "1"}, {}),
    ],
)
def test_only_what_can_be_an_id_is_logged(asked: dict[str, str], logged: dict[str, str]) -> None:
    assert logged_ids(asked) == logged
