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


def ask(door: FrontDoor, *, port: int, path: str = "/api/v1/clients") -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "server": ("127.0.0.1", port),
        "path": path,
        "raw_path": path.encode().replace(b" ", b"%20"),
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
