"""Who may ask at all, who is remembered as who asked, and how a page gets its token."""

import logging
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from carillon.errors import SignInUnavailable
from carillon.ports import TokenAnswer
from functions.api.routes.sign_in import FIELDS_MAX, Console
from tests.fakes.identity_provider import TOKENS
from tests.fakes.samples import a_mailing
from tests.unit.api.calling import CLIENT, CONSOLE, MAILING, Answer, World, event
from tests.unit.api.test_problems import Broken

FORM = {"content-type": "application/x-www-form-urlencoded"}
CODE = {
    "grant_type": "authorization_code",
    "client_id": CONSOLE.client_id,
    "code": "2f9f5c6e-4a57",
    "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "redirect_uri": "https://api.test/docs/oauth2-redirect.html",
}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "opaque"}


def exchange(world: World, form: dict[str, Any], **headers: str) -> Answer:
    return world.call(
        "POST", "/auth/token", raw=urlencode(form), headers={**FORM, **headers}, caller=None
    )


# Who may ask.


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize(
    "path", ["/clients", "/clients/c1", "/mailings/m1/start", "/stats", "/nothing"]
)
def test_a_route_without_an_authorizer_is_closed(world: World, method: str, path: str) -> None:
    answer = world.call(method, path, CLIENT, caller=None)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json["type"] == "urn:problem-type:carillon:unauthenticated"
    assert world.clients.by_id == {}


def test_a_stranger_is_turned_away_before_the_body_is_looked_at(world: World) -> None:
    assert world.call("POST", "/clients", raw="x" * 100_000, caller=None).status == 401


@pytest.mark.parametrize(
    "authorizer",
    [
        None,
        {},
        {"jwt": {}},
        {"jwt": {"claims": {}}},
        {"jwt": {"claims": {"sub": ""}}},
        {"jwt": {"claims": {"sub": None}}},
        {"lambda": {"sub": "me"}},
        {"iam": {"userId": "me"}},
    ],
)
def test_only_a_verified_subject_counts(world: World, authorizer: Any) -> None:
    asked = event("GET", "/api/v1/clients", headers={"authorization": "Bearer a.b.c"}, caller=None)
    asked["requestContext"]["authorizer"] = authorizer
    assert world.pass_on(asked).status == 401


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json", "/auth/config"])
def test_pages_are_open(world: World, path: str) -> None:
    assert world.call("GET", path, caller=None).status == 200


@pytest.mark.parametrize("path", ["//api/v1/clients", "/API/v1/clients", "/docs/../api/v1/clients"])
def test_what_nobody_thought_of_is_closed(world: World, path: str) -> None:
    assert world.pass_on(event("GET", path, caller=None)).status == 401


# Who is remembered.


def test_a_mailing_tells_who_made_it_and_who_changed_it_last(world: World) -> None:
    made = world.call("POST", "/mailings", MAILING, caller="alice").json
    assert (made["created_by"], made["updated_by"]) == ("alice", "alice")
    path = f"/mailings/{made['id']}"
    changed = world.call("PATCH", path, {"text": "New"}, caller="bob").json
    assert (changed["created_by"], changed["updated_by"]) == ("alice", "bob")
    assert world.call("PATCH", path, {"text": "New"}, caller="eve").json == changed
    assert world.call("POST", f"{path}/cancel", caller="carol").json["updated_by"] == "carol"
    assert world.get(path).json["updated_by"] == "carol"


def test_a_deleted_mailing_tells_who_deleted_it(world: World) -> None:
    mailing_id = world.make("/mailings", MAILING)
    world.call("DELETE", f"/mailings/{mailing_id}", caller="bob")
    assert world.mailings.by_id[mailing_id].updated_by == "bob"


def test_a_recount_is_no_change_of_the_mailing(world: World) -> None:
    mailing_id = world.make("/mailings", MAILING)
    world.call("POST", f"/mailings/{mailing_id}/recount", caller="bob")
    assert world.mailings.by_id[mailing_id].updated_by != "bob"


def test_a_mailing_from_before_there_was_sign_in_names_nobody(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    shown = world.get("/mailings/m0000001").json
    assert (shown["created_by"], shown["updated_by"]) == (None, None)


def test_an_idempotency_key_is_its_caller_s_own(world: World) -> None:
    key = {"idempotency-key": "k"}
    first = world.call("POST", "/mailings", MAILING, headers=key, caller="alice")
    again = world.call("POST", "/mailings", MAILING, headers=key, caller="alice")
    other = world.call("POST", "/mailings", MAILING, headers=key, caller="bob")
    assert again == first
    assert other.json["id"] != first.json["id"]


# How a page gets its token.


def test_a_page_is_told_how_to_sign_in(world: World) -> None:
    assert world.get("/auth/config").json == {
        "issuer": CONSOLE.issuer,
        "authorize_url": "https://sign-in.test/oauth2/authorize",
        "token_url": "https://sign-in.test/oauth2/token",
        "logout_url": "https://sign-in.test/logout",
        "client_id": CONSOLE.client_id,
        "scopes": ["carillon/read", "carillon/write"],
    }


def test_a_browser_is_sent_to_the_provider_with_what_it_asks_for(world: World) -> None:
    query: dict[str, object] = {"response_type": "code", "state": "a&b=c", "scope": "x y"}
    answer = world.call("GET", "/auth/authorize", query=query, caller=None)
    assert answer.status == 302
    place = urlsplit(answer.headers["Location"])
    assert (place.netloc, place.path) == ("sign-in.test", "/oauth2/authorize")
    assert parse_qs(place.query) == {name: [value] for name, value in query.items()}


def test_an_audience_is_told_to_the_provider(world: World) -> None:
    world = World(console=Console(issuer="https://other.test/", client_id="c", audience="urn:api"))
    answer = world.call("GET", "/auth/authorize", query={"state": "s", "audience": "other"})
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["audience"] == ["urn:api"]
    assert world.get("/auth/config").json["authorize_url"].endswith("?audience=urn%3Aapi")


def test_without_a_client_of_ours_nobody_signs_in_on_a_page() -> None:
    world = World(console=Console(issuer="https://other.test/"))
    assert world.get("/auth/config").json["client_id"] is None
    assert world.get("/auth/authorize").status == 404
    assert exchange(world, CODE).status == 404
    assert world.provider.asked == []


@pytest.mark.parametrize("form", [CODE, REFRESH])
def test_the_provider_is_asked_with_what_is_needed_and_nothing_else(
    world: World, form: dict[str, str]
) -> None:
    more = {"client_secret": "guessed", "scope": "admin", "aws_client_metadata": "{}"}
    answer = exchange(world, {**form, **more}, authorization="Basic Z3Vlc3NlZA==")
    assert (answer.status, answer.json) == (200, TOKENS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert world.provider.asked == [{**form, "client_id": CONSOLE.client_id}]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
        ({"client_id": "another"}, "invalid_client"),
        ({"code": ""}, "invalid_request"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
    ],
)
def test_what_is_not_ours_to_exchange_does_not_reach_the_provider(
    world: World, changes: dict[str, str], error: str
) -> None:
    answer = exchange(world, {**CODE, **changes})
    assert (answer.status, answer.json) == (400, {"error": error})
    assert world.provider.asked == []


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "nonsense",
        f"{urlencode(CODE)}&code=twice",
        "&".join(f"f{n}=v" for n in range(FIELDS_MAX + 1)),
    ],
)
def test_what_is_no_form_is_refused(world: World, raw: str) -> None:
    answer = world.call("POST", "/auth/token", raw=raw, headers=FORM)
    assert (answer.status, world.provider.asked) == (400, [])


def test_only_a_form_is_taken(world: World) -> None:
    assert world.call("POST", "/auth/token", CODE).status == 415
    assert exchange(world, {**CODE, "code": "x" * 70_000}).status == 413


def test_the_provider_s_no_is_passed_on(world: World) -> None:
    world.provider.answer = TokenAnswer(400, {"error": "invalid_grant"})
    answer = exchange(world, CODE)
    assert (answer.status, answer.json) == (400, {"error": "invalid_grant"})


def test_a_silent_provider_is_503_and_no_secret_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.api = world.composed(provider=Broken(SignInUnavailable(CODE["code"])))
    for answer in (exchange(world, CODE), world.get("/auth/config")):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    [record, _] = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert (record.getMessage(), record.__dict__["what"]) == ("unavailable", "sign-in")
    assert str(CODE["code"]) not in repr([each.__dict__ for each in caplog.records])
