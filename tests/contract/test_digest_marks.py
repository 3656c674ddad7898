"""`DigestMarks`: one mark for each day, which only one at a time may move."""

from datetime import timedelta

import pytest

from carillon.adapters.digest_marks import DigestMarkTable
from carillon.errors import LostRace
from carillon.models.digest import DigestMark
from carillon.ports import DigestMarks
from tests.contract.cloud import Cloud
from tests.contract.faults import repeated
from tests.fakes import FakeMarks
from tests.fakes.system import SOME_MOMENT

DAY = "2026-11-20"
TAKEN = DigestMark(day=DAY, tries=1, until=SOME_MOMENT + timedelta(seconds=60))
SENT = TAKEN.model_copy(update={"sent_at": SOME_MOMENT, "rev": 2})


@pytest.fixture(params=["fake", "moto", "ministack"])
def marks(request: pytest.FixtureRequest) -> DigestMarks:
    if request.param == "fake":
        return FakeMarks()
    cloud: Cloud = request.getfixturevalue(request.param)
    return DigestMarkTable(cloud.dynamodb, cloud.table("Idempotency"))


def test_what_is_marked_is_read(marks: DigestMarks) -> None:
    assert marks.get(DAY) is None
    marks.replace(None, TAKEN)
    assert marks.get(DAY) == TAKEN
    marks.replace(TAKEN, SENT)
    assert marks.get(DAY) == SENT
    assert marks.get("2026-11-21") is None


def test_of_two_who_read_the_same_one_is_too_late(marks: DigestMarks) -> None:
    marks.replace(None, TAKEN)
    other = TAKEN.model_copy(update={"tries": 2, "rev": 2})
    with pytest.raises(LostRace):
        marks.replace(None, other)
    marks.replace(TAKEN, SENT)
    with pytest.raises(LostRace):
        marks.replace(TAKEN, other)
    assert marks.get(DAY) == SENT


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_a_write_whose_answer_was_lost_is_our_own(cloud: Cloud) -> None:
    marks = DigestMarkTable(cloud.dynamodb, cloud.table("Idempotency"))
    with repeated(cloud.dynamodb, "PutItem"):
        marks.replace(None, TAKEN)
        marks.replace(TAKEN, SENT)
    assert marks.get(DAY) == SENT


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_a_mark_goes_by_itself_when_nobody_asks_any_more(cloud: Cloud) -> None:
    table = cloud.table("Idempotency")
    DigestMarkTable(cloud.dynamodb, table).replace(None, TAKEN)
    [item] = cloud.dynamodb.scan(TableName=table)["Items"]
    kept_s = int(item["expires_at"]["N"]) - SOME_MOMENT.timestamp()
    assert kept_s > timedelta(days=14).total_seconds()
