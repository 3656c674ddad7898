"""One invocation of the digest: which day it is about, and what is logged when it fails."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from carillon.errors import DigestNotSent, MailRefused
from functions.digest.invocation import send_digest
from functions.digest.settings import DigestSettings
from tests.unit.usecases.digest_stage import DigestStage

HOUR = 8
SECRET = "Your table is laid, Ivan Petrovich"


@pytest.fixture
def stage() -> DigestStage:
    return DigestStage("Europe/Moscow")


def invoke(stage: DigestStage, event: Any) -> Any:
    answer = send_digest(event, post=stage.post, clock=stage.clock, hour=HOUR)
    return json.loads(json.dumps(answer))


def test_by_its_schedule_it_is_about_the_day_before(stage: DigestStage) -> None:
    assert invoke(stage, {}) == {"day": "2026-11-20", "sent": True}
    assert invoke(stage, {}) == {"day": "2026-11-20", "sent": False}
    assert len(stage.mailer.sent) == 1


def test_tried_again_after_midnight_it_is_about_the_same_day(stage: DigestStage) -> None:
    stage.clock.set(datetime(2026, 11, 21, 22, 30, tzinfo=UTC))  # half past one in Moscow
    assert invoke(stage, {})["day"] == "2026-11-20"


def test_a_person_may_ask_for_a_day_and_for_one_more_copy(stage: DigestStage) -> None:
    asked = {"day": "2026-11-12"}
    assert invoke(stage, asked) == {"day": "2026-11-12", "sent": True}
    assert invoke(stage, asked)["sent"] is False
    assert invoke(stage, {**asked, "again": True})["sent"] is True
    assert "Thursday, 12 November" in stage.mailer.sent[-1].subject


@pytest.mark.parametrize("event", [{"day": "yesterday"}, {"date": "2026-11-12"}, {"again": 2}])
def test_an_event_that_asks_for_something_else_is_refused(stage: DigestStage, event: Any) -> None:
    with pytest.raises(ValidationError):
        invoke(stage, event)
    assert stage.mailer.sent == []


def test_failures_are_warnings_until_the_last(
    stage: DigestStage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.mailing(text=SECRET)
    stage.mailer.fails_with = MailRefused("MessageRejected")
    with caplog.at_level(logging.INFO, logger="carillon"):
        for _ in range(3):
            with pytest.raises(DigestNotSent):
                invoke(stage, {})
            stage.clock.advance(60)
    failures = [each for each in caplog.records if each.getMessage() == "digest not sent"]
    assert [each.levelno for each in failures] == [logging.WARNING, logging.WARNING, logging.ERROR]
    [last] = failures[-1:]
    keys = vars(last)
    assert (keys["day"], keys["tries"], keys["error"]) == ("2026-11-20", 3, "MailRefused")
    assert SECRET not in str([vars(each) for each in caplog.records])


def test_recipients_are_read_from_one_variable() -> None:
    values = dict.fromkeys(map(str.upper, DigestSettings.model_fields), "x")
    values |= {"DIGEST_HOUR": "8", "DIGEST_TIMEZONE": "UTC", "DIGEST_RECIPIENTS": "a@b.c,d@e.f"}
    assert DigestSettings.from_env(values).digest_recipients == ("a@b.c", "d@e.f")
