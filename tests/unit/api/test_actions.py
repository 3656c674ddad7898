"""Start, pause, resume and cancel over HTTP: answers, bodies, versions."""

from datetime import timedelta

import pytest

from carillon.models.mailing import MailingStatus
from carillon.policy.actions import RULES, Action
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import MAILING, World, event
from tests.unit.api.test_mailings import PUBLIC_FIELDS

PATH = "/mailings/m0000001"
any_action = pytest.mark.parametrize("action", Action)


def _allowing(world: World, action: Action) -> str:
    """A mailing in a state that allows the action; returns the action's path."""
    world.mailings.add(a_mailing(status=RULES[action].states[0], version=2), None)
    return f"{PATH}/{action}"


@any_action
def test_the_answer_is_the_mailing_at_its_new_version(world: World, action: Action) -> None:
    path = _allowing(world, action)
    world.clock.advance(5)
    answer = world.call("POST", path)
    assert (answer.status, answer.headers["ETag"]) == (200, '"3"')
    assert set(answer.json) == PUBLIC_FIELDS
    assert (answer.json["version"], answer.json["status"]) == (3, RULES[action].leads_to)
    assert answer.json["updated_at"] == "2026-11-21T10:00:05.000Z"
    assert answer.json == world.get(PATH).json


def test_a_start_is_moved_to_now(world: World) -> None:
    mailing_id = world.make("/mailings", MAILING)
    world.clock.advance(90)
    answer = world.call("POST", f"/mailings/{mailing_id}/start")
    assert answer.json["starts_at"] == "2026-11-21T10:01:30.000Z"
    assert world.mailings.by_id[mailing_id].due_at == SOME_MOMENT + timedelta(seconds=90)


@pytest.mark.parametrize("raw", [None, "", "{}", " {\n} "])
@any_action
def test_no_body_is_needed(world: World, action: Action, raw: str | None) -> None:
    path = f"/api/v1{_allowing(world, action)}"
    assert world.pass_on(event("POST", path, raw)).status == 200


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        ('{"status": "paused"}', 422, "status"),
        ('{"reason": null}', 422, "reason"),
        ("[]", 422, "body"),
        ("[{}]", 422, "body"),
        ("null", 422, "body"),
        ("false", 422, "body"),
        ('""', 422, "body"),
        ("  ", 422, "body"),
        ("{", 400, None),
    ],
)
@any_action
def test_any_other_body_is_refused(
    world: World, action: Action, raw: str, status: int, field: str | None
) -> None:
    answer = world.call("POST", _allowing(world, action), raw=raw)
    assert answer.status == status
    if field is not None:
        assert answer.fields == [field]
    assert world.mailings.by_id["m0000001"].version == 2


@any_action
def test_a_body_of_another_kind_is_415(world: World, action: Action) -> None:
    headers = {"content-type": "text/plain"}
    answer = world.call("POST", _allowing(world, action), raw="{}", headers=headers)
    assert answer.status == 415


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"2"', 200), ("2", 200), ("*", 200), ('"1"', 412), ("3", 412), ("now", 400)],
)
@any_action
def test_if_match(world: World, action: Action, if_match: str, status: int) -> None:
    path = _allowing(world, action)
    assert world.call("POST", path, headers={"if-match": if_match}).status == status
    assert world.mailings.by_id["m0000001"].version == (3 if status == 200 else 2)


@pytest.mark.parametrize("action", [Action.PAUSE, Action.RESUME, Action.CANCEL])
def test_what_has_taken_effect_cannot_be_repeated(world: World, action: Action) -> None:
    path = _allowing(world, action)
    assert world.call("POST", path).status == 200
    again = world.call("POST", path)
    assert again.status == 409
    assert again.json["type"] == "urn:problem-type:carillon:state-forbids"
    assert all(state in again.json["detail"] for state in RULES[action].states)
    stale = world.call("POST", path, headers={"if-match": "2"})
    assert stale.status == 412, "a stale version comes before a state that forbids it"
    assert world.mailings.by_id["m0000001"].version == 3


@any_action
def test_a_mailing_past_its_end_is_refused(world: World, action: Action) -> None:
    path = _allowing(world, action)
    world.clock.set(world.mailings.by_id["m0000001"].ends_at)
    answer = world.call("POST", path)
    assert answer.status == 409
    assert "has ended" in answer.json["detail"]


@any_action
def test_a_deleted_mailing_is_404(world: World, action: Action) -> None:
    path = _allowing(world, action)
    assert world.call("DELETE", PATH).status == 204
    assert world.call("POST", path).status == 404


def test_a_paused_mailing_is_changed_like_a_running_one(world: World) -> None:
    world.mailings.add(a_mailing(status=MailingStatus.RUNNING), None)
    assert world.call("POST", f"{PATH}/pause").status == 200
    changed = world.call("PATCH", PATH, {"text": "New"}, headers={"if-match": "2"})
    assert (changed.status, changed.json["status"]) == (200, "paused")
    resumed = world.call("POST", f"{PATH}/resume", headers={"if-match": "3"})
    assert (resumed.json["text"], resumed.json["version"]) == ("New", 4)
