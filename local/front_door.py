"""`http://localhost:8000`: the deployed HTTP API at an address that a person can remember.

AWS gives every HTTP API a host name of its own; the emulator serves it under
`/_aws/execute-api/<id>/$default/`. The front door is a second listener of the same process that
puts this prefix before each path, so a request is parsed once and nothing is copied. It stays shut
until the launcher says that all is deployed as asked: nobody meets yesterday's settings.

AWS gives Cognito's documents and its managed login host names of their own, too. Their paths are
none of the API's, so they pass through this door as they are: one port is all that a browser needs.

The door is on loopback only. A container's loopback is nobody else's, so there the launcher is told
one more address to listen on. What comes in by that one reaches the API, the sign-in and, at the
emulator's port, the files of imports, whose signed addresses name it; the rest of the account it
does not.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from local.places import LOOPBACK

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

NOT_DEPLOYED = json.dumps(
    {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "Carillon is being deployed to the local stack. Try again in a moment.",
    }
).encode()


_SIGN_IN = re.compile(
    r"/oauth2/(authorize|token)|/login|/logout|/[a-z0-9-]+_[A-Za-z0-9]+/\.well-known/[a-z.-]+"
)
"""The paths of the managed login, and of a user pool's documents."""


_LOOPBACKS = (LOOPBACK, "::1")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a container is told, and compared with here

_FILE = re.compile(r"/[a-z0-9][a-z0-9-]+/(imports|rejected)/[\w.-]+", re.ASCII)
"""The path of an uploaded file or of its refused lines, with the bucket before it."""
_FILE_METHODS = ("PUT", "GET", "OPTIONS")
_SIGNED_FOR_S3 = re.compile(rb"X-Amz-Credential=[^&]+%2Fs3%2Faws4_request&")


def bind_addresses(port: int, also: str | None = None, *, ipv6: bool = True) -> list[str]:
    """Loopback, and `also` this address.

    `localhost` means ::1 to some programs and 127.0.0.1 to others; a machine may lack ::1.
    """
    ours = LOOPBACK if also != _EVERYWHERE else also  # which includes it
    addresses = [f"{ours}:{port}"]
    if also not in (None, ours):
        addresses.append(f"{also}:{port}")
    if ipv6 and socket.has_ipv6:
        with socket.socket(socket.AF_INET6) as probe:
            try:
                probe.bind(("::1", 0))
            except OSError:
                return addresses
        addresses.append(f"[::1]:{port}")
    return addresses


def prefix(api_id: str) -> str:
    """Before the path of each request to the API, at the emulator's own port."""
    return f"/_aws/execute-api/{api_id}/$default"


class FrontDoor:
    """An ASGI application: requests on the front door's port go to the API, others pass through."""

    def __init__(
        self, inner: Application, *, port: int, api_id: str, is_open: Callable[[], bool]
    ) -> None:
        self._inner = inner
        self._port = port
        self._is_open = is_open
        self.requests = 0  # beginnings and ends of requests so far, on all ports
        self._prefix = prefix(api_id)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            host, port = scope["server"]
            is_ours = scope["type"] == "http" and port == self._port
            if not is_ours and host not in _LOOPBACKS and not _is_file_of_import(scope):
                await _turn_away(scope, send)
                return
            if is_ours and not self._is_open():
                await self._refuse(send)
                return
            if is_ours and not _SIGN_IN.fullmatch(scope["path"]):
                scope = self._for_the_api(scope)
        self.requests += 1
        try:
            await self._inner(scope, receive, send)
        finally:
            self.requests += 1

    def _for_the_api(self, scope: Scope) -> Scope:
        raw_path = scope.get("raw_path") or scope["path"].encode()
        return {
            **scope,
            "path": self._prefix + scope["path"],
            "raw_path": self._prefix.encode() + raw_path,
        }

    @staticmethod
    async def _refuse(send: Send) -> None:
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(NOT_DEPLOYED)).encode()),
            (b"retry-after", b"5"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": NOT_DEPLOYED})


def _is_file_of_import(scope: Scope) -> bool:
    """Whether it is what a browser does with a signed address, and nothing that looks like it.

    The emulator tells services by a request's headers and host before it looks at the path.
    """
    headers = dict(scope.get("headers", ()))
    host = headers.get(b"host", b"").decode("latin-1").rpartition(":")[0]
    return (
        scope["type"] == "http"
        and scope["method"] in _FILE_METHODS
        and bool(_FILE.fullmatch(scope["path"]))
        and bool(_SIGNED_FOR_S3.search(scope["query_string"]))
        and b"Action=" not in scope["query_string"]
        and host in (LOOPBACK, "localhost")
        and not {b"authorization", b"x-amz-target"} & headers.keys()
    )


async def _turn_away(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
