"""The stand-in gateway over HTTP, on a port of its own on this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from local.gateway import Behaviour, Mood, StandIn

ROOT = Path(__file__).parents[2]
OK = {"code": 0, "message": "OK"}


@pytest.fixture
def gateway() -> Iterator[StandIn]:
    with StandIn() as gateway:
        yield gateway


def send(
    gateway: StandIn,
    gateway_id: int = 5,
    *,
    authorization: str = "Bearer any",
    timeout_s: float = 5,
    changed: dict[str, object] | None = None,
) -> requests.Response:
    """Call as the contract has it, but for what is `changed` in the body (None: left out)."""
    body = {"id": gateway_id, "phone": 70000000001, "text": "Привет", **(changed or {})}
    return requests.post(
        f"{gateway.url}/send/{gateway_id}",
        data=json.dumps({name: value for name, value in body.items() if value is not None}),
        headers={"Authorization": authorization},
        timeout=timeout_s,
        allow_redirects=False,
    )


def test_a_call_is_accepted_and_remembered(gateway: StandIn) -> None:
    before = time.time()
    answer = send(gateway)
    after = time.time()
    assert (answer.status_code, answer.json()) == (200, OK)
    (call,) = gateway.control.calls()
    assert (call.gateway_id, call.phone, call.text) == ("5", 70000000001, "Привет")
    assert (call.accepted, call.answer, call.attempt) == (True, "ok", 1)
    assert call.ended_at is not None
    assert before <= call.begun_at <= after
    assert call.begun_at <= call.ended_at
    assert gateway.control.accepted()["5"].times == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 6},
        {"id": "5"},
        {"id": None},
        {"phone": "70000000001"},
        {"phone": 89160000001},
        {"phone": True},
        {"phone": None},
        {"text": ""},
        {"text": 5},
        {"text": None},
        {"operator": "916"},
    ],
)
def test_a_body_that_breaks_the_contract(gateway: StandIn, changed: dict[str, object]) -> None:
    answer = send(gateway, changed=changed)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)
    assert gateway.control.accepted() == {}
    assert gateway.control.summary().answers == {"bad request": 1}


def test_any_token_will_do_but_none_will_not(gateway: StandIn) -> None:
    assert send(gateway, authorization="Bearer whatever").status_code == 200
    for none in ("", "Bearer", "Bearer ", "Basic dTpw"):
        assert send(gateway, authorization=none).status_code == 401


def test_a_token_can_be_demanded() -> None:
    with StandIn(token="right") as gateway:
        assert send(gateway, authorization="Bearer right").status_code == 200
        assert send(gateway, authorization="Bearer wrong").status_code == 401
        assert gateway.control.summary().accepted == 1


@pytest.mark.parametrize(
    ("mood", "status", "text", "accepted"),
    [
        (Mood.HTTP_500, 500, "Internal Server Error", 0),
        (Mood.HTTP_500_ACCEPTED, 500, "Internal Server Error", 1),
        (Mood.HTTP_503, 503, "Service Unavailable", 0),
        (Mood.HTTP_429, 429, '{"code":429,"message":"Too Many Requests"}', 0),
        (Mood.HTTP_401, 401, '{"code":401,"message":"Unauthorized"}', 0),
        (Mood.HTTP_400, 400, '{"code":400,"message":"Bad Request"}', 0),
        (Mood.HTTP_404, 404, "<html><title>404 Not Found</title></html>", 0),
        (Mood.REDIRECT, 307, "", 0),
        (Mood.GARBAGE, 200, "<html><body>It works!</body></html>", 0),
        (Mood.EMPTY, 200, "", 0),
        (Mood.WRONG_CODE, 200, '{"code":7,"message":"not today"}', 0),
        (Mood.LATE, 200, '{"code":0,"message":"OK"}', 1),
        (Mood.DRIP, 200, '{"code":0,"message":"OK"}', 1),
        (Mood.ECHO, 500, '{"code": 500, "message": "cannot send to 70000000001: Привет"}', 0),
    ],
)
def test_moods_that_answer(
    gateway: StandIn, mood: Mood, status: int, text: str, accepted: int
) -> None:
    behaviour = Behaviour(shares={mood: 1}, silent_s=0.05, drip_s=0.001, retry_after_s=7)
    gateway.control.behave(behaviour)
    answer = send(gateway)
    assert (answer.status_code, answer.text) == (status, text)
    assert answer.headers.get("Retry-After") == ("7" if status in {429, 503} else None)
    summary = gateway.control.summary()
    assert (summary.accepted, summary.answers) == (accepted, {mood: 1})


@pytest.mark.parametrize(
    ("mood", "accepted"), [(Mood.SILENT, 0), (Mood.DROP_BEFORE, 0), (Mood.DROP_AFTER, 1)]
)
def test_moods_that_do_not_answer(gateway: StandIn, mood: Mood, accepted: int) -> None:
    gateway.control.behave(Behaviour(shares={mood: 1}, silent_s=0.05))
    with pytest.raises(requests.ConnectionError):
        send(gateway)
    summary = gateway.control.summary()
    assert (summary.accepted, summary.answers) == (accepted, {mood: 1})


def test_a_caller_who_leaves_is_noticed(gateway: StandIn) -> None:
    gateway.control.behave(Behaviour(latency_ms=60_000))
    with pytest.raises(requests.Timeout):
        send(gateway, timeout_s=0.1)
    deadline = time.monotonic() + 5
    while gateway.control.summary().in_flight and time.monotonic() < deadline:
        pass
    (call,) = gateway.control.calls()
    assert (call.answer, call.accepted) == ("caller left", True)


def test_latency_holds_up_nobody_else(gateway: StandIn) -> None:
    gateway.control.behave(Behaviour(latency_ms=200))
    begun = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        assert all(answer.ok for answer in pool.map(lambda i: send(gateway, i), range(1, 11)))
    assert 0.2 <= time.monotonic() - begun < 1.5, "ten calls one after the other take 2 s"
    assert gateway.control.summary().in_flight_max > 1


def test_calls_are_told_from_a_number_on(gateway: StandIn) -> None:
    for number in (1, 2, 3):
        send(gateway, number)
    assert [call.gateway_id for call in gateway.control.calls(since=1)] == ["2", "3"]
    assert gateway.control.calls(since=3) == []


def test_nonsense_to_the_control_changes_nothing(gateway: StandIn) -> None:
    root = gateway.url.removesuffix("/v1")
    for told in ("{", '{"shares": {"silent": 2}}', '{"mood": "bad"}'):
        answer = requests.put(f"{root}/control/behaviour", data=told, timeout=5)
        assert answer.status_code == 422
    answer = requests.get(f"{root}/control/behaviour", timeout=5)
    assert Behaviour.model_validate_json(answer.content) == Behaviour()
    assert requests.get(f"{root}/control/calls?since=x", timeout=5).status_code == 400


def test_reset_forgets_everything(gateway: StandIn) -> None:
    gateway.control.behave(Behaviour(shares={Mood.HTTP_500: 1}))
    send(gateway)
    gateway.control.reset()
    summary = gateway.control.summary()
    assert (summary.calls, summary.answers, summary.first_call_at) == (0, {}, None)
    assert send(gateway).status_code == 200


def test_the_command_serves_until_told_to_stop() -> None:
    command = [sys.executable, "-m", "local.gateway", "--port", "0", "--token", "right"]
    environment = {"PATH": os.environ["PATH"]}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = line.split()[-1]
        answer = requests.post(
            f"{url}/send/5",
            data='{"id": 5, "phone": 70000000001, "text": "x"}',
            headers={"Authorization": "Bearer right"},
            timeout=5,
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    assert answer.json() == OK


def test_the_command_says_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "local.gateway", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert ended.returncode == 1
    assert f"cannot listen on port {port}" in ended.stdout
