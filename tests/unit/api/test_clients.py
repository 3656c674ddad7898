"""Clients over HTTP: shapes, headers, versions, lists."""

import pytest

from tests.fakes.samples import a_client, a_mailing, a_message
from tests.unit.api.calling import CLIENT, World


def test_create_answers_with_the_client_and_where_it_is(world: World) -> None:
    answer = world.call("POST", "/clients", {**CLIENT, "tags": ["vip", "regular", "vip"]})
    assert answer.status == 201
    client = answer.json
    assert answer.headers["Location"] == f"/api/v1/clients/{client['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert client == {
        "id": client["id"],
        "phone": "79000000001",
        "operator_code": "900",
        "tags": ["regular", "vip"],
        "timezone": "Europe/Moscow",
        "created_at": "2026-11-21T10:00:00.000Z",
        "updated_at": "2026-11-21T10:00:00.000Z",
        "version": 1,
    }
    assert world.get(f"/clients/{client['id']}").json == client


def test_the_operator_code_need_not_agree_with_the_phone(world: World) -> None:
    assert (
        world.call("POST", "/clients", {**CLIENT, "operator_code": "999"}).json["operator_code"]
        == "999"
    )


def test_a_phone_belongs_to_one_client(world: World) -> None:
    world.make("/clients", CLIENT)
    answer = world.call("POST", "/clients", CLIENT)
    assert answer.status == 409
    assert answer.json["type"] == "urn:problem-type:carillon:phone-taken"
    assert len(world.clients.by_id) == 1


@pytest.mark.parametrize("if_match", ["1", '"1"', 'W/"1"', "*", " 1 "])
def test_a_change_raises_the_version(world: World, if_match: str) -> None:
    client_id = world.make("/clients", CLIENT)
    world.clock.advance(60)
    answer = world.call(
        "PATCH", f"/clients/{client_id}", {"tags": ["vip"]}, headers={"if-match": if_match}
    )
    assert answer.status == 200
    assert answer.headers["ETag"] == '"2"'
    assert answer.json["version"] == 2
    assert answer.json["tags"] == ["vip"]
    assert answer.json["updated_at"] == "2026-11-21T10:01:00.000Z"
    assert answer.json["created_at"] == "2026-11-21T10:00:00.000Z"


@pytest.mark.parametrize("if_match", ["2", '"2"', '"abc"', 'W/"x"', '""', "0", "999999999"])
@pytest.mark.parametrize(("method", "body"), [("PATCH", {"tags": []}), ("DELETE", None)])
def test_another_version_is_412(world: World, method: str, body: object, if_match: str) -> None:
    client_id = world.make("/clients", CLIENT)
    answer = world.call(method, f"/clients/{client_id}", body, headers={"if-match": if_match})
    assert answer.status == 412
    assert world.clients.by_id[client_id].version == 1


@pytest.mark.parametrize("if_match", ["abc", "-1", "1.0", "", '"1', "9" * 5000, '"1", "2"', "W/1"])
def test_an_if_match_that_is_no_version_is_400(world: World, if_match: str) -> None:
    client_id = world.make("/clients", CLIENT)
    path = f"/clients/{client_id}"
    assert world.call("DELETE", path, headers={"if-match": if_match}).status == 400
    assert client_id in world.clients.by_id


def test_a_change_of_nothing_changes_nothing(world: World) -> None:
    client_id = world.make("/clients", CLIENT)
    changes: list[dict[str, object]] = [{}, {"phone": CLIENT["phone"]}, {"tags": []}]
    for body in changes:
        assert world.call("PATCH", f"/clients/{client_id}", body).json["version"] == 1


def test_a_new_phone_brings_its_operator_code(world: World) -> None:
    client_id = world.make("/clients", CLIENT)
    path = f"/clients/{client_id}"
    assert world.call("PATCH", path, {"phone": "79110000001"}).json["operator_code"] == "911"
    body = {"phone": "79220000001", "operator_code": "955"}
    assert world.call("PATCH", path, body).json["operator_code"] == "955"
    assert world.call("PATCH", path, {"operator_code": None}).json["operator_code"] == "922"


def test_a_phone_taken_by_another_is_409(world: World) -> None:
    world.make("/clients", CLIENT)
    other = world.make("/clients", {**CLIENT, "phone": "79000000002"})
    answer = world.call("PATCH", f"/clients/{other}", {"phone": CLIENT["phone"]})
    assert answer.status == 409
    assert answer.json["title"] == "Phone taken"


def test_deleting_frees_the_phone_and_is_404_the_second_time(world: World) -> None:
    client_id = world.make("/clients", CLIENT)
    answer = world.call("DELETE", f"/clients/{client_id}", headers={"if-match": "1"})
    assert (answer.status, answer.text) == (204, "")
    assert world.call("DELETE", f"/clients/{client_id}").status == 404
    assert world.get(f"/clients/{client_id}").status == 404
    world.make("/clients", CLIENT)


def test_lists_page_with_a_cursor_until_it_is_null(world: World) -> None:
    for number in range(5):
        client = a_client(number, tags=("vip",) if number % 2 else ())
        world.clients.add(client, None)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(10):
        more: dict[str, object] = {} if cursor is None else {"cursor": cursor}
        answer = world.get("/clients", limit=2, tag="vip", **more).json
        seen += [client["id"] for client in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == ["c0000001", "c0000003"]


def test_filters_go_together(world: World) -> None:
    world.clients.add(a_client(1, tags=("vip",)), None)
    world.clients.add(a_client(2, operator_code="911", tags=("vip", "a,b")), None)

    def ids(**query: str) -> list[str]:
        return [each["id"] for each in world.get("/clients", **query).json["items"]]

    assert ids() == ["c0000001", "c0000002"]
    assert ids(operator_code="911", tag="vip") == ["c0000002"]
    assert ids(tag="a,b") == ["c0000002"]
    assert ids(phone="79000000001") == ["c0000001"]
    assert ids(phone="79000000001", tag="vip", operator_code="900") == ["c0000001"]
    assert ids(phone="79000000001", tag="other") == []
    assert ids(phone="79000000001", operator_code="911") == []
    assert ids(phone="79999999999") == []


def test_messages_of_a_client_newest_mailing_first(world: World) -> None:
    world.clients.add(a_client(), None)
    for number in range(1, 4):
        at = world.clock.now()
        world.mailings.add(a_mailing(number, created_at=at), None)
        world.clock.advance(1)
    world.messages.insert([a_message(mailing_id="m0000001"), a_message(mailing_id="m0000003")])
    first = world.get("/clients/c0000001/messages", limit=2).json
    assert [message["mailing_id"] for message in first["items"]] == ["m0000003"]
    second = world.get("/messages", client_id="c0000001", cursor=first["next_cursor"]).json
    assert [message["mailing_id"] for message in second["items"]] == ["m0000001"]
    assert second["next_cursor"] is None


def test_messages_of_a_deleted_client_are_found_by_the_query_only(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    world.messages.insert([a_message()])
    assert world.get("/clients/c0000001/messages").status == 404
    assert len(world.get("/messages", client_id="c0000001").json["items"]) == 1


def test_ids_may_be_percent_encoded(world: World) -> None:
    client_id = world.make("/clients", CLIENT)
    encoded = "".join(f"%{ord(letter):02X}" for letter in client_id)
    assert world.get(f"/clients/{encoded}").json["id"] == client_id
