"""The HTTP adapter against the stand-in gateway, and against servers that break every rule."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carillon.adapters.deadline import Address
from carillon.adapters.gateway_http import ANSWER_MAX_BYTES, HttpGateway
from carillon.errors import Unavailable
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from local.gateway import Behaviour, Mood, StandIn
from tests.contract.raw_gateway import OK, RawGateway, Serve, answering, answering_once
from tests.contract.tls_files import TlsFiles, make_tls_files

CALL = GatewayCall(gateway_id=2**63 - 1, phone="70000000001", text="Привет, Zwiebelkuchen!")
TOKEN = "eyJhbGciOi.made-up.k1b2c3d4"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

SHORT_S = 0.15
LATE_S = 0.25
"""How much later than its budget a call may return on a busy machine. What it is held against
here would go on for seconds; on an idle machine calls return within a few milliseconds."""


class StoppedClock:
    """Always noon."""

    def now(self) -> datetime:
        return NOON


@contextmanager
def calling(url: str, **options: object) -> Iterator[HttpGateway]:
    """The adapter, its connections closed at the end."""
    chosen = {"token": lambda: TOKEN, "clock": StoppedClock(), "connections": 4, **options}
    gateway = HttpGateway(url, **chosen)  # type: ignore[arg-type]
    try:
        yield gateway
    finally:
        gateway.close()


def outcome_of(serve: Serve) -> GatewayOutcome:
    """What becomes of one call to a raw gateway."""
    with RawGateway(serve) as raw, calling(raw.url) as gateway:
        return gateway.send(CALL, budget_s=5)


def timed(gateway: HttpGateway, budget_s: float) -> NoReply:
    """Call, and insist that it ends in time without a reply."""
    begun = time.monotonic()
    outcome = gateway.send(CALL, budget_s=budget_s)
    assert time.monotonic() - begun < max(budget_s, 0) + LATE_S
    assert isinstance(outcome, NoReply)
    return outcome


class TestTheContract:
    def test_the_request_is_exactly_what_the_contract_says(self) -> None:
        with RawGateway(answering(OK)) as raw, calling(raw.url + "/") as gateway:
            outcome = gateway.send(CALL, budget_s=5)
        head, body = raw.requests[0].split(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        assert lines[0] == f"POST /v1/send/{CALL.gateway_id} HTTP/1.1"
        assert f"Authorization: Bearer {TOKEN}" in lines
        assert json.loads(body) == {"id": 2**63 - 1, "phone": 70000000001, "text": CALL.text}
        assert isinstance(outcome, Reply)
        assert replace(outcome, duration_s=0) == Reply(200, 0, None, "", duration_s=0)

    def test_the_stand_in_accepts_it(self) -> None:
        with StandIn(token=TOKEN) as stand_in, calling(stand_in.url) as gateway:
            assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            (call,) = stand_in.control.calls()
        assert (call.phone, call.text, call.accepted) == (70000000001, CALL.text, True)

    @pytest.mark.parametrize(
        ("mood", "status", "code"),
        [
            (Mood.HTTP_500, 500, None),
            (Mood.HTTP_503, 503, None),
            (Mood.HTTP_429, 429, 429),
            (Mood.HTTP_401, 401, 401),
            (Mood.HTTP_400, 400, 400),
            (Mood.HTTP_404, 404, None),
            (Mood.REDIRECT, 307, None),
            (Mood.GARBAGE, 200, None),
            (Mood.EMPTY, 200, None),
            (Mood.WRONG_CODE, 200, 7),
        ],
    )
    def test_every_answer_is_reported_as_it_is_and_nothing_is_asked_twice(
        self, mood: Mood, status: int, code: int | None
    ) -> None:
        with StandIn(Behaviour(shares={mood: 1})) as stand_in, calling(stand_in.url) as gateway:
            outcome = gateway.send(CALL, budget_s=5)
            assert stand_in.control.summary().calls == 1
        assert isinstance(outcome, Reply)
        assert (outcome.status, outcome.code) == (status, code)

    @pytest.mark.parametrize("mood", [Mood.DROP_BEFORE, Mood.DROP_AFTER])
    def test_a_dropped_connection_leaves_the_outcome_open(self, mood: Mood) -> None:
        with StandIn(Behaviour(shares={mood: 1})) as stand_in, calling(stand_in.url) as gateway:
            outcome = gateway.send(CALL, budget_s=5)
            assert stand_in.control.summary().calls == 1
        assert isinstance(outcome, NoReply)
        assert (outcome.cause, outcome.handed_over) == ("broken", True)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ('{"code":0}', 0),
            ('{"code":-3}', -3),
            ('{"code":true}', None),
            ('{"code":false}', None),
            ('{"code":0.0}', None),
            ('{"code":"0"}', None),
            ('{"code":null}', None),
            ('{"message":"OK"}', None),
            ("[0]", None),
            ("0", None),
            ("null", None),
            ('{"code":0', None),
            ("[" * 60_000, None),
            ("9" * 60_000, None),
            ("\N{BYTE ORDER MARK}" + '{"code":0}', 0),
        ],
    )
    def test_only_an_integer_code_of_an_object_counts(self, body: str, code: int | None) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body.encode())
        outcome = outcome_of(answering(answer + body.encode()))
        assert isinstance(outcome, Reply)
        assert outcome.code == code

    @pytest.mark.parametrize(
        ("header", "after_s"),
        [
            ("7", 7.0),
            ("0", 0.0),
            ("99999999999", 99999999999.0),
            ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0),
            ("Sat, 21 Nov 2026 15:00:30 +0300", 30.0),
            ("Sat, 21 Nov 2026 12:00:30 -0000", 30.0),
            ("Sat, 21 Nov 2026 11:59:59 GMT", None),
            ("Sat, 21 Nov 2026 12:00:30 +99999999999999", None),
            ("-7", None),
            ("7.5", None),
            ("٧", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_retry_after_in_seconds_or_as_a_date(self, header: str, after_s: float | None) -> None:
        head = f"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: {header}\r\n\r\n"
        outcome = outcome_of(answering(head.encode()))
        assert isinstance(outcome, Reply)
        assert outcome.retry_after_s == after_s


class TestTheDeadline:
    def test_a_silent_gateway(self) -> None:
        behaviour = Behaviour(shares={Mood.SILENT: 1}, silent_s=5)
        with StandIn(behaviour) as stand_in, calling(stand_in.url) as gateway:
            outcome = timed(gateway, SHORT_S)
        assert (outcome.cause, outcome.handed_over) == ("timeout", True)
        assert SHORT_S <= outcome.duration_s < SHORT_S + LATE_S

    @pytest.mark.parametrize(
        "dripped",
        [
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000,
            b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000,
            b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000,
        ],
        ids=["header", "interim", "body", "chunks", "body to the end"],
    )
    def test_a_gateway_that_drips(self, dripped: bytes) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            head, _, rest = dripped.partition(b"\r\n")
            connection.sendall(head + b"\r\n")
            raw.drip(connection, rest, every_s=0.02)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            outcome = timed(gateway, SHORT_S)
        assert (outcome.cause, outcome.handed_over) == ("timeout", True)

    def test_a_gateway_that_begins_and_falls_silent(self) -> None:
        """Each wait gets what is left of the budget, not all of it again."""

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            raw.drip(connection, b"H", every_s=0.4)
            raw.over.wait(5)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            outcome = timed(gateway, 0.5)
        assert (outcome.cause, outcome.handed_over) == ("timeout", True)

    def test_the_gateway_is_told_that_the_call_was_cut(self) -> None:
        """A reset, unlike an orderly end, also discards what the kernel has not sent yet."""
        ended: list[str] = []

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            try:
                connection.recv(1)
            except ConnectionResetError:
                ended.append("reset")

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            timed(gateway, SHORT_S)
            raw.wait_until_closed()
        assert ended == ["reset"]

    @pytest.mark.parametrize("first", [b"", b"\x16\x03\x03\x40\x00"], ids=["silent", "dripping"])
    def test_a_slow_tls_handshake_and_no_request_after_it(self, first: bytes) -> None:
        received: list[bytes] = []

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            received.append(connection.recv(65536))
            connection.sendall(first)
            raw.drip(connection, b"\x00" * 1000 if first else b"", every_s=0.02)
            while more := connection.recv(65536):
                received.append(more)

        with RawGateway(serve) as raw, calling(raw.url.replace("http:", "https:")) as gateway:
            outcome = timed(gateway, SHORT_S)
        assert (outcome.cause, outcome.handed_over) == ("timeout", False)
        assert len(received) == 1, "more than the client's hello was sent"

    def test_a_host_that_does_not_take_connections(self) -> None:
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            address = full.getsockname()
            with socket.create_connection(address), calling(f"http://127.0.0.1:{address[1]}") as it:
                outcome = timed(it, SHORT_S)
        assert (outcome.cause, outcome.handed_over) == ("timeout", False)

    def test_names_that_are_found_too_late_are_not_called(self) -> None:
        found, answered = Event(), Event()

        def look_up(host: str, port: int) -> list[Address]:
            found.wait(5)
            answered.set()
            return _loopback(port)

        with RawGateway(answering(OK)) as raw:
            with calling(f"http://gateway.invalid:{raw.port}", look_up=look_up) as gateway:
                outcome = timed(gateway, SHORT_S)
                found.set()
                assert answered.wait(5)
            assert raw.connections == 0
        assert (outcome.cause, outcome.handed_over) == ("timeout", False)

    def test_a_dead_name_server_holds_one_thread_however_many_call(self) -> None:
        asked: list[str] = []
        end = Event()

        def look_up(host: str, port: int) -> list[Address]:
            asked.append(host)
            end.wait(5)
            return []

        with calling("http://gateway.invalid", look_up=look_up) as gateway:
            with ThreadPoolExecutor(8) as pool:
                outcomes = list(pool.map(lambda _: timed(gateway, SHORT_S), range(8)))
            end.set()
        assert {outcome.cause for outcome in outcomes} == {"timeout"}
        assert asked == ["gateway.invalid"]

    def test_an_address_that_hangs_leaves_time_for_the_next(self) -> None:
        with socket.socket() as full, RawGateway(answering(OK)) as raw:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            hanging = (*_loopback(0)[0][:4], full.getsockname())

            def look_up(host: str, port: int) -> list[Address]:
                return [hanging, *_loopback(raw.port)]

            with (
                socket.create_connection(full.getsockname()),
                calling("http://gateway.invalid", look_up=look_up) as gateway,
            ):
                assert isinstance(gateway.send(CALL, budget_s=0.5), Reply)

    @pytest.mark.parametrize("budget_s", [0, -1])
    def test_without_time_nobody_is_called(self, budget_s: float) -> None:
        with RawGateway(answering(OK)) as raw, calling(raw.url) as gateway:
            assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            outcome = timed(gateway, budget_s)
            assert len(raw.requests) == 1
        assert (outcome.cause, outcome.handed_over) == ("not_called", False)

    def test_the_callers_of_a_silent_gateway_do_not_wait_for_each_other(self) -> None:
        behaviour = Behaviour(shares={Mood.SILENT: 1}, silent_s=5)
        with StandIn(behaviour) as stand_in, calling(stand_in.url) as gateway:
            begun = time.monotonic()
            with ThreadPoolExecutor(20) as pool:
                outcomes = list(pool.map(lambda _: gateway.send(CALL, budget_s=0.5), range(20)))
            assert time.monotonic() - begun < 5, "one after the other it would be twice as long"
            assert stand_in.control.summary().calls == 20
        assert {each.cause for each in outcomes if isinstance(each, NoReply)} == {"timeout"}
        assert not any(isinstance(each, Reply) for each in outcomes)


class TestWhetherItWasHandedOver:
    def test_a_refused_connection(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with calling(f"http://127.0.0.1:{port}") as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("connect", False)

    @pytest.mark.parametrize("error", [socket.gaierror(-2, "not known"), UnicodeError("label")])
    def test_a_name_that_is_not_found(self, error: Exception) -> None:
        def look_up(host: str, port: int) -> list[Address]:
            raise error

        with calling("https://gateway.invalid", look_up=look_up) as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("dns", False)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "/v1",
            "gateway",
            "http://",
            "https:///v1",
            "ftp://127.0.0.1/v1",
            "http://127.0.0.1:99999/v1",
            "http://127.0.0.1:port/v1",
            "http://[::1/v1",
            "http://exa mple/v1",
            "http://" + "a" * 64 + ".invalid",
            "http://.",
            "http://a\x00b/v1",
        ],
    )
    def test_a_url_that_is_none(self, url: str) -> None:
        with calling(url) as gateway:
            outcome = timed(gateway, 5)
        assert outcome.cause in {"connect", "dns"}
        assert not outcome.handed_over

    def test_a_token_that_cannot_be_read(self) -> None:
        def token() -> str:
            raise Unavailable("the token cannot be read")

        with RawGateway(answering(OK)) as raw, calling(raw.url, token=token) as gateway:
            outcome = timed(gateway, 5)
            assert raw.connections == 0
        assert (outcome.cause, outcome.handed_over) == ("not_called", False)

    @pytest.mark.parametrize("token", ["two\nlines", "жетон"])
    def test_a_token_that_no_header_can_carry(self, token: str) -> None:
        with RawGateway(answering(OK)) as raw, calling(raw.url, token=lambda: token) as gateway:
            outcome = timed(gateway, 5)
            assert raw.requests == []
        assert not outcome.handed_over

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"\x00\xff\xfe",
            b"SSH-2.0-OpenSSH_9.9\r\n",
            b"HTTP/1.1 two hundred\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1000 + b"\r\n",
        ],
    )
    def test_whatever_is_no_http_answer_came_after_the_request(self, answer: bytes) -> None:
        outcome = outcome_of(answering_once(answer))
        assert isinstance(outcome, NoReply)
        assert (outcome.cause, outcome.handed_over) == ("broken", True)

    @settings(max_examples=25, deadline=None)
    @given(
        head=st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 503 \r\n\r\n"]),
        noise=st.lists(
            st.one_of(
                st.binary(max_size=20),
                st.sampled_from([b"\r\n", b"Content-Length: ", b"Retry-After: ", b"1\r\n"]),
            ),
            max_size=8,
        ),
    )
    def test_no_noise_makes_it_raise(self, head: bytes, noise: list[bytes]) -> None:
        outcome = outcome_of(answering_once(head + b"".join(noise)))
        assert isinstance(outcome, Reply) or outcome.handed_over

    @pytest.mark.parametrize(
        "head",
        [b"Content-Length: 99999999\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n"],
    )
    def test_an_answer_without_end_is_read_to_a_limit(self, head: bytes) -> None:
        sent: list[int] = []

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + head)
            for _ in range(1000):
                connection.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
                sent.append(0x1000)

        outcome = outcome_of(serve)
        assert isinstance(outcome, NoReply)
        assert (outcome.cause, outcome.handed_over) == ("too_large", True)
        assert sum(sent) < 1000 * 0x1000, "all of it was read"

    def test_an_answer_at_the_limit_is_whole(self) -> None:
        body = b'{"code":0}' + b" " * (ANSWER_MAX_BYTES - 10)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        outcome = outcome_of(answering(head + body))
        assert isinstance(outcome, Reply)
        assert outcome.code == 0


class TestConnections:
    def test_they_are_kept(self) -> None:
        empty = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        with RawGateway(answering(empty)) as raw, calling(raw.url) as gateway:
            for _ in range(10):
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert (raw.connections, len(raw.requests)) == (1, 10)

    def test_one_that_the_gateway_closed_is_replaced(self) -> None:
        with RawGateway(answering_once(OK)) as raw, calling(raw.url) as gateway:
            for _ in range(3):
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
                raw.wait_until_closed()
            assert raw.connections == 3

    def test_one_that_rested_too_long_is_replaced(self) -> None:
        with RawGateway(answering(OK)) as raw, calling(raw.url, idle_max_s=0) as gateway:
            for _ in range(2):
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert raw.connections == 2

    def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_ones(self) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            raw.over.wait(SHORT_S * 2 if len(raw.requests) == 1 else 0)
            connection.sendall(OK.replace(b'"code":0', b'"code":%d' % len(raw.requests)))
            raw.over.wait(5)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            timed(gateway, SHORT_S)
            second = gateway.send(CALL, budget_s=5)
        assert isinstance(second, Reply)
        assert second.code == 2

    def test_an_interim_answer_is_none_and_what_follows_is_not_taken_for_the_next_ones(
        self,
    ) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            if len(raw.requests) == 1:
                connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                raw.read_request(connection)
            connection.sendall(OK)
            raw.over.wait(5)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            first, second = (gateway.send(CALL, budget_s=5) for _ in range(2))
            assert raw.connections == 2
        assert isinstance(first, NoReply)
        assert (first.cause, first.handed_over) == ("broken", True)
        assert isinstance(second, Reply)

    def test_the_environment_and_the_urls_password_change_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with RawGateway(answering(OK)) as raw:
            with calling(raw.url.replace("//", "//user:password@")) as gateway:
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert f"Authorization: Bearer {TOKEN}\r\n".encode() in raw.requests[0]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    return make_tls_files(tmp_path_factory.mktemp("tls"))


class TestTls:
    def test_a_trusted_gateway_is_called_and_its_connection_kept(self, tls: TlsFiles) -> None:
        with (
            RawGateway(answering(OK), tls=tls.context()) as raw,
            calling(raw.url, ca_file=tls.certificate) as gateway,
        ):
            for _ in range(3):
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert (raw.connections, len(raw.requests)) == (1, 3)

    def test_a_dripped_answer_is_cut_too(self, tls: TlsFiles) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            raw.drip(connection, OK, every_s=0.02)

        with (
            RawGateway(serve, tls=tls.context()) as raw,
            calling(raw.url, ca_file=tls.certificate) as gateway,
        ):
            outcome = timed(gateway, SHORT_S)
        assert (outcome.cause, outcome.handed_over) == ("timeout", True)

    def test_a_token_that_no_header_can_carry_is_not_blamed_on_tls(self, tls: TlsFiles) -> None:
        with (
            RawGateway(answering(OK), tls=tls.context()) as raw,
            calling(raw.url, ca_file=tls.certificate, token=lambda: "two\nlines") as gateway,
        ):
            outcome = timed(gateway, 5)
            assert raw.requests == []
        assert (outcome.cause, outcome.handed_over) == ("connect", False)

    def test_a_stranger_gets_no_request(self, tls: TlsFiles) -> None:
        with RawGateway(answering(OK), tls=tls.context()) as raw, calling(raw.url) as gateway:
            outcome = timed(gateway, 5)
            assert raw.requests == []
        assert (outcome.cause, outcome.handed_over) == ("tls", False)

    def test_another_hosts_certificate_is_a_strangers(self, tls: TlsFiles) -> None:
        with RawGateway(answering(OK), tls=tls.context()) as raw:
            url = raw.url.replace("127.0.0.1", "gateway.invalid")

            def look_up(host: str, port: int) -> list[Address]:
                return _loopback(port)

            with calling(url, ca_file=tls.certificate, look_up=look_up) as gateway:
                outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("tls", False)

    def test_a_gateway_without_tls(self) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with RawGateway(serve) as raw, calling(raw.url.replace("http:", "https:")) as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("tls", False)


class TestPrivacy:
    @pytest.mark.parametrize(
        "told",
        [
            json.dumps({"error": f"cannot send {CALL.text} to {CALL.phone} with {TOKEN}"}),
            f"cannot send {CALL.text[:15]}... to +{CALL.phone[:9]} with Bearer {TOKEN[:9]}...",
            f"text=%20{CALL.text}&phone={CALL.phone}\n\n\t{TOKEN}",
            json.dumps({"error": f"\n{CALL.text}\n{TOKEN}"}, ensure_ascii=False),
        ],
    )
    def test_what_was_sent_is_not_repeated(
        self, told: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        broken_header = f"X-{CALL.phone} {TOKEN} Zwiebelkuchen\r\n"
        for head in ("HTTP/1.1 400 Bad\r\n", f"HTTP/1.1 400 Bad\r\n{broken_header}", "HTTP/1.1 "):
            length = len(told.encode())
            outcome = outcome_of(
                answering_once(f"{head}Content-Length: {length}\r\n\r\n{told}".encode())
            )
            shown = (
                outcome.excerpt if isinstance(outcome, Reply) else outcome.detail
            ) + caplog.text.replace(str(CALL.gateway_id), "")
            for secret in ("7000", "ривет", "wiebel", "hbGci", "made-up", "k#b"):
                assert secret not in shown

    def test_an_excerpt_is_one_short_line(self) -> None:
        body = b"<html>\r\n\t<title>Fehler 42</title>\x07\xff" + b"blah " * 100
        head = b"HTTP/1.1 500 Oops\r\nContent-Length: %d\r\n\r\n" % len(body)
        outcome = outcome_of(answering(head + body))
        assert isinstance(outcome, Reply)
        assert outcome.excerpt.startswith("<html> <title>Fehler ##</title>")
        assert outcome.excerpt.isprintable()
        assert len(outcome.excerpt) == 200


def _loopback(port: int) -> list[Address]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
