"""The fake and the real adapter: what a mailing's suites run on."""

import pytest

from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.system import SystemClock
from tests.contract.cloud import Cloud
from tests.contract.mailings.stage import Stage
from tests.fakes import FakeClock, FakeCreations, FakeMailings


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param == "fake":
        clock = FakeClock()
        creations = FakeCreations(clock)
        return Stage(FakeMailings(creations), creations, clock)
    cloud: Cloud = request.getfixturevalue(request.param)
    keys = cloud.table("Idempotency")
    mailings = MailingsTable(cloud.dynamodb, table=cloud.table("Mailings"), keys=keys)
    return Stage(mailings, CreationTable(cloud.dynamodb, keys), SystemClock())
