"""The API over fakes."""

import pytest

from tests.unit.api.calling import World


@pytest.fixture
def world() -> World:
    """A fresh one for each test."""
    return World()


@pytest.fixture(scope="module")
def same_world() -> World:
    """One for the many examples of a property, which make their own order in it."""
    return World()
