"""The adapter of an identity provider, against one on loopback that says whatever it is told."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest

from carillon.adapters.curl_slot import ANSWER_MAX_BYTES
from carillon.adapters.identity_provider import LIFETIME, OidcProvider
from carillon.errors import SignInUnavailable
from carillon.ports import ProviderAddresses, TokenAnswer
from tests.contract.tls_files import TlsFiles, make_tls_files
from tests.fakes import FakeClock

CONFIGURATION = "/.well-known/openid-configuration"
FORM = {"grant_type": "authorization_code", "client_id": "c", "code": "a&b=c", "code_verifier": "v"}
TOKENS = {"access_token": "a.b.c", "refresh_token": "opaque", "expires_in": 3600}
POLL_S = 0.02
DRIP_S = 0.02
IMPATIENT_S = 0.3


@dataclass
class Provider:
    """`answers` are statuses and bodies by path; `asked` is what came, with the forms."""

    url: str
    answers: dict[str, tuple[int, Any]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    hangs: Event | None = None
    drips: bool = False

    def adapter(self, clock: FakeClock | None = None, **options: Any) -> OidcProvider:
        """The adapter that looks for it."""
        return OidcProvider(
            f"{self.url}{CONFIGURATION}", issuer=self.url, clock=clock or FakeClock(), **options
        )

    def configure(self, **changes: object) -> None:
        """Publish addresses, some of them otherwise; None leaves one out."""
        document = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "end_session_endpoint": f"{self.url}/logout",
            **changes,
        }
        known = {name: value for name, value in document.items() if value is not None}
        self.answers[CONFIGURATION] = (200, known)


@contextmanager
def serving(tls: TlsFiles | None = None) -> Iterator[Provider]:
    """A provider that answers until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = dict(parse_qsl(self.rfile.read(length).decode(), strict_parsing=length > 0))
            served.asked.append((self.path, form))
            if served.hangs is not None:
                served.hangs.wait(10)
            status, content = served.answers.get(self.path, (404, {}))
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Location", f"{served.url}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who asked may have gone
                for n in range(len(body)) if served.drips else ():
                    self.wfile.write(body[n : n + 1])
                    time.sleep(DRIP_S)
                self.wfile.write(b"" if served.drips else body)

        do_POST = do_GET  # noqa: N815 - their name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.context().wrap_socket(server.socket, server_side=True)
        scheme = "https" if tls else "http"
        served = Provider(f"{scheme}://127.0.0.1:{server.server_port}", {})
        served.configure()
        thread = Thread(target=server.serve_forever, args=(POLL_S,), daemon=True)
        thread.start()
        yield served
        server.shutdown()
        thread.join()


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as each:
        yield each


def test_it_is_found_by_its_configuration(provider: Provider) -> None:
    assert provider.adapter().addresses() == ProviderAddresses(
        authorize_url=f"{provider.url}/authorize",
        token_url=f"{provider.url}/token",
        logout_url=f"{provider.url}/logout",
    )


def test_not_every_provider_lets_people_sign_out(provider: Provider) -> None:
    provider.configure(end_session_endpoint=None)
    assert provider.adapter().addresses().logout_url is None


def test_the_configuration_is_read_once_an_hour(provider: Provider) -> None:
    clock = FakeClock()
    adapter = provider.adapter(clock)
    for _ in range(3):
        adapter.addresses()
    clock.advance(LIFETIME.total_seconds() - 1)
    adapter.addresses()
    assert len(provider.asked) == 1
    clock.advance(1)
    provider.configure(token_endpoint=f"{provider.url}/new")
    assert adapter.addresses().token_url.endswith("/new")


def test_a_form_is_sent_as_it_is(provider: Provider) -> None:
    provider.answers["/token"] = (200, {**TOKENS, "session_state": "theirs"})
    assert provider.adapter().exchange(FORM) == TokenAnswer(200, TOKENS)
    assert provider.asked[-1] == ("/token", FORM)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_no_is_an_answer(provider: Provider, status: int) -> None:
    refusal = {"error": "invalid_grant", "error_description": "expired"}
    provider.answers["/token"] = (status, refusal)
    assert provider.adapter().exchange(FORM) == TokenAnswer(status, refusal)


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": "server_error"}),
        (302, TOKENS),
        (404, {}),
        (200, b"<html>"),
        (200, b""),
        (200, b"[]"),
        (200, b"\xff"),
        (200, {"access_token": "x" * ANSWER_MAX_BYTES}),
    ],
)
def test_what_is_no_answer_is_trouble(provider: Provider, answer: tuple[int, Any]) -> None:
    provider.answers["/token"] = answer
    with pytest.raises(SignInUnavailable):
        provider.adapter().exchange(FORM)
    assert [path for path, _ in provider.asked] == [CONFIGURATION, "/token"]


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://another.test"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": 7},
        {"token_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "data:text/html,x"},
    ],
)
def test_a_configuration_that_cannot_be_trusted_is_not_used(
    provider: Provider, changes: dict[str, object]
) -> None:
    provider.configure(**changes)
    with pytest.raises(SignInUnavailable):
        provider.adapter().exchange(FORM)
    assert [path for path, _ in provider.asked] == [CONFIGURATION]


def test_a_silent_provider_is_not_waited_for(provider: Provider) -> None:
    provider.hangs = Event()
    with pytest.raises(SignInUnavailable):
        provider.adapter(limit_s=IMPATIENT_S).addresses()
    provider.hangs.set()


def test_a_provider_that_drips_is_not_waited_for(provider: Provider) -> None:
    provider.drips = True
    began = time.monotonic()
    with pytest.raises(SignInUnavailable):
        provider.adapter(limit_s=IMPATIENT_S).addresses()
    whole_answer_s = DRIP_S * len(json.dumps(provider.answers[CONFIGURATION][1]))
    assert time.monotonic() - began < whole_answer_s / 2


def test_nobody_there_is_trouble_too() -> None:
    with serving() as gone:
        adapter = gone.adapter(limit_s=IMPATIENT_S)
    with pytest.raises(SignInUnavailable):
        adapter.addresses()


def test_secrets_are_in_no_error(provider: Provider) -> None:
    provider.answers["/token"] = (200, b'{"access_token": "a.b.c"')
    with pytest.raises(SignInUnavailable) as trouble:
        provider.adapter().exchange(FORM)
    assert trouble.value.__cause__ is None
    assert trouble.value.__suppress_context__
    assert "a.b.c" not in str(trouble.value)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_tls_files(tmp_path_factory.mktemp("tls"))


def test_only_trusted_certificates_will_do(tls: TlsFiles) -> None:
    with serving(tls) as secure:
        trusting: Callable[..., OidcProvider] = secure.adapter
        assert trusting(ca_file=tls.certificate).addresses().token_url.startswith("https://")
        with pytest.raises(SignInUnavailable):
            trusting().addresses()


def test_a_secure_provider_cannot_send_us_to_plain_http(tls: TlsFiles) -> None:
    with serving(tls) as secure:
        secure.configure(token_endpoint="http://127.0.0.1:1/token")
        with pytest.raises(SignInUnavailable):
            secure.adapter(ca_file=tls.certificate).addresses()
