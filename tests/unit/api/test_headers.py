"""Every answer, good or bad, carries what guards it in a browser."""

from carillon.headers import DATA_POLICY, EVERY_ANSWER
from functions.api.headers import PAGE_POLICY
from functions.api.incoming import BODY_BYTES_MAX, TARGET_BYTES_MAX
from tests.unit.api.calling import CLIENT, Answer, World, event
from tests.unit.api.test_problems import Broken


def every_kind_of_answer(world: World) -> dict[str, Answer]:
    client_id = world.make("/clients", CLIENT)
    broken = World()
    broken.api = broken.composed(directory=Broken(OSError("no")))
    return {
        "found": world.get("/clients"),
        "created": world.call("POST", "/clients", {**CLIENT, "phone": "79000000002"}),
        "changed": world.call("PATCH", f"/clients/{client_id}", {"tags": ["vip"]}),
        "gone": world.call("DELETE", f"/clients/{client_id}"),
        "health": world.get("/health"),
        "document": world.get("/openapi.json"),
        "page": world.get("/docs"),
        "script": world.get("/docs/init.js"),
        "redirect": world.pass_on(event("GET", "/auth/authorize")),
        "malformed": world.call("POST", "/clients", raw="{"),
        "nothing there": world.get("/clients/none"),
        "no route": world.pass_on(event("GET", "/nowhere")),
        "wrong method": world.call("POST", "/stats"),
        "taken": world.call("POST", "/clients", {**CLIENT, "phone": "79000000002"}),
        "too large": world.call("POST", "/clients", raw="x" * (BODY_BYTES_MAX + 1)),
        "too long": world.get("/clients/" + "x" * TARGET_BYTES_MAX),
        "not JSON": world.call("POST", "/clients", CLIENT, headers={"content-type": "text/html"}),
        "invalid": world.call("POST", "/clients", {}),
        "internal": broken.get("/clients/any"),
    }


def test_every_answer_is_guarded(world: World) -> None:
    answers = every_kind_of_answer(world)

    assert {answer.status for answer in answers.values()} == {
        *(200, 201, 204, 302, 400, 404, 405, 409, 413, 414, 415, 422, 500)
    }
    for kind, answer in answers.items():
        assert EVERY_ANSWER.items() <= answer.headers.items(), kind
        policy = PAGE_POLICY if kind == "page" else DATA_POLICY
        assert answer.headers["Content-Security-Policy"] == policy, kind
        assert "frame-ancestors 'none'" in policy


def test_no_answer_of_the_api_is_kept_by_anybody(world: World) -> None:
    pages = {"document", "page", "script"}
    for kind, answer in every_kind_of_answer(world).items():
        assert (answer.headers.get("Cache-Control") == "no-store") == (kind not in pages), kind


def test_the_policy_of_pages_allows_nothing_inline_and_nothing_foreign() -> None:
    assert PAGE_POLICY.startswith("default-src 'none'; ")
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert "*" not in PAGE_POLICY


def test_the_page_belongs_to_itself_and_may_still_open_a_window(world: World) -> None:
    policy = world.get("/docs").headers["Cross-Origin-Opener-Policy"]
    assert policy == "same-origin-allow-popups"
