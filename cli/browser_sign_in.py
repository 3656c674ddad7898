"""Signing in with a browser, by authorization code with PKCE (RFC 7636), as RFC 8252 asks of
programs on a person's machine: the person's own browser, and a loopback address to come back to.

Cognito compares that address letter by letter and takes plain http for `localhost` alone, so the
port is fixed and stands in `infra/sign_in.py` as well.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cli import oauth
from cli.errors import CliError, NotSignedIn
from cli.surroundings import Surroundings

PORT = 18473
CALLBACK = f"http://localhost:{PORT}/callback"
WAIT_S = 300
"""Long enough for a password manager and a second factor."""

VERIFIER_BYTES = 48
STATE_BYTES = 24

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Carillon</title>
<p>{words} You can close this page and go back to the terminal.</p></html>"""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent along, and must come back or be proved."""

    verifier: str
    state: str

    @classmethod
    def new(cls) -> Request:
        """One that nobody can guess."""
        return cls(
            verifier=secrets.token_urlsafe(VERIFIER_BYTES), state=secrets.token_urlsafe(STATE_BYTES)
        )

    def address(self, settings: Mapping[str, Any]) -> str:
        """Where the browser goes, by the deployment's `/auth/config`."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings["client_id"],
            "redirect_uri": CALLBACK,
            "scope": " ".join(["openid", *settings.get("scopes", [])]),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        url = str(settings["authorize_url"])
        return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"

    def code_in(self, path: str) -> str | None:
        """The code with which the browser came back; None for a visit that is not ours.

        Raises:
            NotSignedIn: the provider says no.
        """
        place = urlsplit(path)
        answer = {name: values[0] for name, values in parse_qs(place.query).items()}
        is_ours = secrets.compare_digest(answer.get("state", "").encode(), self.state.encode())
        if place.path != urlsplit(CALLBACK).path or not is_ours:
            return None
        if "error" in answer:
            raise NotSignedIn(
                f"The sign-in was refused: {answer['error']}.", answer.get("error_description", "")
            )
        return answer.get("code")


def run(
    around: Surroundings, settings: Mapping[str, Any], *, open_browser: bool = True
) -> oauth.Tokens:
    """Let the person sign in, and exchange the code.

    Raises:
        NotSignedIn: the deployment has no sign-in for people, or it was refused or took too long.
    """
    if not settings.get("client_id"):
        raise NotSignedIn("Nobody signs in here with a browser: its tokens come from elsewhere.")
    request = Request.new()
    address = request.address(settings)
    with _listening(request) as server:
        around.err.print("Sign in in your browser. If none opens, open this address:")
        around.err.print(address, soft_wrap=True, markup=False)
        if open_browser:
            around.open_browser(address)
        code = server.wait()
    form = {
        "grant_type": "authorization_code",
        "client_id": str(settings["client_id"]),
        "code": code,
        "code_verifier": request.verifier,
        "redirect_uri": CALLBACK,
    }
    with around.web() as web:
        return oauth.ask(web, str(settings["token_url"]), form)


class _Server(HTTPServer):
    """Waits for the browser to come back; nobody else's visit counts."""

    timeout = WAIT_S
    request: Request
    code: str | None = None
    refused: NotSignedIn | None = None
    timed_out = False

    def wait(self) -> str:
        """The code."""
        while self.code is None:
            self.handle_request()
            if self.refused is not None:
                raise self.refused
            if self.timed_out:
                raise NotSignedIn("Nobody signed in within five minutes.")
        return self.code

    def handle_timeout(self) -> None:
        """Give up."""
        self.timed_out = True


class _Visit(BaseHTTPRequestHandler):
    """One request of a browser."""

    server: _Server

    def do_GET(self) -> None:
        """Take the code, and say how it went."""
        words = "This is not the page that you were sent to."
        status = 404
        try:
            code = self.server.request.code_in(self.path)
        except NotSignedIn as error:
            self.server.refused, words, status = error, str(error), 400
        else:
            if code:
                self.server.code, words, status = code, "You are signed in.", 200
        body = PAGE.format(words=html.escape(words)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing: the path has the code in it."""


def _listening(request: Request) -> _Server:
    try:
        server = _Server(("127.0.0.1", PORT), _Visit)
    except OSError as error:
        raise CliError(
            f"Port {PORT} is taken, and the sign-in leads back there: {error.strerror}.",
            "Perhaps another `carillon login` waits.",
        ) from error
    server.request = request
    return server
