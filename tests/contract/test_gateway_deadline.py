"""The HTTP adapter's one deadline, from the name's look-up to the last byte of the answer."""

import socket
import time

import pytest

from carillon.models.gateway import NoReply, Reply
from local.gateway import Behaviour, Mood, StandIn
from tests.contract.gateway_calls import CALL, LATE_S, SHORT_S, calling, timed
from tests.contract.raw_gateway import OK, RawGateway, answering


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
            outcomes = gateway.send_often(CALL, budget_s=0.5, times=20)
            assert time.monotonic() - begun < 5, "one after the other it would be twice as long"
            assert stand_in.control.summary().calls == 20
        assert {each.cause for each in outcomes if isinstance(each, NoReply)} == {"timeout"}
        assert not any(isinstance(each, Reply) for each in outcomes)
