"""What a port's suite runs on: `cloud` is moto or MiniStack, by the suite's own parameters."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.contract.cloud import Cloud, Definitions, dummy_account, running_ministack
from tests.contract.template import synthesized, table_definitions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def definitions(request: pytest.FixtureRequest) -> Definitions:
    """The template's tables; synthesizing takes seconds, so it is done once per change of it."""
    sources = [(ROOT / "infra" / name).read_bytes() for name in ("tables.py", "environment.py")]
    digest = hashlib.sha256(b"".join(sources)).hexdigest()
    cache: pytest.Cache | None = getattr(request.config, "cache", None)  # it can be switched off
    remembered = cache.get("carillon/tables", None) if cache else None
    if not remembered or remembered["digest"] != digest:
        remembered = {"digest": digest, "template": synthesized()}
        if cache:
            cache.set("carillon/tables", remembered)
    return table_definitions(remembered["template"])


@pytest.fixture(scope="session")
def _moto_clients(definitions: Definitions) -> Cloud:
    with dummy_account():
        return Cloud(definitions)


@pytest.fixture
def moto(_moto_clients: Cloud) -> Iterator[Cloud]:
    """An empty account in this process."""
    with mock_aws():
        yield _moto_clients


@pytest.fixture(scope="session")
def ministack(
    definitions: Definitions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cloud]:
    """A server of our own."""
    with running_ministack(tmp_path_factory.mktemp("ministack")) as address:
        with dummy_account(address):
            cloud = Cloud(definitions)
        yield cloud


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """The stand-in that the test's parameter names."""
    chosen: Cloud = request.getfixturevalue(request.param)
    return chosen
