"""Previews, suggestions and openings over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from carillon.models.mailing import MailingStatus, TimeWindow
from carillon.models.wave import Wave
from carillon.usecases.suggesting import VALUES_MAX
from tests.fakes.samples import HOUR, a_client, a_mailing
from tests.fakes.system import SOME_MOMENT
from tests.unit.api.calling import MAILING, World
from tests.unit.api.test_bad_input import REFUSED_MAILINGS

PREVIEW = "/mailings/preview"
WAVES = "/mailings/m0000001/waves"
HOURS = {"start": "09:00", "end": "18:00"}
"""The fakes' clock begins at 10:00 UTC: 13:00 in Moscow, 20:00 in Vladivostok."""


@pytest.fixture
def russia(world: World) -> World:
    """Three clients in Moscow, one of them no vip, and two in Vladivostok."""
    for number in range(5):
        world.clients.add(
            a_client(
                number,
                tags=("vip", "новый") if number else ("новый",),
                operator_code="900" if number % 2 else "901",
                timezone="Asia/Vladivostok" if number > 2 else "Europe/Moscow",
            ),
            None,
        )
    return world


def preview(world: World, **body: Any) -> Any:
    answer = world.call("POST", PREVIEW, {"filter": {}, **body})
    assert answer.status == 200, answer.text
    return answer.json


def test_a_preview_of_everything(russia: World) -> None:
    found = preview(
        russia,
        filter={"tags": ["vip"]},
        text="Привет",
        starts_at="2026-11-21T12:00:00Z",
        ends_at="2026-11-21T23:30:00Z",
        time_window=HOURS,
    )
    assert found == {
        "recipients": 4,
        "exact": True,
        "sms_parts": 1,
        "encoding": "ucs2",
        "units": 6,
        "by_timezone": {"Asia/Vladivostok": 2, "Europe/Moscow": 2},
        "zones": [
            {
                "timezone": "Asia/Vladivostok",
                "recipients": 2,
                "local_start": "2026-11-21T22:00:00.000+10:00",
                "first_opening": "2026-11-21T23:00:00.000Z",
            },
            {
                "timezone": "Europe/Moscow",
                "recipients": 2,
                "local_start": "2026-11-21T15:00:00.000+03:00",
                "first_opening": "2026-11-21T12:00:00.000Z",
            },
        ],
    }


def test_a_filter_is_enough_and_most_recipients_come_first(russia: World) -> None:
    found = preview(russia)
    assert (found["recipients"], found["exact"]) == (5, True)
    assert found["sms_parts"] is found["encoding"] is found["units"] is None
    assert list(found["by_timezone"].items()) == [("Europe/Moscow", 3), ("Asia/Vladivostok", 2)]
    moscow = found["zones"][0]
    assert moscow["local_start"] == "2026-11-21T13:00:00.000+03:00"
    assert moscow["first_opening"] == "2026-11-21T10:00:00.000Z"
    assert found == preview(russia, text=None, starts_at=None, ends_at=None, time_window=None)


@pytest.mark.parametrize(
    ("chosen", "recipients"),
    [
        ({"operator_codes": ["901"]}, 3),
        ({"tags": ["vip"], "operator_codes": ["901"]}, 2),
        ({"tags": ["gone"]}, 0),
    ],
)
def test_a_preview_counts_whom_the_filter_names(
    russia: World, chosen: dict[str, Any], recipients: int
) -> None:
    found = preview(russia, filter=chosen)
    assert found["recipients"] == recipients == sum(found["by_timezone"].values())
    assert {each["timezone"]: each["recipients"] for each in found["zones"]} == found["by_timezone"]


@pytest.mark.parametrize(
    ("ends_at", "opening"),
    [
        ("2026-11-21T23:00:00.501Z", "2026-11-21T23:00:00.000Z"),
        ("2026-11-21T23:00:00.500Z", None),  # the last call begins half a second before the end
        ("2026-11-21T12:00:00Z", None),
        (None, "2026-11-21T23:00:00.000Z"),
    ],
)
def test_hours_that_do_not_open_before_the_end_never_do(
    russia: World, ends_at: str | None, opening: str | None
) -> None:
    zones = preview(russia, time_window=HOURS, ends_at=ends_at)["zones"]
    assert [each["first_opening"] for each in zones] == ["2026-11-21T10:00:00.000Z", opening]


def test_a_start_in_the_past_means_now(russia: World) -> None:
    past = preview(russia, starts_at="2020-01-01T00:00:00Z", time_window=HOURS)
    assert past == preview(russia, time_window=HOURS)


def test_clocks_change_before_the_start(world: World) -> None:
    world.clients.add(a_client(timezone="Europe/Berlin"), None)
    [zone] = preview(world, starts_at="2027-03-29T06:00:00Z", time_window=HOURS)["zones"]
    assert zone["local_start"] == "2027-03-29T08:00:00.000+02:00"
    assert zone["first_opening"] == "2027-03-29T07:00:00.000Z"


def test_what_could_not_be_counted_is_said(russia: World) -> None:
    russia.census.most = 2
    found = preview(russia)
    assert (found["recipients"], found["exact"]) == (2, False)
    assert found["by_timezone"] == {"Europe/Moscow": 2}


@pytest.mark.parametrize(
    ("wrong", "field"), [each for each in REFUSED_MAILINGS if None not in each[0].values()], ids=str
)
def test_a_mistake_is_told_as_for_the_mailing_itself(
    russia: World, wrong: dict[str, Any], field: str
) -> None:
    answer = russia.call("POST", PREVIEW, {**MAILING, **wrong})
    assert (answer.status, answer.fields) == (422, [field])
    assert russia.census.taken == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "filter"),
        ({"filter": {}, "ends_at": "2026-11-21T10:00:00Z"}, "ends_at"),
        ({"filter": {}, "starts_at": "9999-01-01T00:00:00Z"}, "starts_at"),
        ({"filter": {}, "starts_at": "9999-12-31T23:59:59.999Z"}, "starts_at"),
        ({"filter": {}, "text": ""}, "text"),
        ({"filter": {}, "limit": 1}, "limit"),
    ],
    ids=str,
)
def test_what_is_given_must_be_right(russia: World, body: dict[str, Any], field: str) -> None:
    answer = russia.call("POST", PREVIEW, body)
    assert (answer.status, answer.fields) == (422, [field])


def test_the_farthest_start_can_be_looked_at(russia: World) -> None:
    found = preview(
        russia,
        starts_at="9998-12-31T23:59:59.999Z",
        ends_at="9999-12-31T23:59:59.999Z",
        time_window=HOURS,
    )
    assert [each["first_opening"][:4] for each in found["zones"]] == ["9999", "9998"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", PREVIEW, "POST"),
        ("DELETE", PREVIEW, "POST"),
        ("POST", "/clients/suggestions", "GET"),
        ("PATCH", "/clients/suggestions", "GET"),
        ("DELETE", "/clients/export", "GET"),
    ],
)
def test_a_path_that_is_spelt_out_is_nobodys_id(
    world: World, method: str, path: str, allow: str
) -> None:
    answer = world.call(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, allow)


def test_suggestions_are_what_clients_have_most_frequent_first(russia: World) -> None:
    russia.clients.add(a_client(9, tags=("aaa",), operator_code="902"), None)
    assert russia.get("/clients/suggestions").json == {
        "tags": [
            {"value": "новый", "clients": 5},
            {"value": "vip", "clients": 4},
            {"value": "aaa", "clients": 1},
        ],
        "operator_codes": [
            {"value": "901", "clients": 3},
            {"value": "900", "clients": 2},
            {"value": "902", "clients": 1},
        ],
        "exact": True,
    }


def test_suggestions_are_remembered_for_a_minute(russia: World) -> None:
    first = russia.get("/clients/suggestions").json
    russia.clients.add(a_client(9, tags=("aaa",)), None)
    russia.clock.advance(59.999)
    assert russia.get("/clients/suggestions").json == first
    assert russia.census.taken == 1
    russia.clock.advance(0.001)
    assert russia.get("/clients/suggestions").json != first
    russia.clock.advance(-10)
    russia.get("/clients/suggestions")
    assert russia.census.taken == 3, "a clock that was set back does not keep them for ever"


def test_the_first_clients_are_suggested_from_at_once(world: World) -> None:
    assert world.get("/clients/suggestions").json["tags"] == []
    world.clients.by_id["first"] = a_client(tags=("vip",))
    assert world.get("/clients/suggestions").json["tags"] == [{"value": "vip", "clients": 1}]


def test_of_too_many_values_the_most_frequent_are_suggested(world: World) -> None:
    tags = [f"t{number:04d}" for number in range(VALUES_MAX + 1)]
    for number in range(0, len(tags), 50):
        client = a_client(number, tags=tuple(tags[number : number + 50]))
        world.clients.by_id[client.id] = client
    common = a_client(9_999, tags=(tags[-1],))
    world.clients.by_id[common.id] = common
    found = world.get("/clients/suggestions").json
    assert len(found["tags"]) == VALUES_MAX
    assert found["tags"][0] == {"value": tags[-1], "clients": 2}
    assert [each["value"] for each in found["tags"][1:]] == tags[: VALUES_MAX - 1]
    assert found["exact"] is False


def test_suggestions_from_a_part_of_the_directory(russia: World) -> None:
    russia.census.most = 1
    assert russia.get("/clients/suggestions").json["exact"] is False


def _waits(world: World, *hours: float, **fields: Any) -> None:
    """A mailing for a day whose messages wait for openings so many hours from now."""
    mailing = {"ends_at": SOME_MOMENT + 24 * HOUR, "time_window": TimeWindow(**HOURS)}
    world.mailings.add(a_mailing(**{**mailing, **fields}), None)
    for each in hours:
        world.mailings.add_wave(Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + each * HOUR))


def test_openings_to_come_earliest_first_and_no_searches(world: World) -> None:
    _waits(world, 9, -1, 0, 3, 24, 25)
    search = Wave(mailing_id="m0000001", opens_at=SOME_MOMENT + 4 * HOUR, search=True)
    world.mailings.add_wave(search)
    world.mailings.add_wave(Wave(mailing_id="m0000002", opens_at=SOME_MOMENT + 5 * HOUR))
    assert world.get(WAVES).json == {
        "items": [
            {"opens_at": "2026-11-21T13:00:00.000Z"},
            {"opens_at": "2026-11-21T19:00:00.000Z"},
        ],
        "next_cursor": None,
    }


def test_openings_in_pages(world: World) -> None:
    _waits(world, 1, 2, 3)
    found: list[str] = []
    cursor: dict[str, object] = {}
    for _ in range(4):
        page = world.get(WAVES, limit=1, **cursor).json
        found += [each["opens_at"][11:13] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ["11", "12", "13"]
    world.mailings.add(a_mailing(2), None)
    assert world.get("/mailings/m0000002/waves", **cursor).status == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"status": MailingStatus.CANCELLED},
        {"status": MailingStatus.FINISHED},
        {"time_window": None},
        {"ends_at": SOME_MOMENT + timedelta(minutes=1)},
    ],
    ids=str,
)
def test_what_is_over_or_keeps_no_hours_opens_nothing(world: World, fields: dict[str, Any]) -> None:
    _waits(world, 1, 2, **fields)
    assert world.get(WAVES).json == {"items": [], "next_cursor": None}


def test_a_deleted_mailing_has_no_openings(world: World) -> None:
    _waits(world, 1)
    assert world.call("DELETE", "/mailings/m0000001").status == 204
    assert world.get(WAVES).status == 404
