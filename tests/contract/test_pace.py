"""`PaceTable`: one item that any number of senders race for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from carillon.adapters.pace_table import DynamoPace
from carillon.errors import LostRace, Unavailable
from carillon.models.pace import PaceState
from carillon.ports import PaceTable
from tests.contract.cloud import Cloud
from tests.contract.faults import answer_lost, repeated
from tests.fakes import FakePace
from tests.fakes.system import SOME_MOMENT

FINE = SOME_MOMENT + timedelta(microseconds=123_457)
"""A slot at thousands of parts a second is shorter than a millisecond."""

FIRST = PaceState(free_at=FINE, token="t1")
SECOND = PaceState(free_at=FINE + timedelta(microseconds=1), token="t2")
SLOWED = PaceState(SOME_MOMENT, "t3", slowed_at=FINE, slowed_to=0.1 + 0.2)


@pytest.fixture(params=["fake", "moto", "ministack"])
def pace(request: pytest.FixtureRequest) -> PaceTable:
    if request.param == "fake":
        return FakePace()
    cloud: Cloud = request.getfixturevalue(request.param)
    return DynamoPace(cloud.dynamodb, cloud.table("Gateway"))


def test_there_is_none_before_the_first(pace: PaceTable) -> None:
    assert pace.read() is None


def test_what_is_written_is_read_to_the_microsecond(pace: PaceTable) -> None:
    old = None
    for new in (FIRST, SECOND, SLOWED, FIRST):
        pace.replace(old, new)
        assert pace.read() == new
        old = new


def test_who_read_something_older_loses(pace: PaceTable) -> None:
    pace.replace(None, FIRST)
    with pytest.raises(LostRace):
        pace.replace(None, SECOND)
    pace.replace(FIRST, SECOND)
    with pytest.raises(LostRace):
        pace.replace(FIRST, SLOWED)
    assert pace.read() == SECOND


def test_the_same_slots_by_another_token_are_another_senders(pace: PaceTable) -> None:
    pace.replace(None, FIRST)
    with pytest.raises(LostRace):
        pace.replace(None, PaceState(FIRST.free_at, token="t9"))


def test_something_to_replace_must_be_there(pace: PaceTable) -> None:
    with pytest.raises(LostRace):
        pace.replace(FIRST, SECOND)
    assert pace.read() is None


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
@pytest.mark.parametrize("fault", [answer_lost, repeated])
def test_a_write_whose_answer_is_lost_is_found(
    cloud: Cloud, fault: Callable[[Any, str], AbstractContextManager[Any]]
) -> None:
    pace = DynamoPace(cloud.dynamodb, cloud.table("Gateway"))
    for old, new in ((None, FIRST), (FIRST, SECOND)):
        with fault(cloud.dynamodb, "PutItem"):
            if fault is answer_lost:
                with pytest.raises(Unavailable):
                    pace.replace(old, new)
            else:
                pace.replace(old, new)
        pace.replace(old, new)
        assert pace.read() == new
