"""`CensusTaker`."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from carillon.adapters import aws
from carillon.adapters.census_scan import SEGMENTS, CensusScan
from carillon.adapters.clients_table import ClientsTable
from carillon.errors import Unavailable
from carillon.models.census import Census
from carillon.models.client import Client
from carillon.models.mailing import Filter
from carillon.ports import CensusTaker
from tests.contract.cloud import Cloud, dummy_account
from tests.contract.faults import first, refused
from tests.fakes import FakeCensus, FakeClients, FakeClock, FakeCreations
from tests.fakes.samples import a_client

PLENTY_S = 30.0


@dataclass
class Stage:
    clients: FakeClients | ClientsTable
    census: CensusTaker

    def add(self, *clients: Client) -> None:
        for client in clients:
            self.clients.add(client, None)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(SEGMENTS) as pool:
        yield pool


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest, threads: ThreadPoolExecutor) -> Stage:
    if request.param == "fake":
        fake = FakeClients(FakeCreations(FakeClock()))
        return Stage(fake, FakeCensus(fake))
    return on(request.getfixturevalue(request.param), threads)


def on(cloud: Cloud, threads: ThreadPoolExecutor) -> Stage:
    """The real ones, whose pages are small."""
    table = cloud.table("Clients")
    clients = ClientsTable(
        cloud.dynamodb, clients=table, phones=cloud.table("Phones"), keys=cloud.table("Idempotency")
    )
    return Stage(clients, CensusScan(cloud.dynamodb, table, threads=threads, page_clients=2))


def everybody(census: CensusTaker, *, budget_s: float = PLENTY_S) -> Census:
    return census.count(Filter(), by=["timezone"], budget_s=budget_s)


def test_clients_are_counted_by_what_they_have(stage: Stage) -> None:
    clients = [
        a_client(
            number,
            tags=(("new", "vip"), ("vip",), ())[number % 3],
            operator_code=("900", "901")[number % 2],
            timezone=("Europe/Moscow", "Asia/Omsk", "Asia/Chita", "Asia/Omsk")[number % 4],
        )
        for number in range(24)
    ]
    stage.add(*clients)
    found = stage.census.count(
        Filter(), by=["tags", "operator_code", "timezone"], budget_s=PLENTY_S
    )
    assert (found.clients, found.exact) == (24, True)
    assert found.by["tags"] == {"vip": 16, "new": 8}
    assert found.by["operator_code"] == {"900": 12, "901": 12}
    assert found.by["timezone"] == {"Asia/Omsk": 12, "Europe/Moscow": 6, "Asia/Chita": 6}


def test_only_those_who_match_are_counted(stage: Stage) -> None:
    stage.add(a_client(1, tags=("vip",)), a_client(2, operator_code="901", tags=("vip",)))
    stage.add(a_client(3, operator_code="901"))
    for chosen, clients in (
        (Filter(tags=("vip",)), 2),
        (Filter(operator_codes=("901",)), 2),
        (Filter(operator_codes=("901",), tags=("vip", "gone")), 1),
        (Filter(tags=("gone",)), 0),
    ):
        found = stage.census.count(chosen, by=["timezone", "tags"], budget_s=PLENTY_S)
        assert (found.clients, found.exact) == (clients, True)
        assert sum(found.by["timezone"].values()) == clients


def test_an_empty_directory_is_counted_exactly(stage: Stage) -> None:
    assert everybody(stage.census) == Census(clients=0, by={"timezone": {}}, exact=True)


MOTO = pytest.mark.parametrize("cloud", ["moto"], indirect=True)


@MOTO
def test_when_time_is_up_a_page_of_each_segment_was_counted(
    cloud: Cloud, threads: ThreadPoolExecutor
) -> None:
    stage = on(cloud, threads)
    stage.add(*map(a_client, range(5 * SEGMENTS)))
    found = everybody(stage.census, budget_s=0)
    assert 0 < found.clients <= 2 * SEGMENTS
    assert found.by["timezone"] == {"Europe/Moscow": found.clients}
    assert not found.exact
    assert everybody(stage.census).clients == 5 * SEGMENTS


@MOTO
def test_trouble_with_some_pages_makes_it_inexact_and_with_all_fails_it(
    cloud: Cloud, threads: ThreadPoolExecutor
) -> None:
    stage = on(cloud, threads)
    stage.add(*map(a_client, range(5 * SEGMENTS)))
    throttled = "ProvisionedThroughputExceededException"
    with refused(cloud.dynamodb, "Scan", throttled, times=1):
        found = everybody(stage.census)
    assert 0 < found.clients < 5 * SEGMENTS
    assert not found.exact
    with (
        refused(cloud.dynamodb, "Scan", throttled, times=SEGMENTS),
        pytest.raises(Unavailable, match=throttled),
    ):
        everybody(stage.census)


@MOTO
def test_who_is_late_is_left_behind(cloud: Cloud, threads: ThreadPoolExecutor) -> None:
    """A page that never comes costs a second beyond the budget, and no page that did come."""
    stage = on(cloud, threads)
    stage.add(*map(a_client, range(5 * SEGMENTS)))
    released = Event()
    began = time.monotonic()
    try:
        with first(cloud.dynamodb, "Scan", lambda: released.wait(PLENTY_S)):
            found = everybody(stage.census, budget_s=0.1)
    finally:
        released.set()
    assert time.monotonic() - began < 5
    assert 0 < found.clients < 5 * SEGMENTS
    assert not found.exact


def test_a_quick_client_asks_once_and_briefly() -> None:
    with dummy_account():
        clients = aws.client("dynamodb", quick=True), aws.client("sqs", quick=True)
    for client in clients:
        options: Any = client.meta.config
        assert options.retries["total_max_attempts"] == 1
        assert options.connect_timeout + options.read_timeout <= 5
