"""Trials over HTTP: asked for, looked up, once per key, and never more of them than their end."""

import logging
from typing import Any

import pytest

from carillon.errors import LostRace
from carillon.models.mailing import MailingStatus
from carillon.models.trial import Trial, TrialStatus
from carillon.policy.trials import answered, claimed
from carillon.ports import Creation
from tests.fakes.gateway import OK
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT, SOME_REQUEST
from tests.fakes.trials import FakeTrials
from tests.unit.api.calling import World
from tests.unit.usecases.logged import lines

PATH = "/mailings/m0000001"
DRAFT = {"phone": "79031234567"}
KEY = {"idempotency-key": "once"}


def asked(world: World, **mailing: Any) -> Any:
    world.mailings.add(a_mailing(**mailing), None)
    answer = world.call("POST", f"{PATH}/test", DRAFT)
    assert answer.status == 202, answer.text
    return answer


@pytest.mark.parametrize("status", MailingStatus)
def test_a_test_is_asked_for_in_any_state(world: World, status: MailingStatus) -> None:
    answer = asked(world, status=status, text="Come in")
    [trial] = world.trials.by_key.values()
    assert answer.json == {
        "id": trial.id,
        "mailing_id": "m0000001",
        "status": "pending",
        "attempts": 0,
        "created_at": "2026-11-21T10:00:00.000Z",
        "sent_at": None,
        "last_error": None,
    }
    assert answer.headers["Location"] == f"/api/v1{PATH}/tests/{trial.id}"
    assert "ETag" not in answer.headers
    assert world.get(answer.headers["Location"]).json == answer.json
    assert (trial.phone, trial.text) == ("79031234567", "Come in")
    assert trial.expires_at == SOME_MOMENT.timestamp() + 24 * 3600
    assert world.get(PATH).json["version"] == 1, "nothing of the mailing itself is changed"


def test_who_looks_for_it_in_the_log_finds_its_ids(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="carillon")
    test_id = asked(world).json["id"]
    told = {"mailing_id": "m0000001", "correlation_id": SOME_REQUEST, "test_id": test_id}
    assert lines(caplog, "trial asked for") == [(logging.INFO, "trial asked for", told)]


def test_what_became_of_it_is_told(world: World) -> None:
    path = asked(world).headers["Location"]
    [trial] = world.trials.by_key.values()
    claim = claimed(trial, token="t1", until=SOME_MOMENT)
    world.trials.replace(trial, claim)
    world.trials.replace(claim, answered(claim, OK, token="t2", now=SOME_MOMENT))
    told = world.get(path).json
    assert (told["status"], told["attempts"]) == ("sent", 1)
    assert (told["sent_at"], told["last_error"]) == ("2026-11-21T10:00:00.000Z", None)


def test_the_clock_ends_what_nobody_made(world: World) -> None:
    path = asked(world).headers["Location"]
    world.clock.advance(300.999)
    assert world.get(path).json["status"] == "pending"
    world.clock.advance(0.001)
    told = world.get(path).json
    assert (told["status"], told["last_error"]) == ("failed", "not begun within 5 minutes")
    assert {each.status for each in world.trials.by_key.values()} == {TrialStatus.PENDING}


def test_of_a_claim_that_comes_while_it_is_read_nothing_wrong_is_told(world: World) -> None:
    """Read late in a slow request, it would look as if nobody had begun it in time."""
    path = asked(world).headers["Location"]
    world.clock.advance(299)

    class Slowly(FakeTrials):
        def get(self, mailing_id: str, trial_id: str) -> Trial | None:
            found = super().get(mailing_id, trial_id)
            world.clock.advance(5)
            return found

    world.api = world.composed(trials=Slowly(world.mailings))
    assert world.get(path).json["status"] == "pending"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "phone"),
        ({"phone": "+79031234567"}, "phone"),
        ({"phone": 79031234567}, "phone"),
        ({"phone": None}, "phone"),
        ({**DRAFT, "text": "another"}, "text"),
    ],
)
def test_a_wrong_body_is_422(world: World, body: dict[str, Any], field: str) -> None:
    world.mailings.add(a_mailing(), None)
    answer = world.call("POST", f"{PATH}/test", body)
    assert (answer.status, answer.fields) == (422, [field])
    assert world.trials.by_key == {}


def test_no_answer_shows_phone_or_text(world: World) -> None:
    answer = asked(world, text="Come in")
    again = world.get(answer.headers["Location"])
    for each in (answer, again):
        assert DRAFT["phone"] not in each.text + repr(each.headers)
        assert "Come in" not in each.text


@pytest.mark.parametrize("test_id", ["t0000404", "-", "", "a" * 65, "%2F"])
def test_one_that_there_is_not_is_404(world: World, test_id: str) -> None:
    asked(world)
    assert world.get(f"{PATH}/tests/{test_id}").status == 404


def test_what_was_deleted_or_never_was_is_404(world: World) -> None:
    assert world.call("POST", f"{PATH}/test", DRAFT).status == 404
    path = asked(world).headers["Location"]
    assert world.call("DELETE", PATH).status == 204
    assert world.get(path).status == 404
    assert world.call("POST", f"{PATH}/test", DRAFT).status == 404
    assert len(world.trials.by_key) == 1


def test_a_mailing_deleted_at_the_same_moment_is_404(world: World) -> None:
    world.mailings.add(a_mailing(), None)

    class Overtaken(FakeTrials):
        def add(self, trial: Trial, creation: Creation | None) -> None:
            world.mailings.remove(a_mailing())
            super().add(trial, creation)

    world.api = world.composed(trials=Overtaken(world.mailings))
    assert world.call("POST", f"{PATH}/test", DRAFT).status == 404
    assert world.trials.by_key == {}


def test_the_same_request_repeats_the_first_answer(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    first = world.call("POST", f"{PATH}/test", DRAFT, headers=KEY)
    world.clock.advance(60)
    assert world.call("POST", f"{PATH}/test", DRAFT, headers=KEY) == first
    assert len(world.trials.by_key) == 1
    other = world.call("POST", f"{PATH}/test", {"phone": "79030000000"}, headers=KEY)
    assert (other.status, other.fields) == (422, ["Idempotency-Key"])


def test_a_key_belongs_to_one_mailing(world: World) -> None:
    world.mailings.add(a_mailing(1), None)
    world.mailings.add(a_mailing(2), None)
    for number in (1, 2):
        path = f"/mailings/m000000{number}/test"
        assert world.call("POST", path, DRAFT, headers=KEY).status == 202
    assert {mailing for mailing, _ in world.trials.by_key} == {"m0000001", "m0000002"}


def test_without_a_key_each_request_is_one_of_its_own(world: World) -> None:
    asked(world)
    world.call("POST", f"{PATH}/test", DRAFT)
    assert len(world.trials.by_key) == 2


def test_twins_create_one(world: World) -> None:
    world.mailings.add(a_mailing(), None)

    class Overtaken(FakeTrials):
        def add(self, trial: Trial, creation: Creation | None) -> None:
            super().add(trial.model_copy(update={"id": "twin"}), creation)
            raise LostRace(trial.id)

    world.api = world.composed(trials=Overtaken(world.mailings))
    answer = world.call("POST", f"{PATH}/test", DRAFT, headers=KEY)
    assert (answer.status, answer.json["id"]) == (202, "twin")
