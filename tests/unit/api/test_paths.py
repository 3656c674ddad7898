"""Ids of any shape, unknown paths and wrong methods."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.api.calling import World

WITH_AN_ID: list[tuple[str, str, object]] = [
    ("GET", "/clients/{}", None),
    ("PATCH", "/clients/{}", {"tags": []}),
    ("DELETE", "/clients/{}", None),
    ("GET", "/clients/{}/messages", None),
    ("GET", "/mailings/{}", None),
    ("PATCH", "/mailings/{}", {"text": "New"}),
    ("DELETE", "/mailings/{}", None),
    ("GET", "/mailings/{}/stats", None),
    ("GET", "/mailings/{}/messages", None),
    ("POST", "/mailings/{}/start", None),
    ("POST", "/mailings/{}/pause", None),
    ("POST", "/mailings/{}/resume", None),
    ("POST", "/mailings/{}/cancel", None),
    ("GET", "/messages/{}", None),
]
STRANGE_IDS = [
    "zzzzzzzzzzzzzzzz",
    "00000000-0000-0000-0000-000000000000",
    "a-b",
    "-",
    "a-",
    "-a",
    "1",
    "0",
    "null",
    "%00",
    "%2e%2e%2f",
    "..",
    "%zz",
    "%ff%fe",
    "a b",
    "{id}",
    "<script>",
    "'; DROP TABLE clients; --",
    "клиент",
    "👋",
    "\u0000",
    "\n",
    '"',
    "\\",
    "a" * 64,
    "a" * 65,
    "a" * 3000,
    "a" * 3000 + "-" + "b" * 3000,
    "%41" * 2000,
]


@pytest.mark.parametrize("unknown", STRANGE_IDS, ids=lambda text: ascii(text)[:30])
@pytest.mark.parametrize(("method", "path", "body"), WITH_AN_ID)
def test_an_id_of_any_shape_that_we_do_not_know_is_404(
    world: World, method: str, path: str, body: object, unknown: str
) -> None:
    for text in (unknown, quote(unknown, safe="")):
        answer = world.call(method, path.format(text), body)
        assert answer.status == 404
        assert answer.json["status"] == 404


@given(unknown=st.text(min_size=1))
def test_no_id_is_too_strange(same_world: World, unknown: str) -> None:
    for path in ("/clients/{}", "/mailings/{}/stats", "/messages/{}"):
        for text in (unknown, quote(unknown, safe="", errors="replace")):
            assert same_world.get(path.format(text)).status in (404, 405)


@given(unknown=st.text())
def test_no_id_in_a_query_is_too_strange(same_world: World, unknown: str) -> None:
    assert same_world.get("/messages", mailing_id=unknown).status == 404
    assert same_world.get("/messages", client_id=unknown).status in (200, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1",
        "/api/v1/",
        "/api/v1/client",
        "/api/v1/clients/",
        "/api/v1/clients/a/b",
        "/api/v1/import",
        "/api/v1/mailings/m1/stop",
        "/api/v2/clients",
        "/docs/",
        "/docs/handler.py",
        "/docs/..%2fhandler.py",
        "/docs/docs.html",
    ],
)
def test_an_unknown_path_is_404(world: World, path: str) -> None:
    answer = world.get(path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/clients", "GET, POST"),
        ("GET", "/imports", "POST"),
        ("DELETE", "/clients", "GET, POST"),
        ("POST", "/clients/a", "DELETE, GET, PATCH"),
        ("POST", "/mailings/a/stats", "GET"),
        ("GET", "/mailings/a/start", "POST"),
        ("PATCH", "/messages/a", "GET"),
        ("POST", "/stats", "GET"),
    ],
)
def test_a_wrong_method_is_405(world: World, method: str, path: str, allowed: str) -> None:
    answer = world.call(method, path, {} if method != "DELETE" else None)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)
