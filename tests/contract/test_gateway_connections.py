"""The HTTP adapter's connections: kept, replaced, and secured by TLS."""

import socket
import time
from threading import Event

import pytest

from carillon.models.gateway import Reply
from tests.contract.gateway_calls import CALL, SHORT_S, TOKEN, calling, timed
from tests.contract.raw_gateway import OK, RawGateway, answering, answering_once
from tests.contract.tls_files import TlsFiles, make_tls_files


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

    def test_so_are_all_that_it_closed_however_long_ago(self) -> None:
        """Ten rest when the gateway goes. Whichever is taken next, none of them is used."""
        went = Event()

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            if raw.connections >= 10:
                went.set()
            went.wait(5)
            connection.sendall(OK)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            for pause_s in (0, 0.5, 1.1):
                outcomes = gateway.send_often(CALL, budget_s=5, times=10)
                assert all(isinstance(each, Reply) for each in outcomes)
                raw.wait_until_closed()
                time.sleep(pause_s)
            assert (raw.connections, len(raw.requests)) == (30, 30)

    def test_one_that_rested_too_long_is_replaced(self) -> None:
        with RawGateway(answering(OK)) as raw, calling(raw.url, idle_max_s=1) as gateway:
            for _ in range(2):
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert raw.connections == 1
            time.sleep(1.1)
            assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            assert raw.connections == 2

    def test_one_that_breaks_before_the_answer_is_not_asked_again_on_another(self) -> None:
        """As curl would by itself: the gateway may have taken the first one."""

        def serve(raw: RawGateway, connection: socket.socket) -> None:
            raw.read_request(connection)
            connection.sendall(OK)
            raw.read_request(connection)

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            outcome = timed(gateway, 5)
            assert len(raw.requests) == 2
        assert (outcome.cause, outcome.handed_over) == ("broken", True)

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

    @pytest.mark.parametrize("hint", ["100 Continue", "102 Processing", "103 Early Hints"])
    def test_an_interim_answer_is_followed_by_the_answer(self, hint: str) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            while raw.read_request(connection):
                connection.sendall(f"HTTP/1.1 {hint}\r\nRetry-After: 5\r\n\r\n".encode() * 2)
                connection.sendall(OK.replace(b'"code":0', b'"code":%d' % len(raw.requests)))

        with RawGateway(serve) as raw, calling(raw.url) as gateway:
            outcomes = [gateway.send(CALL, budget_s=5) for _ in range(2)]
            assert raw.connections == 1
        told = [(each.code, each.retry_after_s) for each in outcomes if isinstance(each, Reply)]
        assert told == [(1, None), (2, None)]

    def test_a_protocol_that_nobody_asked_for_is_no_answer(self) -> None:
        switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
        with RawGateway(answering_once(switch)) as raw, calling(raw.url) as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("broken", True)

    def test_the_environment_and_the_urls_password_change_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with RawGateway(answering(OK)) as raw:
            with calling(raw.url.replace("//", "//user:password@")) as gateway:
                assert isinstance(gateway.send(CALL, budget_s=5), Reply)
            (request,) = raw.requests
            assert request.count(b"Authorization:") == 1
            assert f"Authorization: Bearer {TOKEN}\r\n".encode() in request


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
            url = raw.url.replace("127.0.0.1", "localhost")
            with calling(url, ca_file=tls.certificate) as gateway:
                outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("tls", False)

    def test_a_gateway_without_tls(self) -> None:
        def serve(raw: RawGateway, connection: socket.socket) -> None:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        with RawGateway(serve) as raw, calling(raw.url.replace("http:", "https:")) as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("tls", False)
