"""A small OpenID provider on loopback, as far as API Gateway and our pages look at one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.tokens import Signer


@dataclass
class Issuer:
    """`url` ends in a slash, as Auth0's does; `asked` are the paths that were looked at."""

    url: str
    signer: Signer
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> object:
        """The document at this path, None where there is none."""
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}keys",
                "authorization_endpoint": f"{self.url}authorize",
                "token_endpoint": f"{self.url}token",
            },
            "/keys": {"keys": [self.signer.jwk]},
        }.get(path)


@contextmanager
def serving_issuer() -> Iterator[Issuer]:
    """One that answers until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            document = issuer.answer(self.path)
            body = json.dumps(document).encode()
            self.send_response(404 if document is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = Issuer(f"http://127.0.0.1:{server.server_port}/", Signer.new("issuer-key"))
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield issuer
        server.shutdown()
        thread.join()
