"""The adapters that fail here, over empty tables, and no waiting between their attempts."""

import time

import pytest

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.statistics_table import DynamoStatistics
from tests.contract.cloud import Cloud


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, in seconds; none is made."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


@pytest.fixture
def clients_name(cloud: Cloud) -> str:
    return cloud.table("Clients")


@pytest.fixture
def clients(cloud: Cloud, clients_name: str) -> ClientsTable:
    return ClientsTable(
        cloud.dynamodb,
        clients=clients_name,
        phones=cloud.table("Phones"),
        keys=cloud.table("Idempotency"),
    )


@pytest.fixture
def audience(cloud: Cloud, clients_name: str) -> AudienceTable:
    return AudienceTable(cloud.dynamodb, clients_name)


@pytest.fixture
def mailings(cloud: Cloud) -> MailingsTable:
    return MailingsTable(
        cloud.dynamodb, table=cloud.table("Mailings"), keys=cloud.table("Idempotency")
    )


@pytest.fixture
def messages(cloud: Cloud) -> MessagesTable:
    return MessagesTable(cloud.dynamodb, cloud.table("Messages"))


@pytest.fixture
def statistics(cloud: Cloud) -> DynamoStatistics:
    return DynamoStatistics(cloud.dynamodb, cloud.table("Stats"))
