"""Unit tests reach nothing: a socket is an error, except where a test is about sockets."""

import pytest
from pytest_socket import disable_socket, enable_socket

# Its sockets derive from whatever `socket.socket` is when it is first imported, which during a test
# without sockets would be the one that refuses.
import carillon.adapters.deadline_http  # noqa: F401


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("enable_socket") is None:
        disable_socket(allow_unix_socket=True)  # an event loop talks to itself through one
    else:
        enable_socket()
