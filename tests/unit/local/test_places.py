"""Ports and folders: what a person may change, and what a test gets for itself."""

import socket
from pathlib import Path

import pytest

from local.places import LOOPBACK, Ports, is_taken

pytestmark = pytest.mark.enable_socket  # on the loopback interface only


def test_each_port_is_named_by_the_variable_that_changes_it() -> None:
    assert Ports(front_door=1, emulator=2, gateway=3).named() == {
        "PORT": 1,
        "EMULATOR_PORT": 2,
        "GATEWAY_PORT": 3,
    }


def test_free_ports_differ_and_are_free() -> None:
    ports = Ports.free().named().values()
    assert len(set(ports)) == 3
    assert not any(map(is_taken, ports))


def test_a_listening_port_is_taken() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert is_taken(server.getsockname()[1])


def test_ports_are_read_as_they_were_saved(tmp_path: Path) -> None:
    ports = Ports(front_door=1, emulator=2, gateway=3)
    ports.save(tmp_path / "ports.json")
    assert Ports.load(tmp_path / "ports.json") == ports
