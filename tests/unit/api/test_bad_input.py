"""What is wrong with a request is told, all at once, and nothing is half written."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.errors import INSTANCE_MAX
from functions.api.incoming import (
    BODY_BYTES_MAX,
    HEADERS_BYTES_MAX,
    JSON_DEPTH_MAX,
    TARGET_BYTES_MAX,
)
from tests.fakes.samples import a_mailing
from tests.unit.api.calling import CLIENT, MAILING, World, event

REFUSED_CLIENTS: list[tuple[dict[str, Any], str]] = [
    ({"phone": "7900000000"}, "phone"),
    ({"phone": "790000000011"}, "phone"),
    ({"phone": "89000000001"}, "phone"),
    ({"phone": "+79000000001"}, "phone"),
    ({"phone": "7900000000１"}, "phone"),
    ({"phone": "79000000001\n"}, "phone"),
    ({"phone": " 79000000001"}, "phone"),
    ({"phone": ""}, "phone"),
    ({"phone": 79000000001}, "phone"),
    ({"phone": None}, "phone"),
    ({"phone": ["79000000001"]}, "phone"),
    ({"operator_code": "90"}, "operator_code"),
    ({"operator_code": 900}, "operator_code"),
    ({"operator_code": ""}, "operator_code"),
    ({"timezone": "Mars/Olympus"}, "timezone"),
    ({"timezone": "europe/moscow"}, "timezone"),
    ({"timezone": "../etc/passwd"}, "timezone"),
    ({"timezone": "+03:00"}, "timezone"),
    ({"timezone": ""}, "timezone"),
    ({"timezone": 3}, "timezone"),
    ({"timezone": "E" * 5000}, "timezone"),
    ({"tags": "vip"}, "tags"),
    ({"tags": None}, "tags"),
    ({"tags": [1]}, "tags.0"),
    ({"tags": ["vip", {}]}, "tags.1"),
    ({"tags": [""]}, "tags.0"),
    ({"tags": [" vip"]}, "tags.0"),
    ({"tags": ["a\nb"]}, "tags.0"),
    ({"tags": ["x" * 65]}, "tags.0"),
    ({"tags": [f"tag{n}" for n in range(51)]}, "tags"),
    ({"id": "mine"}, "id"),
    ({"version": 1}, "version"),
    ({"unknown": {"a": 1}}, "unknown"),
]

REFUSED_MAILINGS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"),
    ({"text": " \n\t\u00a0"}, "text"),
    ({"text": "x" * 1001}, "text"),
    ({"text": 5}, "text"),
    ({"text": None}, "text"),
    ({"starts_at": "2026-11-21T12:00:00"}, "starts_at"),
    ({"starts_at": "2026-11-21"}, "starts_at"),
    ({"starts_at": "tomorrow"}, "starts_at"),
    ({"starts_at": 1795255200}, "starts_at"),
    ({"starts_at": "1795255200"}, "starts_at"),
    ({"starts_at": True}, "starts_at"),
    ({"starts_at": None}, "starts_at"),
    ({"starts_at": "2026-02-30T12:00:00Z"}, "starts_at"),
    ({"starts_at": "0001-01-01T00:00:00+23:59"}, "starts_at"),
    ({"ends_at": "9999-12-31T23:59:59-01:00"}, "ends_at"),
    ({"ends_at": "2026-11-21T11:59:59Z"}, "ends_at"),
    ({"ends_at": "2026-11-21T12:00:00Z"}, "ends_at"),
    ({"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-01-02T00:00:00Z"}, "ends_at"),
    ({"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2026-11-21T10:00:00Z"}, "ends_at"),
    ({"filter": None}, "filter"),
    ({"filter": []}, "filter"),
    ({"filter": {"tag": "vip"}}, "filter.tag"),
    ({"filter": {"tags": "vip"}}, "filter.tags"),
    ({"filter": {"tags": [1]}}, "filter.tags.0"),
    ({"filter": {"tags": [{}]}}, "filter.tags.0"),
    ({"filter": {"tags": [[]]}}, "filter.tags.0"),
    ({"filter": {"operator_codes": ["900", {}]}}, "filter.operator_codes.1"),
    ({"filter": {"tags": [f"tag{n}" for n in range(51)]}}, "filter.tags"),
    ({"filter": {"operator_codes": ["9000"]}}, "filter.operator_codes.0"),
    ({"filter": {"operator_codes": [f"{n:03}" for n in range(51)]}}, "filter.operator_codes"),
    ({"time_window": {"start": "09:00", "end": "09:00"}}, "time_window"),
    ({"time_window": {"start": "9:00", "end": "21:00"}}, "time_window.start"),
    ({"time_window": {"start": "09:00", "end": "24:00"}}, "time_window.end"),
    ({"time_window": {"start": "09:00"}}, "time_window.end"),
    ({"time_window": "09:00-21:00"}, "time_window"),
    ({"status": "running"}, "status"),
    ({"rev": 1}, "rev"),
]


@pytest.mark.parametrize(("wrong", "field"), REFUSED_CLIENTS, ids=str)
def test_a_client_with_a_mistake(world: World, wrong: dict[str, Any], field: str) -> None:
    answer = world.call("POST", "/clients", {**CLIENT, **wrong})
    assert (answer.status, answer.fields) == (422, [field])
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert world.clients.by_id == {}


@pytest.mark.parametrize(("wrong", "field"), REFUSED_MAILINGS, ids=str)
def test_a_mailing_with_a_mistake(world: World, wrong: dict[str, Any], field: str) -> None:
    answer = world.call("POST", "/mailings", {**MAILING, **wrong})
    assert (answer.status, answer.fields) == (422, [field])
    assert world.mailings.by_id == {}


@pytest.mark.parametrize(("wrong", "field"), REFUSED_CLIENTS, ids=str)
def test_a_change_of_a_client_with_a_mistake(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    client_id = world.make("/clients", CLIENT)
    answer = world.call("PATCH", f"/clients/{client_id}", wrong)
    assert (answer.status, answer.fields) == (422, [field])
    assert world.clients.by_id[client_id].version == 1


@pytest.mark.parametrize("field", ["text", "starts_at", "ends_at", "filter"])
def test_a_mailing_s_field_cannot_be_taken_away(world: World, field: str) -> None:
    world.mailings.add(a_mailing(), None)
    answer = world.call("PATCH", "/mailings/m0000001", {field: None})
    assert (answer.status, answer.fields) == (422, [field])


def test_all_mistakes_are_told_at_once(world: World) -> None:
    body = {"phone": "1", "tags": [" "], "operator_code": "x", "more": 1}
    answer = world.call("POST", "/clients", body, headers={"idempotency-key": "k" * 300})
    assert set(answer.fields) == {
        "Idempotency-Key",
        "phone",
        "tags.0",
        "operator_code",
        "timezone",
        "more",
    }
    assert all(error["message"] in answer.json["detail"] for error in answer.json["errors"])


@pytest.mark.parametrize("field", ["phone", "timezone"])
def test_what_is_required(world: World, field: str) -> None:
    body = {name: value for name, value in CLIENT.items() if name != field}
    answer = world.call("POST", "/clients", body)
    assert answer.json["errors"] == [{"field": field, "message": "is required"}]


@pytest.mark.parametrize(
    "raw",
    [
        "{",
        '{"phone": }',
        '{"phone": "79000000001",}',
        "{'phone': '79000000001'}",
        "phone=79000000001",
        '{"phone": NaN}',
        '{"phone": Infinity}',
        '{"phone": "\\ud800"}',
        '{"phone": "\x01"}',
        "[" * 60_000,
        '{"a":' * 10_000,
        '{"phone": "79000000001"} x',
    ],
)
def test_broken_json_is_400(world: World, raw: str) -> None:
    answer = world.call("POST", "/clients", raw=raw)
    assert answer.status == 400
    assert answer.json["type"] == "urn:problem-type:carillon:malformed"


@pytest.mark.parametrize("raw", ["[]", '["a"]', '"text"', "1", "true", "null", "", "  "])
@pytest.mark.parametrize("path", ["/clients", "/mailings"])
def test_json_that_is_no_object_is_422(world: World, path: str, raw: str) -> None:
    answer = world.call("POST", path, raw=raw)
    assert (answer.status, answer.fields) == (422, ["body"])


def test_a_list_of_one_client_is_no_client(world: World) -> None:
    assert world.call("POST", "/clients", [CLIENT]).status == 422
    assert world.clients.by_id == {}


@pytest.mark.parametrize("is_base64", [True, False])
def test_a_huge_body_is_413(world: World, *, is_base64: bool) -> None:
    raw = json.dumps({**CLIENT, "tags": ["x" * BODY_BYTES_MAX]})
    body = base64.b64encode(raw.encode()).decode() if is_base64 else raw
    answer = world.pass_on(event("POST", "/api/v1/clients", body, is_base64=is_base64))
    assert answer.status == 413
    assert str(BODY_BYTES_MAX) in answer.json["detail"]
    assert answer.json["instance"] == "/api/v1/clients"


def test_a_body_that_nests_too_deep_is_400(world: World) -> None:
    fits, too_deep = (
        world.call("POST", "/clients", raw='{"a":' + "[" * depth + "]" * depth + "}")
        for depth in (JSON_DEPTH_MAX - 1, JSON_DEPTH_MAX + 1)
    )
    assert fits.status == 422
    assert (too_deep.status, too_deep.json["detail"]) == (
        400,
        "the body nests deeper than 200 levels",
    )


@pytest.mark.parametrize("path", ["/clients", "/docs", "/nowhere"])
def test_a_target_is_taken_up_to_its_limit(world: World, path: str) -> None:
    path = path if path == "/docs" else f"/api/v1{path}"
    query = "limit=" + "9" * (TARGET_BYTES_MAX - len(path) - len("limit="))
    fits, too_long = (
        world.pass_on(
            {
                **event("GET", path),
                "rawQueryString": raw,
                "queryStringParameters": {"limit": raw.removeprefix("limit=")},
            }
        )
        for raw in (query, query + "9")
    )
    assert fits.status in (200, 404, 422)
    assert too_long.status == 414
    said = f"path and query have at most {TARGET_BYTES_MAX} bytes"
    assert too_long.json["detail"].startswith(said)


def test_a_huge_path_is_414_and_not_told_back(world: World) -> None:
    answer = world.get("/clients/" + "\U0001f44b" * TARGET_BYTES_MAX)
    assert answer.status == 414
    assert len(answer.text) < 12 * INSTANCE_MAX + 500


def test_headers_are_taken_up_to_their_limit(world: World) -> None:
    asked = event("GET", "/api/v1/clients", headers={"x-long": ""})
    room = HEADERS_BYTES_MAX - sum(len(name + value) for name, value in asked["headers"].items())
    asked["headers"]["x-long"] = "x" * room
    assert world.pass_on(asked).status == 200
    asked["headers"]["x-long"] += "x"
    answer = world.pass_on(asked)
    assert answer.status == 431
    assert answer.json["type"] == "urn:problem-type:carillon:headers-too-large"


def test_the_largest_sensible_body_is_taken(world: World) -> None:
    body = {
        **MAILING,
        "text": "👋" * 1000,
        "filter": {
            "tags": [f"{n:02}" + "👋" * 62 for n in range(50)],
            "operator_codes": [f"{n:03}" for n in range(50)],
        },
    }
    raw = json.dumps(body, ensure_ascii=True)
    assert len(raw) < BODY_BYTES_MAX
    assert world.call("POST", "/mailings", raw=raw).status == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=utf-16",
        "",
    ],
)
def test_another_content_type_is_415(world: World, content_type: str) -> None:
    answer = world.call("POST", "/clients", CLIENT, headers={"content-type": content_type})
    assert answer.status == 415
    assert world.clients.by_id == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json; charset=UTF-8"},
        {"Content-Type": 'Application/JSON;charset="utf-8"'},
        {},
    ],
)
def test_json_by_any_spelling_is_taken(world: World, headers: dict[str, str]) -> None:
    answer = world.pass_on(event("POST", "/api/v1/clients", json.dumps(CLIENT), headers=headers))
    assert answer.status == 201


def test_a_body_may_come_in_base64(world: World) -> None:
    text = "Привет"
    raw = json.dumps({**MAILING, "text": text}, ensure_ascii=False).encode()
    body = base64.b64encode(raw).decode()
    answer = world.pass_on(event("POST", "/api/v1/mailings", body, is_base64=True))
    assert (answer.status, answer.json["text"]) == (201, text)


@pytest.mark.parametrize("raw", [b'{"phone": "\xff\xfe"}', b"\x80"])
def test_a_body_that_is_not_utf_8_is_400(world: World, raw: bytes) -> None:
    body = base64.b64encode(raw).decode()
    answer = world.pass_on(event("POST", "/api/v1/clients", body, is_base64=True))
    assert answer.status == 400


def test_a_body_that_is_not_base64_is_400(world: World) -> None:
    answer = world.pass_on(event("POST", "/api/v1/clients", "%%%", is_base64=True))
    assert answer.status == 400


@pytest.mark.parametrize("path", ["/clients", "/mailings", "/stats", "/messages"])
@pytest.mark.parametrize(
    "limit", ["0", "-1", "201", "1.0", "+5", " 5", "1_0", "５", "x", "", "9" * 5000]
)
def test_a_limit_out_of_range_is_422(world: World, path: str, limit: str) -> None:
    answer = world.get(path, limit=limit)
    assert (answer.status, answer.fields) == (422, ["limit"])


@pytest.mark.parametrize("limit", [1, 200])
def test_a_limit_within_range(world: World, limit: int) -> None:
    assert world.get("/clients", limit=limit).status == 200


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/clients", {"phone": "9000000001"}),
        ("/clients", {"phone": ""}),
        ("/clients", {"operator_code": "9"}),
        ("/clients", {"tag": ""}),
        ("/clients", {"operatorcode": "900"}),
        ("/mailings", {"status": "pending"}),
        ("/mailings", {"status": ""}),
        ("/mailings", {"status": "Running"}),
        ("/mailings/m0000001/messages", {"status": "running"}),
        ("/mailings/m0000001", {"fields": "id"}),
    ],
)
def test_a_wrong_query_is_422(world: World, path: str, query: dict[str, str]) -> None:
    answer = world.get(path, **query)
    assert (answer.status, answer.fields) == (422, list(query))


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "%00", "é", "A" * 3000, "AAAAAAAAAAAAAAAAAAAAAAAA", "===="]
)
@pytest.mark.parametrize("path", ["/clients", "/mailings", "/stats", "/mailings/m0000001/messages"])
def test_a_cursor_that_is_not_ours_is_400(world: World, path: str, cursor: str) -> None:
    world.mailings.add(a_mailing(), None)
    assert world.get(path, cursor=cursor).status == 400


def test_a_cursor_of_another_list_is_400(world: World) -> None:
    world.mailings.add(a_mailing(1), None)
    world.mailings.add(a_mailing(2), None)
    cursor = world.get("/mailings", limit=1).json["next_cursor"]
    assert world.get("/mailings", limit=1, cursor=cursor).status == 200
    assert world.get("/mailings", status="running", cursor=cursor).status == 400
    assert world.get("/stats", cursor=cursor).status == 400
    assert world.get("/messages", client_id="c1", cursor=cursor).status == 400
    by_phone = world.get("/clients", phone="79000000001", cursor=cursor)
    assert by_phone.status == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
names = st.sampled_from([*CLIENT, *MAILING, "tags", "operator_code", "time_window"])
filters = st.dictionaries(st.sampled_from(["tags", "operator_codes"]), json_values)


@given(
    path=st.sampled_from(["/clients", "/mailings"]),
    changes=st.dictionaries(names, json_values | filters, min_size=1, max_size=4),
)
def test_no_body_is_too_strange(same_world: World, path: str, changes: dict[str, Any]) -> None:
    same_world.clients.by_id.clear()
    same_world.mailings.by_id.clear()
    whole = CLIENT if path == "/clients" else MAILING
    answer = same_world.call("POST", path, {**whole, **changes})
    assert answer.status in (201, 400, 422)
    stored = len(same_world.clients.by_id) + len(same_world.mailings.by_id)
    assert stored == (answer.status == 201)


@given(raw=st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_is_too_strange(same_world: World, raw: str) -> None:
    assert same_world.call("POST", "/clients", raw=raw).status in (400, 422)
