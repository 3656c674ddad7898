"""The front door: its port leads to the deployed API, every other port to the emulator."""

import asyncio
import json
from typing import Any

import pytest

from local import front_door
from local.front_door import FrontDoor

PORT = 8000


class Emulator:
    """Remembers what reached it, and knows the APIs that it was told of."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, _receive: Any, _send: Any) -> None:
        self.seen.append(dict(scope))


def ask(
    door: FrontDoor,
    *,
    port: int,
    path: str = "/api/v1/clients",
    at: str = "127.0.0.1",
    **scope_beside: Any,
) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "server": (at, port),
        "path": path,
        "raw_path": path.encode().replace(b" ", b"%20"),
        **scope_beside,
    }
    asyncio.run(door(scope, receive, send))
    return sent


def door(emulator: Emulator, *, deployed: bool) -> FrontDoor:
    return FrontDoor(emulator, port=PORT, api_id="ca411104", is_open=lambda: deployed)


def test_a_path_is_served_by_the_deployed_api() -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=True), port=PORT, path="/api/v1/a b")
    (scope,) = emulator.seen
    assert scope["path"] == "/_aws/execute-api/ca411104/$default/api/v1/a b"
    assert scope["raw_path"] == b"/_aws/execute-api/ca411104/$default/api/v1/a%20b"


@pytest.mark.parametrize(
    "path",
    [
        "/oauth2/authorize",
        "/oauth2/token",
        "/login",
        "/logout",
        "/us-east-1_4wmU3Jotv/.well-known/openid-configuration",
        "/us-east-1_4wmU3Jotv/.well-known/jwks.json",
    ],
)
def test_the_managed_login_is_behind_the_same_door(path: str) -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=True), port=PORT, path=path)
    assert emulator.seen[0]["path"] == path


@pytest.mark.parametrize(
    "path", ["/oauth2/token/x", "/login/", "/docs/login", "/_aws/execute-api/x", "/a_b/x/jwks.json"]
)
def test_nothing_else_of_the_emulator_is(path: str) -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=True), port=PORT, path=path)
    assert emulator.seen[0]["path"].endswith(f"/$default{path}")


def test_before_the_deployment_nobody_signs_in() -> None:
    emulator = Emulator()
    start, _ = ask(door(emulator, deployed=False), port=PORT, path="/login")
    assert (start["status"], emulator.seen) == (503, [])


def test_other_ports_pass_through() -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=False), port=4566)
    assert emulator.seen[0]["path"] == "/api/v1/clients"


def test_before_the_deployment_it_says_so() -> None:
    emulator = Emulator()
    start, body = ask(door(emulator, deployed=False), port=PORT)
    assert emulator.seen == []
    assert start["status"] == 503
    assert dict(start["headers"])[b"content-type"] == b"application/problem+json"
    assert json.loads(body["body"])["status"] == 503


def test_it_listens_on_both_loopback_addresses_where_both_exist(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("socket.has_ipv6", False)
    assert front_door.bind_addresses(PORT) == ["127.0.0.1:8000"]
    assert front_door.bind_addresses(PORT, EVERYWHERE) == [f"{EVERYWHERE}:8000"]
    assert front_door.bind_addresses(PORT, "10.0.0.7") == ["127.0.0.1:8000", "10.0.0.7:8000"]


EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound to it here
OUTSIDE = "172.17.0.2"
SIGNED = b"X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=ab"
UPLOAD: dict[str, Any] = {
    "path": "/carillon-uploads-1x/imports/abc234.csv",
    "method": "PUT",
    "query_string": SIGNED,
    "headers": [(b"host", b"127.0.0.1:4566"), (b"content-type", b"text/csv")],
}


def test_from_elsewhere_the_api_is_reached_and_a_signed_file() -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=True), port=PORT, at=OUTSIDE)
    ask(door(emulator, deployed=True), port=4566, at=OUTSIDE, **UPLOAD)
    assert [scope["path"] for scope in emulator.seen] == [
        "/_aws/execute-api/ca411104/$default/api/v1/clients",
        UPLOAD["path"],
    ]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"path": "/"},
        {"path": "/_ministack/health"},
        {"path": "/cdk-assets/x.zip"},
        {"path": "/bucket/imports/a/../../b"},
        {"method": "POST"},
        {"method": "DELETE"},
        {"query_string": b""},
        {"query_string": SIGNED.replace(b"s3", b"sqs")},
        {"query_string": SIGNED + b"&Action=DeleteQueue"},
        {"headers": [(b"host", b"sqs.us-east-1.amazonaws.com:4566")]},
        {"headers": [*UPLOAD["headers"], (b"x-amz-target", b"DynamoDB_20120810.Scan")]},
        {"headers": [*UPLOAD["headers"], (b"authorization", b"AWS4-HMAC-SHA256 ...")]},
        {"type": "websocket"},
    ],
)
def test_from_elsewhere_nothing_else_of_the_account_is(otherwise: dict[str, Any]) -> None:
    emulator = Emulator()
    sent = ask(door(emulator, deployed=True), port=4566, at=OUTSIDE, **{**UPLOAD, **otherwise})
    assert emulator.seen == []
    assert sent[0].get("status") == (None if "type" in otherwise else 404)


def test_no_other_protocol_comes_in_by_the_front_door_from_elsewhere() -> None:
    emulator = Emulator()
    ask(door(emulator, deployed=True), port=PORT, at=OUTSIDE, type="websocket")
    assert emulator.seen == []
