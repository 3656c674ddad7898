"""`Schedules`."""

import json
from datetime import datetime, timedelta

import pytest

from carillon.adapters.scheduler import Scheduler
from carillon.adapters.system import SystemClock
from carillon.models.commands import Advance, Tick
from tests.contract.cloud import Cloud
from tests.fakes import FakeClock, FakeSchedules, Scheduled

ON_BOTH = pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
QUEUE = "arn:aws:sqs:us-east-1:000000000000:fanout"
DLQ = "arn:aws:sqs:us-east-1:000000000000:undeliverable"
ROLE = "arn:aws:iam::000000000000:role/scheduler"
NAME = "m0000001-start-20301231T235930"
AT = datetime.fromisoformat("2030-12-31T23:59:30.500+00:00")
COMMAND = Advance(mailing_id="m0000001", at=AT)


@pytest.fixture
def group(cloud: Cloud) -> str:
    return cloud.schedule_group()


@pytest.fixture
def schedules(cloud: Cloud, group: str) -> Scheduler:
    return Scheduler(cloud.scheduler, group=group, role_arn=ROLE, target_arn=QUEUE, dlq_arn=DLQ)


@ON_BOTH
def test_a_schedule_fires_once_in_utc_and_then_goes_away(
    cloud: Cloud, group: str, schedules: Scheduler
) -> None:
    schedules.create(NAME, at=AT, command=COMMAND)
    found = cloud.scheduler.get_schedule(GroupName=group, Name=NAME)
    assert found["ScheduleExpression"] == "at(2030-12-31T23:59:30)"
    assert found["ScheduleExpressionTimezone"] == "UTC"
    assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert found["ActionAfterCompletion"] == "DELETE"
    target = found["Target"]
    assert (target["Arn"], target["RoleArn"]) == (QUEUE, ROLE)
    assert target["DeadLetterConfig"] == {"Arn": DLQ}
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 3600,
        "MaximumRetryAttempts": 60,
    }
    assert Advance.model_validate_json(target["Input"]) == COMMAND
    assert json.loads(target["Input"])["kind"] == "advance"


@ON_BOTH
def test_creating_twice_keeps_the_first(cloud: Cloud, group: str, schedules: Scheduler) -> None:
    schedules.create(NAME, at=AT, command=COMMAND)
    schedules.create(NAME, at=AT + timedelta(days=1), command=Tick())
    found = cloud.scheduler.get_schedule(GroupName=group, Name=NAME)
    assert found["ScheduleExpression"] == "at(2030-12-31T23:59:30)"


@ON_BOTH
def test_a_time_in_the_past_becomes_the_next_minute(
    cloud: Cloud, group: str, schedules: Scheduler
) -> None:
    before = SystemClock().now().replace(microsecond=0)
    schedules.create(NAME, at=before - timedelta(days=1), command=COMMAND)
    found = cloud.scheduler.get_schedule(GroupName=group, Name=NAME)["ScheduleExpression"]
    at = datetime.fromisoformat(found.removeprefix("at(").removesuffix(")") + "+00:00")
    minute = timedelta(minutes=1)
    assert before + minute <= at <= SystemClock().now() + minute


@ON_BOTH
def test_deleting_twice_is_success(cloud: Cloud, group: str, schedules: Scheduler) -> None:
    schedules.create(NAME, at=AT, command=COMMAND)
    schedules.create("other", at=AT, command=COMMAND)
    schedules.delete(NAME)
    schedules.delete(NAME)
    left = cloud.scheduler.list_schedules(GroupName=group)["Schedules"]
    assert [each["Name"] for each in left] == ["other"]


def test_the_fake_does_the_same() -> None:
    clock = FakeClock()
    schedules = FakeSchedules(clock)
    schedules.create("past", at=clock.now() - timedelta(days=1), command=Tick())
    schedules.create(NAME, at=AT, command=COMMAND)
    schedules.create(NAME, at=AT + timedelta(days=1), command=Tick())
    schedules.create("gone", at=AT, command=Tick())
    schedules.delete("gone")
    schedules.delete("gone")
    assert schedules.by_name[NAME] == Scheduled(AT.replace(microsecond=0), COMMAND)
    assert schedules.fire() == []
    clock.advance(60)
    assert schedules.fire() == [Tick()]
    clock.set(AT)
    assert schedules.fire() == [COMMAND]
    assert schedules.by_name == {}
