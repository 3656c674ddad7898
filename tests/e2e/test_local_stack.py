"""The local stack keeps what it was told, over a stop and a crash, and leaves nothing behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from local.errors import AlreadyRunning, LocalError, PortTaken
from local.gateway import Control
from local.operator_account import token_of_running
from local.places import LocalPaths, Ports
from local.processes import with_argument_under
from local.stack import LocalStack
from tests.e2e.operator import Operator, in_s, seconds

SECOND_START_LIMIT_S = 30.0
LOST_AT_A_CRASH_LIMIT_S = 5.0
COLD_S = 10
"""After a second start every function is cold: a first message takes so long on a busy machine."""


def test_the_api_answers_at_the_front_door_on_both_loopback_addresses(stack: LocalStack) -> None:
    for host in ("127.0.0.1", "localhost"):
        answer = requests.get(f"http://{host}:{stack.ports.front_door}/health", timeout=10)
        assert answer.status_code == 200


def test_a_stop_leaves_no_process_and_a_second_start_finds_data_and_what_was_planned(
    stack: LocalStack,
) -> None:
    operator = Operator(stack, "later")
    [client, *_] = operator.add_clients(3_000, 3)
    mailing = operator.mail(starts_at=in_s(14), ends_at=in_s(600))
    assert operator.mailing(mailing)["status"] == "scheduled"
    deployed = stack.outputs
    token, account = stack.token(), stack.operator
    scratch = stack.paths.emulator / "scratch"
    assert with_argument_under(scratch), "the health check alone keeps one function warm"

    stack.stop()
    left = with_argument_under(scratch)
    with pytest.raises(LocalError, match="does not run"):
        token_of_running(stack.paths)
    began = time.monotonic()
    stack.start()
    took_s = time.monotonic() - began

    assert left == []
    assert operator.get(f"/clients/{client['id']}") == client
    assert stack.outputs == deployed
    assert _is_let_in(stack, token)
    assert stack.operator == account
    assert took_s < SECOND_START_LIMIT_S

    possible_from = max(seconds(mailing["starts_at"]), time.time())
    operator.wait_for(mailing, "finished", limit_s=45)
    ours = {each["gateway_id"] for each in operator.messages(mailing)}
    with Control(stack.gateway_url) as gateway:
        first = min(each.begun_at for each in gateway.calls() if each.gateway_id in ours)
    assert seconds(mailing["starts_at"]) <= first < possible_from + COLD_S


@pytest.mark.long
def test_a_crash_loses_at_most_the_last_five_seconds(stack: LocalStack) -> None:
    operator = Operator(stack, "crash")
    [client] = operator.add_clients(3_100, 1)
    token = stack.token()
    time.sleep(LOST_AT_A_CRASH_LIMIT_S)  # the promise is about this time, nothing can be polled

    stack.restart(crash=True)

    assert operator.get(f"/clients/{client['id']}") == client
    assert _is_let_in(stack, token)


def test_a_second_stack_of_the_same_folder_is_refused(stack: LocalStack) -> None:
    second = LocalStack(paths=stack.paths, ports=Ports.free())
    with pytest.raises(AlreadyRunning, match="already running"), second:
        pass


def test_a_taken_port_is_named_with_the_variable_that_changes_it(
    stack: LocalStack, tmp_path: Path
) -> None:
    taken = Ports(front_door=stack.ports.front_door, emulator=1, gateway=2)
    second = LocalStack(paths=LocalPaths(tmp_path), ports=taken)
    with pytest.raises(PortTaken, match=rf"{taken.front_door}.* PORT="), second:
        pass


def _is_let_in(stack: LocalStack, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{stack.api_url}/api/v1/stats", headers=headers, timeout=10).ok
