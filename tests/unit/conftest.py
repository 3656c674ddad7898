"""Unit tests reach nothing: a socket is an error, except where a test is about sockets."""

import pytest
from pytest_socket import disable_socket, enable_socket


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("enable_socket") is None:
        disable_socket(allow_unix_socket=True)  # an event loop talks to itself through one
    else:
        enable_socket()
