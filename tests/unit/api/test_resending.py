"""Sending messages again over HTTP: answers, bodies, versions, states."""

from typing import Any

import pytest

from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import World
from tests.unit.api.test_mailings import PUBLIC_FIELDS

PATH = "/mailings/m0000001"
BOTH = {"statuses": ["failed", "unknown"]}
S = MailingStatus
ALLOWED = [S.RUNNING, S.PAUSED, S.FINISHED]


def _with_mailing(world: World, status: MailingStatus = S.FINISHED, **fields: Any) -> None:
    world.mailings.add(a_mailing(status=status, version=2, **fields), None)


def _resend(world: World, body: object = BOTH, **options: Any) -> Any:
    return world.call("POST", f"{PATH}/resend", body, **options)


@pytest.mark.parametrize(
    ("status", "becomes"), [(S.RUNNING, "running"), (S.PAUSED, "paused"), (S.FINISHED, "running")]
)
def test_the_answer_is_the_mailing_at_its_new_version(
    world: World, status: MailingStatus, becomes: str
) -> None:
    _with_mailing(world, status)
    world.clock.advance(5)
    answer = _resend(world)
    assert (answer.status, answer.headers["ETag"]) == (202, '"3"')
    assert "Location" not in answer.headers
    assert set(answer.json) == PUBLIC_FIELDS
    assert (answer.json["version"], answer.json["status"]) == (3, becomes)
    assert answer.json["updated_at"] == "2026-11-21T10:00:05.000Z"
    assert answer.json == world.get(PATH).json


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        (["failed"], (MessageStatus.FAILED,)),
        (["unknown"], (MessageStatus.UNKNOWN,)),
        (["unknown", "failed"], (MessageStatus.FAILED, MessageStatus.UNKNOWN)),
    ],
)
def test_only_what_is_named_is_sent_again(
    world: World, asked: list[str], stored: tuple[MessageStatus, ...]
) -> None:
    _with_mailing(world)
    assert _resend(world, {"statuses": asked}).status == 202
    assert world.mailings.by_id["m0000001"].resending == stored


def test_a_repeated_request_asks_once_more(world: World) -> None:
    _with_mailing(world)
    assert [_resend(world).json["version"] for _ in range(2)] == [3, 4]
    assert world.mailings.by_id["m0000001"].resends == 2


@pytest.mark.parametrize(
    ("raw", "status", "field"),
    [
        ("", 422, "body"),
        ("{}", 422, "statuses"),
        ('{"statuses": []}', 422, "statuses"),
        ('{"statuses": null}', 422, "statuses"),
        ('{"statuses": "failed"}', 422, "statuses"),
        ('{"statuses": ["sent"]}', 422, "statuses.0"),
        ('{"statuses": ["failed", "expired"]}', 422, "statuses.1"),
        ('{"statuses": ["pending"]}', 422, "statuses.0"),
        ('{"statuses": ["Failed"]}', 422, "statuses.0"),
        ('{"statuses": [1]}', 422, "statuses.0"),
        ('{"statuses": ["failed", "failed"]}', 202, None),
        ('{"statuses": ["failed"], "client_id": "c1"}', 422, "client_id"),
        ("[]", 422, "body"),
        ("null", 422, "body"),
        ("{", 400, None),
    ],
)
def test_bodies(world: World, raw: str, status: int, field: str | None) -> None:
    _with_mailing(world)
    answer = _resend(world, raw=raw)
    assert answer.status == status
    if field is not None:
        assert answer.fields == [field]
    assert world.mailings.by_id["m0000001"].resends == (1 if status == 202 else 0)


def test_a_wrong_status_is_told_which_there_are(world: World) -> None:
    _with_mailing(world)
    answer = _resend(world, {"statuses": ["expired"]})
    assert answer.json["detail"] == "statuses.0: must be one of 'failed' or 'unknown'"


def test_without_a_body_nothing_is_sent_again(world: World) -> None:
    _with_mailing(world)
    assert world.call("POST", f"{PATH}/resend").status == 422


def test_a_body_of_another_kind_is_415(world: World) -> None:
    _with_mailing(world)
    assert _resend(world, headers={"content-type": "text/plain"}).status == 415


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"2"', 202), ("2", 202), ("*", 202), ('"1"', 412), ("3", 412), ("now", 400)],
)
def test_if_match(world: World, if_match: str, status: int) -> None:
    _with_mailing(world)
    assert _resend(world, headers={"if-match": if_match}).status == status
    assert world.mailings.by_id["m0000001"].version == (3 if status == 202 else 2)


@pytest.mark.parametrize("status", [each for each in S if each not in ALLOWED])
def test_a_state_that_forbids_it_names_those_that_allow_it(
    world: World, status: MailingStatus
) -> None:
    _with_mailing(world, status)
    answer = _resend(world)
    assert answer.status == 409
    assert answer.json["type"] == "urn:problem-type:carillon:state-forbids"
    assert all(state in answer.json["detail"] for state in (*ALLOWED, status))
    assert world.mailings.by_id["m0000001"].version == 2


@pytest.mark.parametrize("status", ALLOWED)
def test_after_the_end_nothing_is_sent_again(world: World, status: MailingStatus) -> None:
    _with_mailing(world, status, ends_at=SOME_MOMENT)
    answer = _resend(world)
    assert answer.status == 409
    assert "has ended" in answer.json["detail"]


def test_a_stale_version_comes_before_a_state_that_forbids_it(world: World) -> None:
    _with_mailing(world, S.CANCELLED)
    assert _resend(world, headers={"if-match": "1"}).status == 412


def test_what_was_deleted_or_never_was_is_404(world: World) -> None:
    assert _resend(world).status == 404
    _with_mailing(world)
    assert world.call("DELETE", PATH).status == 204
    assert _resend(world).status == 404
