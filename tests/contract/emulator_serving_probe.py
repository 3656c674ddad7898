"""Asks one application the same questions, byte by byte, through each way to serve it.

`python -m tests.contract.emulator_serving_probe` prints one JSON object: server → its answers.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import socket
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local.front_door import Receive, Scope, Send
from tests.contract.probing import prepare, tell

LARGE = 300_000
"""Bytes: more than either server takes in at once."""
PATIENCE_S = 20.0
END = b"Connection: close\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: here\r\n"

CONVERSATIONS: dict[str, tuple[bytes, ...]] = {
    "get": (b"GET /a%20b/%C3%A9?x=%2F&y HTTP/1.1\r\nHost: here\r\nX-Two: a\r\nx-two: b\r\n" + END,),
    "kept alive": (
        b"GET /one HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET /two HTTP/1.1\r\nHost: here\r\n" + END,
    ),
    "pipelined": (
        b"GET /one HTTP/1.1\r\nHost: here\r\n\r\nGET /two HTTP/1.1\r\nHost: here\r\n" + END,
    ),
    "head": (b"HEAD /echo HTTP/1.1\r\nHost: here\r\n" + END,),
    "nothing": (b"GET /nothing HTTP/1.1\r\nHost: here\r\n" + END,),
    "in chunks": (b"GET /chunks HTTP/1.1\r\nHost: here\r\n" + END,),
    "cookies": (b"GET /cookies HTTP/1.1\r\nHost: here\r\n" + END,),
    "body": (POST + b"Content-Length: 5\r\n" + END + b"hello",),
    "body in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n" + END,
        b"5\r\nhello\r\n0\r\n\r\n",
    ),
    "large body": (POST + b"Content-Length: %d\r\n" % LARGE + END + LARGE * b"x",),
    "expecting": (POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n" + END, b"hello"),
    "forwarded": (
        b"GET /a HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 8.8.8.8\r\n"
        b"X-Forwarded-Proto: https\r\n" + END,
    ),
    "old": (b"GET /a HTTP/1.0\r\nHost: here\r\n\r\n",),
}

_last_path = contextvars.ContextVar("last_path", default="none")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells what arrived, and whether a request before it left something behind."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{step}"
            await send({"type": f"lifespan.{step}.complete"})
        return
    behind, body, more = _last_path.get(), b"", True
    _last_path.set(scope["path"])
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    told = {name: scope[name] for name in ("method", "path", "scheme", "http_version", "type")}
    told |= {name: scope[name].decode() for name in ("raw_path", "query_string")}
    told |= {"host": scope["client"][0], "server": scope["server"][0], "behind": behind}
    told |= {"body": len(body), "begins": body[:9].decode()}
    told |= {"headers": [[name.decode(), value.decode()] for name, value in scope["headers"]]}
    answer = json.dumps(told).encode()
    headers = [(b"X-Cased", b"Value"), (b"date", b"today")]
    status = 204 if scope["path"] == "/nothing" else 200
    if scope["path"] == "/cookies":
        headers += [(b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2")]
    if status == 200 and scope["path"] != "/chunks":
        headers.append((b"Content-Length", str(len(answer)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if scope["path"] == "/chunks":
        await send({"type": "http.response.body", "body": b"first,", "more_body": True})
    await send({"type": "http.response.body", "body": b"" if status == 204 else answer})


async def answers(serve: Callable[..., Awaitable[None]]) -> dict[str, Any]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked_to_stop = asyncio.Event()
    serving = asyncio.ensure_future(
        serve(application, [f"127.0.0.1:{port}"], until=asked_to_stop.wait)
    )
    found: dict[str, Any] = {name: await told(port, parts) for name, parts in CONVERSATIONS.items()}
    asked_to_stop.set()
    await asyncio.wait_for(serving, PATIENCE_S)
    try:
        await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        found["stopped"] = True
    return found


async def told(port: int, parts: tuple[bytes, ...]) -> Any:
    """All that is answered: by line, with the names of headers in lower case."""
    reader, writer = await _connected(port)
    answer = b""
    for number, part in enumerate(parts):
        writer.write(part)
        await writer.drain()
        if number < len(parts) - 1:  # whoever waits for something gets it first
            with_body = b"chunked" in part
            answer += b"" if with_body else await reader.read(LARGE)
    answer += await asyncio.wait_for(reader.read(-1), PATIENCE_S)
    writer.close()
    return [_plain(line) for line in answer.decode().split("\r\n")]


def _plain(line: str) -> str:
    name, colon, value = line.partition(": ")
    return name.lower() + colon + value if colon and "{" not in name else line


async def _connected(port: int) -> Any:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name))
        from ministack import app  # noqa: F401 - changes hypercorn

        from local.emulator import serving

        both = serving.serve_as_ministack_does, serving.serve_quickly
        tell({each.__name__: asyncio.run(answers(each)) for each in both})
