"""Mailings over HTTP: shapes, times, what may be changed when."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from carillon.models.mailing import MailingStatus
from carillon.models.statistics import Increments
from tests.fakes.samples import a_mailing, a_message
from tests.fakes.system import SOME_MOMENT, SOMEBODY
from tests.unit.api.calling import MAILING, World

PUBLIC_FIELDS = {
    "id",
    "text",
    "starts_at",
    "ends_at",
    "filter",
    "time_window",
    "status",
    "created_at",
    "created_by",
    "updated_by",
    "updated_at",
    "version",
}


def test_create_answers_with_the_mailing_and_where_it_is(world: World) -> None:
    answer = world.call("POST", "/mailings", MAILING)
    assert answer.status == 201
    mailing = answer.json
    assert answer.headers["Location"] == f"/api/v1/mailings/{mailing['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert mailing == {
        "id": mailing["id"],
        "text": MAILING["text"],
        "starts_at": "2026-11-21T12:00:00.000Z",
        "ends_at": "2026-11-21T18:00:00.000Z",
        "filter": {"operator_codes": [], "tags": ["vip"]},
        "time_window": None,
        "status": "scheduled",
        "created_at": "2026-11-21T10:00:00.000Z",
        "updated_at": "2026-11-21T10:00:00.000Z",
        "created_by": SOMEBODY,
        "updated_by": SOMEBODY,
        "version": 1,
    }
    assert world.get(f"/mailings/{mailing['id']}").json == mailing


def test_the_text_comes_back_as_it_was(world: World) -> None:
    text = "  Привет, 你好 👋\nдва  "
    assert world.call("POST", "/mailings", {**MAILING, "text": text}).json["text"] == text


def test_times_come_in_any_offset_and_leave_in_utc(world: World) -> None:
    body = {**MAILING, "starts_at": "2026-11-21T15:30:00.123456+03:00"}
    assert world.call("POST", "/mailings", body).json["starts_at"] == "2026-11-21T12:30:00.123Z"


def test_a_start_in_the_past_means_now(world: World) -> None:
    body = {**MAILING, "starts_at": "2020-01-01T00:00:00Z"}
    answer = world.call("POST", "/mailings", body)
    assert answer.json["starts_at"] == "2026-11-21T10:00:00.000Z"
    assert world.mailings.by_id[answer.json["id"]].due_at == SOME_MOMENT


@pytest.mark.parametrize("status", list(MailingStatus))
def test_lists_are_newest_first_and_filtered_by_status(world: World, status: str) -> None:
    for number in range(1, 4):
        at = SOME_MOMENT + timedelta(seconds=number)
        world.mailings.add(a_mailing(number, status=MailingStatus(status), created_at=at), None)
    other = next(each for each in MailingStatus if each != status)

    def ids(**query: Any) -> list[str]:
        return [each["id"] for each in world.get("/mailings", **query).json["items"]]

    assert ids(status=status) == ["m0000003", "m0000002", "m0000001"]
    assert ids() == ids(status=status)
    assert ids(status=other) == []
    first = world.get("/mailings", limit=2).json
    assert ids(limit=2, cursor=first["next_cursor"]) == ["m0000001"]


def test_before_the_start_everything_can_be_changed(world: World) -> None:
    mailing_id = world.make("/mailings", MAILING)
    body = {
        "text": "Sold out.",
        "starts_at": "2026-11-21T13:00:00Z",
        "ends_at": "2026-11-21T19:00:00Z",
        "filter": {"operator_codes": ["900"]},
        "time_window": {"start": "22:00", "end": "06:00"},
    }
    answer = world.call("PATCH", f"/mailings/{mailing_id}", body, headers={"if-match": "1"})
    assert answer.status == 200
    assert answer.headers["ETag"] == '"2"'
    assert set(answer.json) == PUBLIC_FIELDS
    assert answer.json["filter"] == {"operator_codes": ["900"], "tags": []}
    assert answer.json["time_window"] == body["time_window"]
    stored = world.mailings.by_id[mailing_id]
    assert stored.due_at == stored.starts_at == SOME_MOMENT + timedelta(hours=3)
    assert (stored.version, stored.rev) == (2, 2)
    cleared = world.call("PATCH", f"/mailings/{mailing_id}", {"time_window": None})
    assert cleared.json["time_window"] is None


@pytest.mark.parametrize(
    ("status", "due_at"),
    [
        (MailingStatus.RUNNING, SOME_MOMENT),
        (MailingStatus.PAUSED, SOME_MOMENT + timedelta(hours=10)),
    ],
)
def test_while_it_runs_only_some_fields_can_be_changed(
    world: World, status: MailingStatus, due_at: datetime
) -> None:
    world.mailings.add(a_mailing(status=status), None)
    path = "/mailings/m0000001"
    body = {"text": "New", "ends_at": "2026-11-21T20:00:00Z", "time_window": None}
    assert world.call("PATCH", path, body).status == 200
    assert world.mailings.by_id["m0000001"].due_at == due_at
    for forbidden in ({"filter": {"tags": ["x"]}}, {"starts_at": "2026-11-21T11:00:00Z"}):
        answer = world.call("PATCH", path, forbidden)
        assert answer.status == 409
        assert next(iter(forbidden)) in answer.json["detail"]
        assert "ends_at, text, time_window" in answer.json["detail"]
    same = {"filter": {}, "starts_at": "2026-11-21T10:00:00Z", "text": "New"}
    assert world.call("PATCH", path, same).json["version"] == 2


@pytest.mark.parametrize(
    "state",
    [
        {"status": MailingStatus.FINISHED, "due_at": None},
        {"status": MailingStatus.CANCELLED},
        {"status": MailingStatus.RUNNING, "closing": True},
        {"status": MailingStatus.SCHEDULED, "ends_at": SOME_MOMENT},
        {"status": MailingStatus.PAUSED, "ends_at": SOME_MOMENT},
    ],
    ids=str,
)
def test_after_its_end_nothing_can_be_changed(world: World, state: dict[str, Any]) -> None:
    world.mailings.add(a_mailing(**state), None)
    for body in ({"text": "New"}, {"ends_at": "2026-11-22T00:00:00Z"}):
        answer = world.call("PATCH", "/mailings/m0000001", body)
        assert answer.status == 409
        assert answer.json["type"] == "urn:problem-type:carillon:state-forbids"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ends_at": "2026-11-21T09:59:59Z"}, "ends_at"),
        ({"ends_at": "2026-11-21T10:00:00Z"}, "ends_at"),
        ({"ends_at": "2026-11-21T12:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-11-21T18:00:00Z"}, "starts_at"),
        ({"starts_at": "2026-11-21T19:00:00Z", "ends_at": "2026-11-21T18:30:00Z"}, "ends_at"),
    ],
)
def test_times_that_do_not_go_together(world: World, body: dict[str, str], field: str) -> None:
    mailing_id = world.make("/mailings", MAILING)
    answer = world.call("PATCH", f"/mailings/{mailing_id}", body)
    assert (answer.status, answer.fields) == (422, [field])
    assert world.mailings.by_id[mailing_id].version == 1


@pytest.mark.parametrize("status", list(MailingStatus))
def test_a_deleted_mailing_is_gone_everywhere_and_due_at_once(
    world: World, status: MailingStatus
) -> None:
    world.mailings.add(a_mailing(status=status, due_at=None), None)
    world.messages.insert([a_message()])
    path = "/mailings/m0000001"
    assert world.call("DELETE", path, headers={"if-match": '"2"'}).status == 412
    assert world.call("DELETE", path, headers={"if-match": '"1"'}).status == 204
    stored = world.mailings.by_id["m0000001"]
    assert (stored.deleted, stored.due_at, stored.rev) == (True, SOME_MOMENT, 2)
    for gone in (path, f"{path}/stats", f"{path}/messages", "/messages/m0000001-c0000001"):
        assert world.get(gone).status == 404
    assert world.call("DELETE", path).status == 404
    assert world.call("PATCH", path, {"text": "New"}).status == 404
    assert world.get("/messages", mailing_id="m0000001").status == 404
    assert world.get("/mailings").json["items"] == []
    assert world.get("/stats").json["items"] == []
    assert world.get("/messages", client_id="c0000001").json["items"] == []


def test_statistics_have_every_count(world: World) -> None:
    world.mailings.add(a_mailing(1), None)
    world.mailings.add(a_mailing(2, created_at=SOME_MOMENT + timedelta(seconds=1)), None)
    increments = Increments()
    moves = {"total": 3, "sent": 2, "failed": 1, "attempts": 4, "error:HTTP 400": 1}
    for name, by in moves.items():
        increments.move("m0000001", 0, name, by)
    increments.note("m0000001", SOME_MOMENT, "sent")
    world.statistics.count("shard", before=None, after="1", increments=increments)
    zeros = dict.fromkeys(
        ["total", "pending", "sent", "failed", "unknown", "expired", "cancelled"], 0
    )
    counts = {**zeros, "total": 3, "sent": 2, "failed": 1}
    assert world.get("/mailings/m0000001/stats").json == {
        "mailing_id": "m0000001",
        "status": "scheduled",
        "counts": counts,
        "attempts": 4,
        "timeline": [
            {
                "minute": "2026-11-21T10:00:00.000Z",
                "sent": 1,
                "failed": 0,
                "unknown": 0,
                "expired": 0,
                "cancelled": 0,
                "retried": 0,
            }
        ],
        "errors": [{"error": "HTTP 400", "messages": 1}],
    }
    overview = world.get("/stats", limit=1).json
    assert overview["counts"] == counts
    assert overview["items"] == [{"mailing_id": "m0000002", "status": "scheduled", "counts": zeros}]
    rest = world.get("/stats", cursor=overview["next_cursor"]).json
    assert rest["items"] == [{"mailing_id": "m0000001", "status": "scheduled", "counts": counts}]
    assert rest["next_cursor"] is None


def test_the_overview_selects_by_status_as_the_list_does(world: World) -> None:
    first, second = (world.make("/mailings", MAILING) for _ in range(2))
    assert world.call("POST", f"/mailings/{first}/cancel").status == 200

    for status, expected in (("cancelled", [first]), ("scheduled", [second]), ("paused", [])):
        items = world.get("/stats", status=status).json["items"]
        assert [each["mailing_id"] for each in items] == expected
        listed = world.get("/mailings", status=status).json["items"]
        assert [each["id"] for each in listed] == expected
    assert world.get("/stats", status="sent").status == 422
    cursor = world.get("/stats", limit=1).json["next_cursor"]
    assert world.get("/stats", cursor=cursor, status="cancelled").status == 400
