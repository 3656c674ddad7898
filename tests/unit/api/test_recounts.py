"""Recounts over HTTP: asked for, looked up, one at a time."""

import pytest

from carillon.models.mailing import MailingStatus
from carillon.models.statistics import Tally
from tests.fakes.samples import a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import World, event

PATH = "/mailings/m0000001"
BEGUN = {
    "mailing_id": "m0000001",
    "number": 1,
    "status": "running",
    "requested_at": "2026-11-21T10:00:00.000Z",
    "finished_at": None,
    "messages": None,
    "difference": None,
}


def _finish(world: World, number: int, **fields: object) -> None:
    """As the fan-out does it, three seconds later."""
    old = world.mailings.recount("m0000001", number)
    assert old is not None
    world.clock.advance(3)
    finished = old.changed(finished_at=world.clock.now(), due_at=None, **fields)
    world.mailings.checkpoint(old, finished)


@pytest.mark.parametrize("status", MailingStatus)
def test_a_recount_is_begun_in_any_state(world: World, status: MailingStatus) -> None:
    world.mailings.add(a_mailing(status=status), None)
    answer = world.call("POST", f"{PATH}/recount")
    assert answer.status == 202
    assert answer.headers["Location"] == f"/api/v1{PATH}/recounts/1"
    assert "ETag" not in answer.headers
    assert answer.json == BEGUN == world.get(answer.headers["Location"]).json
    assert world.get(PATH).json["version"] == 1, "nothing of the mailing itself is changed"


def test_while_it_runs_the_same_one_is_answered(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    first = world.call("POST", f"{PATH}/recount")
    world.clock.advance(60)
    again = world.call("POST", f"{PATH}/recount")
    assert (again.status, again.json) == (202, first.json)
    assert again.headers["Location"] == first.headers["Location"]


def test_after_it_finished_a_new_one_is_begun(world: World) -> None:
    world.mailings.add(a_mailing(ends_at=SOME_MOMENT), None)
    world.call("POST", f"{PATH}/recount")
    _finish(world, 1, messages=3, difference=Tally(total=1, sent=2, pending=-1))
    second = world.call("POST", f"{PATH}/recount")
    assert second.json == {**BEGUN, "number": 2, "requested_at": "2026-11-21T10:00:03.000Z"}
    assert second.headers["Location"] == f"/api/v1{PATH}/recounts/2"
    first = world.get(f"{PATH}/recounts/1").json
    assert first == {
        **BEGUN,
        "status": "finished",
        "finished_at": "2026-11-21T10:00:03.000Z",
        "messages": 3,
        "difference": {
            "total": 1,
            "pending": -1,
            "sent": 2,
            "failed": 0,
            "unknown": 0,
            "expired": 0,
            "cancelled": 0,
            "attempts": 0,
        },
    }


def test_of_what_vanished_nothing_is_told(world: World) -> None:
    world.mailings.add(a_mailing(), None)
    world.call("POST", f"{PATH}/recount")
    _finish(world, 1)
    told = world.get(f"{PATH}/recounts/1").json
    assert (told["status"], told["messages"], told["difference"]) == ("finished", None, None)


@pytest.mark.parametrize("raw", [None, "", "{}"])
def test_no_body_is_needed(world: World, raw: str | None) -> None:
    world.mailings.add(a_mailing(), None)
    assert world.pass_on(event("POST", f"/api/v1{PATH}/recount", raw)).status == 202


@pytest.mark.parametrize(
    ("raw", "status"), [('{"repair": false}', 422), ("[]", 422), ("null", 422), ("{", 400)]
)
def test_any_other_body_is_refused(world: World, raw: str, status: int) -> None:
    world.mailings.add(a_mailing(), None)
    assert world.call("POST", f"{PATH}/recount", raw=raw).status == status
    assert not world.mailings.recounts


@pytest.mark.parametrize(
    "number", ["2", "0", "-1", "01", "1.0", "one", "", "9" * 10, "%31", "1%2F2"]
)
def test_a_number_that_is_none_of_its_recounts_is_404(world: World, number: str) -> None:
    world.mailings.add(a_mailing(), None)
    world.call("POST", f"{PATH}/recount")
    assert world.get(f"{PATH}/recounts/{number}").status == 404


def test_what_was_deleted_or_never_was_is_404(world: World) -> None:
    assert world.call("POST", f"{PATH}/recount").status == 404
    assert world.get(f"{PATH}/recounts/1").status == 404
    world.mailings.add(a_mailing(), None)
    world.call("POST", f"{PATH}/recount")
    assert world.call("DELETE", PATH).status == 204
    assert world.call("POST", f"{PATH}/recount").status == 404
    assert world.get(f"{PATH}/recounts/1").status == 404
