"""`Trials`: beside their mailing, changed by who knows the token, gone with the mailing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailing_items import mailing_item, work_item
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.system import SystemClock
from carillon.adapters.trials_table import TrialsTable
from carillon.errors import LostRace, NotFound, Unavailable
from carillon.models.mailing import Filter, TimeWindow
from carillon.models.recount import Recount
from carillon.models.trial import Trial
from carillon.models.wave import Wave
from carillon.policy.trials import answered, claimed
from carillon.ports import Clock, Created, Creation
from tests.contract.cloud import Cloud
from tests.contract.faults import answer_lost, repeated
from tests.fakes import FakeClock, FakeCreations, FakeMailings, FakeTrials
from tests.fakes.gateway import OK
from tests.fakes.samples import a_mailing, a_slice, a_trial
from tests.fakes.system import SOME_MOMENT

KEY = Creation(key="operator#abc", digest="d1")
CLAIM = claimed(a_trial(), token="t1", until=SOME_MOMENT)


@dataclass
class Stage:
    trials: FakeTrials | TrialsTable
    mailings: FakeMailings | MailingsTable
    creations: FakeCreations | CreationTable
    clock: Clock

    def get(self, number: int = 1) -> Trial | None:
        return self.trials.get("m0000001", f"t{number:07d}")


def real(cloud: Cloud) -> Stage:
    table, keys = cloud.table("Mailings"), cloud.table("Idempotency")
    stage = Stage(
        TrialsTable(cloud.dynamodb, table, keys=keys),
        MailingsTable(cloud.dynamodb, table=table, keys=keys),
        CreationTable(cloud.dynamodb, keys),
        SystemClock(),
    )
    stage.mailings.add(a_mailing(), None)
    return stage


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param != "fake":
        return real(request.getfixturevalue(request.param))
    clock = FakeClock()
    creations = FakeCreations(clock)
    mailings = FakeMailings(creations)
    mailings.add(a_mailing(), None)
    return Stage(FakeTrials(mailings), mailings, creations, clock)


def test_a_trial_is_read_as_it_was_written(stage: Stage) -> None:
    assert stage.get() is None
    stage.trials.add(a_trial(), None)
    assert stage.get() == a_trial()
    stage.trials.replace(a_trial(), CLAIM)
    assert stage.get() == CLAIM
    ended = answered(CLAIM, OK, token="t2", now=SOME_MOMENT)
    stage.trials.replace(CLAIM, ended)
    assert stage.get() == ended


def test_two_of_a_mailing_are_two(stage: Stage) -> None:
    stage.trials.add(a_trial(1), None)
    stage.trials.add(a_trial(2), None)
    assert (stage.get(1), stage.get(2)) == (a_trial(1), a_trial(2))
    assert stage.trials.get("m0000002", "t0000001") is None


def test_adding_twice_is_once(stage: Stage) -> None:
    stage.trials.add(a_trial(), None)
    stage.trials.add(a_trial(), None)
    with pytest.raises(LostRace):
        stage.trials.add(a_trial(created_at=SOME_MOMENT.replace(hour=1)), None)
    assert stage.get() == a_trial()


def test_adding_again_leaves_what_became_of_it(stage: Stage) -> None:
    stage.trials.add(a_trial(), None)
    stage.trials.replace(a_trial(), CLAIM)
    stage.trials.add(a_trial(), None)
    assert stage.get() == CLAIM


def test_a_key_is_taken_in_the_same_step(stage: Stage) -> None:
    now = stage.clock.now()
    stage.trials.add(a_trial(1, created_at=now), KEY)
    assert stage.creations.find(KEY.key) == Created("d1", "t0000001", now)
    with pytest.raises(LostRace):
        stage.trials.add(a_trial(2, created_at=now), KEY)
    assert stage.get(2) is None


def test_beside_no_mailing_nothing_is_added(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.trials.add(a_trial(mailing_id="m0000002"), KEY)
    assert stage.trials.get("m0000002", "t0000001") is None
    assert stage.creations.find(KEY.key) is None


def test_beside_a_deleted_mailing_nothing_is_added(stage: Stage) -> None:
    stage.mailings.replace(a_mailing(), a_mailing().changed(deleted=True))
    with pytest.raises(NotFound):
        stage.trials.add(a_trial(), KEY)
    assert stage.get() is None
    assert stage.creations.find(KEY.key) is None


def test_who_knows_an_older_one_loses(stage: Stage) -> None:
    stage.trials.add(a_trial(), None)
    stage.trials.replace(a_trial(), CLAIM)
    with pytest.raises(LostRace):
        stage.trials.replace(a_trial(), claimed(a_trial(), token="t9", until=SOME_MOMENT))
    assert stage.get() == CLAIM


def test_what_is_gone_is_not_made_again(stage: Stage) -> None:
    with pytest.raises(LostRace):
        stage.trials.replace(a_trial(), CLAIM)
    assert stage.get() is None


def test_a_trial_goes_with_its_mailing_and_not_with_another(stage: Stage) -> None:
    stage.mailings.add(a_mailing(2), None)
    other = a_trial(mailing_id="m0000002")
    stage.trials.add(a_trial(), None)
    stage.trials.add(other, None)
    stage.mailings.remove(a_mailing())
    assert stage.get() is None
    assert stage.trials.get("m0000002", "t0000001") == other


def test_a_trial_is_nothing_that_is_due_listed_or_sliced(stage: Stage) -> None:
    stage.trials.add(a_trial(), None)
    assert list(stage.mailings.due(SOME_MOMENT)) == [a_mailing()]
    assert stage.mailings.page(status=None, limit=10, cursor=None).items == [a_mailing()]
    assert stage.mailings.slices("m0000001") == []


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_of_all_items_of_its_table_a_trial_alone_expires(cloud: Cloud) -> None:
    stage = real(cloud)
    stage.trials.add(a_trial(), None)
    assert isinstance(stage.trials, TrialsTable)
    items = cloud.dynamodb.scan(TableName=stage.trials._table)["Items"]
    expiring = {item["item"]["S"]: item["expires_at"] for item in items if "expires_at" in item}
    assert expiring == {"test#t0000001": {"N": str(int(SOME_MOMENT.timestamp()) + 24 * 3600)}}


@pytest.mark.parametrize(
    "item",
    [
        mailing_item(a_mailing(time_window=TimeWindow(start="09:00", end="10:00"))),
        mailing_item(a_mailing(filter=Filter(tags=("a",)), deleted=True)),
        work_item(a_slice()),
        work_item(Wave(mailing_id="m1", opens_at=SOME_MOMENT)),
        work_item(Recount(mailing_id="m1", number=1, requested_at=SOME_MOMENT, due_at=None)),
    ],
    ids=lambda item: item["item"]["S"],
)
def test_what_else_lies_there_never_does(item: dict[str, Any]) -> None:
    assert "expires_at" not in item


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
@pytest.mark.parametrize("fault", [answer_lost, repeated])
def test_a_write_whose_answer_is_lost_is_found(
    cloud: Cloud, fault: Callable[[Any, str], AbstractContextManager[Any]]
) -> None:
    stage = real(cloud)
    writes: list[tuple[str, Callable[[], None]]] = [
        ("TransactWriteItems", lambda: stage.trials.add(a_trial(), KEY)),
        ("PutItem", lambda: stage.trials.replace(a_trial(), CLAIM)),
    ]
    for operation, write in writes:
        with fault(cloud.dynamodb, operation):
            if fault is answer_lost:
                with pytest.raises(Unavailable):
                    write()
            else:
                write()
        write()
    assert stage.get() == CLAIM


@pytest.mark.parametrize("cloud", ["moto"], indirect=True)
def test_who_adds_none_has_no_keys(cloud: Cloud) -> None:
    stage = real(cloud)
    assert isinstance(stage.trials, TrialsTable)
    keyless = TrialsTable(cloud.dynamodb, stage.trials._table)
    with pytest.raises(ValueError, match="no table"):
        keyless.add(a_trial(), KEY)
    assert stage.get() is None
