"""The API in this process behind a socket: what API Gateway does to a request, and no more.

Without an emulator in between a request takes a millisecond or so, which is what thousands of
hostile ones need.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

from functions.api.app import Api

ROUTES = {
    "GET": ("/api/v1/", "/health", "/openapi.json", "/docs", "/auth/config", "/auth/authorize"),
    "POST": ("/api/v1/", "/auth/token"),
    "PATCH": ("/api/v1/",),
    "DELETE": ("/api/v1/",),
}
"""As `infra.http_api` has them."""


SIGNED_IN = {"Authorization": "Bearer hostile"}
"""What a request has to send for the authorizer to vouch for its caller."""


class Gateway(BaseHTTPRequestHandler):
    """Makes an event of each request, and an HTTP answer of each answer."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write an answer: of two, the second waits 40 ms for the first's receipt
    api: Api
    turn: Lock

    def __getattr__(self, name: str) -> Any:
        """Any method: `do_GET` and all that callers may make up."""
        if name.startswith("do_"):
            return self._pass_on
        raise AttributeError(name)

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        if not path.startswith(ROUTES.get(self.command, ())):
            self._answer(404, {"Content-Type": "application/json"}, b'{"message":"Not Found"}')
            return
        with self.turn:  # a function answers one request at a time
            answer = self.api.answer(self._event(path, query, body), None)  # type: ignore[arg-type]
        text = answer["body"]
        content = base64.b64decode(text) if answer["isBase64Encoded"] else text.encode()
        self._answer(answer["statusCode"], answer["headers"], content)

    def _event(self, path: str, query: str, body: bytes) -> dict[str, Any]:
        pairs: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            pairs[name] = f"{pairs[name]},{value}" if name in pairs else value
        return {
            "version": "2.0",
            "routeKey": f"{self.command} /api/v1/{{proxy+}}",
            "rawPath": unquote(path),
            "rawQueryString": query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            **({"queryStringParameters": pairs} if pairs else {}),
            "requestContext": {
                "http": {
                    "method": self.command,
                    "path": unquote(path),
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": self.headers.get("User-Agent", ""),
                },
                "requestId": "hostile",
                **self._authorizer(),
                "stage": "$default",
            },
            **({"body": base64.b64encode(body).decode()} if body else {}),
            "isBase64Encoded": bool(body),
        }

    def _authorizer(self) -> dict[str, Any]:
        """The claims that API Gateway verified; here it is the one token or none."""
        if self.headers.get("Authorization") != SIGNED_IN["Authorization"]:
            return {}
        return {"authorizer": {"jwt": {"claims": {"sub": "hostile"}, "scopes": None}}}

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@contextmanager
def serving(api: Api) -> Iterator[str]:
    """The address of the API."""
    handler = type("Serving", (Gateway,), {"api": api, "turn": Lock()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
