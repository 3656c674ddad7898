"""Thousands of hostile requests at the API function itself, its tables on moto."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.census_scan import SEGMENTS, CensusScan
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.journal_table import DynamoJournal
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.pace_table import DynamoPace
from carillon.adapters.queue_lengths import QueueUrls, SqsGauge
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.system import SystemChance, SystemClock
from carillon.adapters.trials_table import TrialsTable
from carillon.adapters.uploads_bucket import RefusedLinesBucket, UploadsBucket
from functions.api.app import Api, compose
from functions.api.composition import Ports
from tests.contract.cloud import Cloud
from tests.fakes.identity_provider import FakeProvider
from tests.hostile.attacking import attack
from tests.hostile.behind_a_socket import SIGNED_IN, serving
from tests.unit.api.calling import CONSOLE


@pytest.fixture
def url(moto: Cloud) -> Iterator[str]:
    """The API with its real adapters, over empty tables and queues."""
    with ThreadPoolExecutor(SEGMENTS) as threads, serving(_composed(moto, threads)) as address:
        yield address


def _composed(moto: Cloud, threads: ThreadPoolExecutor) -> Api:
    dynamodb, keys, clients = moto.dynamodb, moto.table("Idempotency"), moto.table("Clients")
    mailings = MailingsTable(dynamodb, table=moto.table("Mailings"), keys=keys)
    gateway = moto.table("Gateway")
    ports = Ports(
        directory=ClientsTable(dynamodb, clients=clients, phones=moto.table("Phones"), keys=keys),
        audience=AudienceTable(dynamodb, clients),
        census=CensusScan(dynamodb, clients, threads=threads),
        log=CreationTable(dynamodb, keys),
        mailings=mailings,
        openings=mailings,
        messages=MessagesTable(dynamodb, moto.table("Messages")),
        trials=TrialsTable(dynamodb, table=moto.table("Mailings"), keys=keys),
        statistics=DynamoStatistics(dynamodb, moto.table("Stats")),
        queues=SqsGauge(
            moto.sqs,
            QueueUrls(**{name: moto.queue() for name in QueueUrls.__slots__}),
            threads=threads,
        ),
        journal=DynamoJournal(dynamodb, gateway),
        pace=DynamoPace(dynamodb, gateway),
        imports=ImportsTable(dynamodb, table=moto.table("Imports"), keys=keys),
        uploads=UploadsBucket(moto.s3, bucket := moto.bucket()),
        refused=RefusedLinesBucket(moto.s3, bucket),
        provider=FakeProvider(),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    return compose(ports, console=CONSOLE)


@pytest.mark.parametrize(
    ("cases", "at_least"),
    [(4, 500), pytest.param(400, 8_000, marks=[pytest.mark.long, pytest.mark.timeout(900)])],
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
