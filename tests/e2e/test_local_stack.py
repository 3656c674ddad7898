"""The local stack keeps what it was told, over a stop and over a crash, and leaves nothing behind.

The items are written to the emulated tables directly: the journeys through the API are told
elsewhere, here only the place in which they happen is on trial.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import pytest
import requests

from local.errors import AlreadyRunning, LocalError, PortTaken
from local.operator_account import token_of_running
from local.places import LocalPaths, Ports
from local.processes import with_argument_under
from local.stack import LocalStack

SECOND_START_LIMIT_S = 30.0
LOST_AT_A_CRASH_LIMIT_S = 5.0


def test_the_api_answers_at_the_front_door_on_both_loopback_addresses(stack: LocalStack) -> None:
    for host in ("127.0.0.1", "localhost"):
        answer = requests.get(f"http://{host}:{stack.ports.front_door}/health", timeout=10)
        assert answer.status_code == 200


def test_a_stop_leaves_no_process_and_a_second_start_finds_the_data(stack: LocalStack) -> None:
    key = _put_client(stack)
    deployed = stack.outputs
    token, operator = stack.token(), stack.operator
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
    assert _is_there(stack, key)
    assert stack.outputs == deployed
    assert _is_let_in(stack, token)
    assert stack.operator == operator
    assert took_s < SECOND_START_LIMIT_S


@pytest.mark.long
def test_a_crash_loses_at_most_the_last_five_seconds(stack: LocalStack) -> None:
    key = _put_client(stack)
    token = stack.token()
    time.sleep(LOST_AT_A_CRASH_LIMIT_S)  # the promise is about this time, nothing can be polled

    stack.restart(crash=True)

    assert _is_there(stack, key)
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


def _put_client(stack: LocalStack) -> dict[str, dict[str, str]]:
    key = {"client_id": {"S": f"kept-{uuid.uuid4()}"}}
    stack.client("dynamodb").put_item(TableName=stack.outputs["ClientsTable"], Item=key)
    return key


def _is_let_in(stack: LocalStack, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{stack.api_url}/api/v1/stats", headers=headers, timeout=10).ok


def _is_there(stack: LocalStack, key: dict[str, dict[str, str]]) -> bool:
    found = stack.client("dynamodb").get_item(TableName=stack.outputs["ClientsTable"], Key=key)
    return "Item" in found
