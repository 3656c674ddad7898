"""The HTTP adapter against the stand-in gateway, and against servers that break every rule."""

import json
import logging
import socket
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carillon.adapters.curl_slot import ANSWER_MAX_BYTES
from carillon.errors import Unavailable
from carillon.models.gateway import NoReply, Reply
from local.gateway import Behaviour, Mood, StandIn
from tests.contract.gateway_calls import CALL, TOKEN, calling, outcome_of, timed
from tests.contract.raw_gateway import OK, RawGateway, answering, answering_once

NO_NAME = "a" * 64 + ".invalid"
"""No label of a name may be that long, so that no name server is asked for it."""


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


class TestWhetherItWasHandedOver:
    def test_a_refused_connection(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with calling(f"http://127.0.0.1:{port}") as gateway:
            outcome = timed(gateway, 5)
        assert (outcome.cause, outcome.handed_over) == ("connect", False)

    def test_a_name_that_is_not_found(self) -> None:
        with calling(f"https://{NO_NAME}") as gateway:
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
            f"http://{NO_NAME}",
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
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 100_000 + b"\r\n",
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
