"""Many transfers in one thread: their turns, their places, and what becomes of them at an end."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from threading import Lock
from threading import enumerate as threads
from typing import Any

import pytest

from carillon.adapters.curl_slot import Answer, Ended, Request
from carillon.adapters.transfers import Transfers
from carillon.models.gateway import NoReply
from local.gateway import Behaviour, StandIn
from local.places import PROJECT_ROOT
from tests.contract.raw_gateway import OK, RawGateway, answering

PATIENCE_S = 10


def asking(url: str, within_s: float = 5.0) -> Request:
    return Request(url=f"{url}/send/1", headers=("Accept: */*",), body=b"{}", within_s=within_s)


def ended(transfers: Transfers, request: Request) -> Ended:
    return transfers.submit(lambda: request).result(PATIENCE_S)


def test_each_waits_for_its_moment_and_the_earlier_one_goes_first() -> None:
    begun: list[tuple[int, float]] = []
    with RawGateway(answering(OK)) as raw, closing(Transfers(at_once=1)) as transfers:

        def begin(number: int) -> Request:
            begun.append((number, time.monotonic()))
            return asking(raw.url)

        submitted = time.monotonic()
        pauses = [0.2, 0.1, 0.0]
        all_ended = [
            transfers.submit(partial(begin, number), after_s=pause_s)
            for number, pause_s in enumerate(pauses)
        ]
        assert all(isinstance(each.result(PATIENCE_S), Answer) for each in all_ended)
    assert [number for number, _ in begun] == [2, 1, 0]
    assert all(at - submitted >= pauses[number] for number, at in begun)


def test_no_more_are_made_at_once_than_there_are_places() -> None:
    lock, now, most = Lock(), [0], [0]

    def serve(raw: RawGateway, connection: socket.socket) -> None:
        while raw.read_request(connection):
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.05)
            with lock:
                now[0] -= 1
            connection.sendall(OK)

    with RawGateway(serve) as raw, closing(Transfers(at_once=3)) as transfers:
        outcomes = [transfers.submit(lambda: asking(raw.url)) for _ in range(9)]
        assert all(isinstance(each.result(PATIENCE_S), Answer) for each in outcomes)
        assert raw.connections == 3
    assert most == [3]


def test_what_is_not_begun_leaves_its_place_to_others() -> None:
    late = NoReply("not_called", False, "late", 0.0)
    with RawGateway(answering(OK)) as raw, closing(Transfers(at_once=1)) as transfers:
        for _ in range(3):
            assert transfers.submit(lambda: late).result(PATIENCE_S) == late
            nowhere = Request(url="none", headers=("two\nlines",), body=None, within_s=1)
            assert isinstance(ended(transfers, nowhere), NoReply)
        assert isinstance(ended(transfers, asking(raw.url)), Answer)
        assert raw.connections == 1


def test_a_thousand_at_two_hundred_places_are_all_answered() -> None:
    with (
        StandIn(Behaviour(latency_ms=20)) as stand_in,
        closing(Transfers(at_once=200)) as transfers,
    ):
        request = Request(
            url=f"{stand_in.url}/send/1",
            headers=("Authorization: Bearer x", "Content-Type: application/json"),
            body=b'{"id": 1, "phone": 79000000001, "text": "Hello"}',
            within_s=30.0,
        )
        outcomes = [transfers.submit(lambda: request) for _ in range(1000)]
        statuses = {each.result(60).status for each in outcomes}  # type: ignore[union-attr]
        assert statuses == {200}
        assert stand_in.control.summary().calls == 1000


def test_one_thread_makes_all_of_them_and_ends_at_the_close() -> None:
    before = set(threads())
    with RawGateway(answering(OK)) as raw:
        transfers = Transfers(at_once=20)
        outcomes = [transfers.submit(lambda: asking(raw.url)) for _ in range(40)]
        assert all(isinstance(each.result(PATIENCE_S), Answer) for each in outcomes)
        (made,) = [each for each in set(threads()) - before if each.name == "transfers"]
        transfers.close()
    assert not made.is_alive()


def test_a_close_ends_what_is_under_way_and_what_waits() -> None:
    def serve(raw: RawGateway, connection: socket.socket) -> None:
        raw.read_request(connection)
        raw.over.wait(PATIENCE_S)

    with RawGateway(serve) as raw:
        transfers = Transfers(at_once=1)
        outcomes = [transfers.submit(lambda: asking(raw.url)) for _ in range(2)]
        transfers.close()
        for each in outcomes:
            with pytest.raises(RuntimeError, match="closed"):
                each.result(PATIENCE_S)


def test_what_is_raised_at_a_begin_is_told_to_who_asked_for_it_alone() -> None:
    def fault() -> Request:
        raise ZeroDivisionError

    with RawGateway(answering(OK)) as raw, closing(Transfers(at_once=1)) as transfers:
        outcomes = [transfers.submit(begin) for begin in (fault, lambda: asking(raw.url))]
        with pytest.raises(ZeroDivisionError):
            outcomes[0].result(PATIENCE_S)
        assert isinstance(outcomes[1].result(PATIENCE_S), Answer)


def test_a_fault_of_the_thread_is_raised_to_all_who_wait_and_the_next_begins_anew() -> None:
    no_text: Any = (1,)
    unforeseen = Request(url="http://none", headers=no_text, body=None, within_s=5)
    with RawGateway(answering(OK)) as raw, closing(Transfers(at_once=2)) as transfers:
        waiting = transfers.submit(lambda: asking(raw.url), after_s=60)
        for each in (transfers.submit(lambda: unforeseen), waiting):
            with pytest.raises(AttributeError):
                each.result(PATIENCE_S)
        assert isinstance(ended(transfers, asking(raw.url)), Answer)


@pytest.fixture(scope="module")
def looked_up() -> dict[str, Any]:
    """What becomes of names where the only name server is silent; see `names_probe`."""
    done = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "--net"),
            *(sys.executable, "-m", "tests.contract.names_probe"),
        ],
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_silent_name_server_is_waited_for_no_longer_than_the_call_may_take(
    looked_up: dict[str, Any],
) -> None:
    assert looked_up["silent"] == [["timeout", False]] * 100
    assert looked_up["silent_s"] < 2.0  # they had half a second, side by side


def test_it_holds_a_few_threads_however_many_call(looked_up: dict[str, Any]) -> None:
    assert looked_up["threads"] <= 25


def test_others_are_answered_meanwhile(looked_up: dict[str, Any]) -> None:
    assert looked_up["meanwhile"] == 200


def test_an_address_that_hangs_leaves_time_for_the_next(looked_up: dict[str, Any]) -> None:
    assert looked_up["second address"] == 200
