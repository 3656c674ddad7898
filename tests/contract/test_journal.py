"""`GatewayJournal`: what many senders add up in one item a minute."""

from datetime import timedelta

import pytest

from carillon.adapters.journal_table import DynamoJournal
from carillon.adapters.pace_table import DynamoPace
from carillon.errors import Unavailable
from carillon.models.conduct import BreakerNote, Conduct, Trouble
from carillon.models.pace import PaceState
from carillon.ports import GatewayJournal
from tests.contract.cloud import Cloud
from tests.contract.faults import refused
from tests.fakes import FakeJournal
from tests.fakes.system import SOME_MOMENT

MINUTE = timedelta(minutes=1)
TROUBLE = Trouble("HTTP 500 with code 7", SOME_MOMENT)
ONE = Conduct(
    accepted=1,
    refused=2,
    retried=3,
    took={0: 2, 12: 4},
    slowest_ms=30_000,
    trouble=TROUBLE,
    breaker=BreakerNote(SOME_MOMENT + MINUTE),
)
OTHER = Conduct(accepted=10, took={0: 9, 3: 1}, slowest_ms=450)


@pytest.fixture(params=["fake", "moto", "ministack"])
def journal(request: pytest.FixtureRequest) -> GatewayJournal:
    if request.param == "fake":
        return FakeJournal()
    cloud: Cloud = request.getfixturevalue(request.param)
    return DynamoJournal(cloud.dynamodb, cloud.table("Gateway"))


def test_at_first_there_is_nothing(journal: GatewayJournal) -> None:
    assert journal.read([SOME_MOMENT, SOME_MOMENT + MINUTE]) == {}
    assert journal.read([]) == {}


def test_a_note_is_read_as_it_was_written(journal: GatewayJournal) -> None:
    journal.note(SOME_MOMENT, ONE)
    journal.note(SOME_MOMENT + MINUTE, OTHER)
    hour = [SOME_MOMENT + n * MINUTE for n in range(-58, 2)]
    assert journal.read(hour) == {SOME_MOMENT: ONE, SOME_MOMENT + MINUTE: OTHER}


def test_notes_of_a_minute_add_up(journal: GatewayJournal) -> None:
    for each in (OTHER, ONE, OTHER):
        journal.note(SOME_MOMENT, each)
    assert journal.read([SOME_MOMENT]) == {
        SOME_MOMENT: Conduct(
            accepted=21,
            refused=2,
            retried=3,
            took={0: 20, 3: 2, 12: 4},
            slowest_ms=30_000,
            trouble=TROUBLE,
            breaker=BreakerNote(SOME_MOMENT + MINUTE),
        )
    }


def test_the_last_error_and_the_last_breaker_stay(journal: GatewayJournal) -> None:
    later = Trouble("timeout", SOME_MOMENT + timedelta(seconds=5))
    journal.note(SOME_MOMENT, ONE)
    journal.note(SOME_MOMENT, Conduct(retried=1, took={0: 1}, trouble=later))
    journal.note(SOME_MOMENT, Conduct(accepted=1, took={0: 1}, breaker=BreakerNote(None)))
    read = journal.read([SOME_MOMENT])[SOME_MOMENT]
    assert (read.trouble, read.breaker) == (later, BreakerNote(None))


def test_the_slowest_is_the_largest_number(journal: GatewayJournal) -> None:
    for slowest_ms in (9_900, 0, 10_000, 990):
        journal.note(SOME_MOMENT, Conduct(accepted=1, took={0: 1}, slowest_ms=slowest_ms))
    assert journal.read([SOME_MOMENT])[SOME_MOMENT].slowest_ms == 10_000


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_a_minute_expires_after_a_day_and_the_pace_beside_it_never(cloud: Cloud) -> None:
    table = cloud.table("Gateway")
    journal, pace = DynamoJournal(cloud.dynamodb, table), DynamoPace(cloud.dynamodb, table)
    state = PaceState(free_at=SOME_MOMENT, token="t1", slowed_at=SOME_MOMENT, slowed_to=0.5)
    pace.replace(None, state)
    journal.note(SOME_MOMENT, ONE)
    items = cloud.dynamodb.scan(TableName=table)["Items"]
    expiring = {item["item"]["S"]: item.get("expires_at") for item in items}
    in_a_day = {"N": str(int(SOME_MOMENT.timestamp()) + 24 * 3600)}
    assert expiring == {"pace": None, "minute#2026-11-21T10:00:00.000Z": in_a_day}
    assert pace.read() == state


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_a_minute_with_every_value_is_small(cloud: Cloud) -> None:
    """A write unit is 1 KB: an item that grows makes each note of its minute dearer."""
    table = cloud.table("Gateway")
    journal = DynamoJournal(cloud.dynamodb, table)
    values = [*range(100), *range(100, 1_000, 10), *range(1_000, 10_000, 100)]
    for slowest_ms in [*values, *range(10_000, 31_000, 1_000)][::10]:
        took = dict.fromkeys(range(13), 10_000)
        journal.note(SOME_MOMENT, Conduct(10**6, 10**6, 10**6, took, slowest_ms, TROUBLE))
    [item] = cloud.dynamodb.scan(TableName=table)["Items"]
    assert len(repr(item["slowest"])) < 500
    assert len(repr(item)) < 2_000


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_what_may_pass_is_unavailable(cloud: Cloud) -> None:
    journal = DynamoJournal(cloud.dynamodb, cloud.table("Gateway"))
    with (
        refused(cloud.dynamodb, "UpdateItem", "ThrottlingException", times=1),
        pytest.raises(Unavailable),
    ):
        journal.note(SOME_MOMENT, ONE)
