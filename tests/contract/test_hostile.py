"""Thousands of hostile requests at the API function itself, its tables on moto."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemChance, SystemClock
from functions.api.app import Ports, compose
from tests.contract.cloud import Cloud
from tests.fakes.identity_provider import FakeProvider
from tests.hostile.attacking import attack
from tests.hostile.behind_a_socket import SIGNED_IN, serving
from tests.unit.api.calling import CONSOLE


@pytest.fixture
def url(moto: Cloud) -> Iterator[str]:
    """The API with its real adapters, over empty tables."""
    dynamodb, keys = moto.dynamodb, moto.table("Idempotency")
    ports = Ports(
        directory=ClientsTable(
            dynamodb, clients=moto.table("Clients"), phones=moto.table("Phones"), keys=keys
        ),
        log=CreationTable(dynamodb, keys),
        mailings=MailingsTable(dynamodb, table=moto.table("Mailings"), keys=keys),
        messages=MessagesTable(dynamodb, moto.table("Messages")),
        statistics=DynamoStatistics(dynamodb, moto.table("Stats")),
        provider=FakeProvider(),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    with serving(compose(ports, console=CONSOLE)) as address:
        yield address


@pytest.mark.parametrize(
    ("cases", "at_least"),
    [(10, 800), pytest.param(400, 8_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
)
def test_no_request_breaks_the_api(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, cases: int, at_least: int
) -> None:
    with caplog.at_level(logging.WARNING, logger="carillon"):
        found = attack(url, tmp_path, seed=4, cases=cases, headers=SIGNED_IN)
    print(found.summary)
    assert not found.found_something, found.report
    assert found.cases >= at_least
    assert not caplog.records, "nothing that a person should look at"
