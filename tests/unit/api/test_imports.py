"""Imports over HTTP: begun, looked up, and what was refused of them."""

from datetime import timedelta

import pytest

from carillon.models.imports import (
    Import,
    ImportFailure,
    ImportStatus,
    Layout,
    Position,
    Refusal,
)
from carillon.usecases.imports import REFUSED_BYTES, REFUSED_PAGES
from tests.unit.api.calling import World

HEADER = "phone,operator_code,tags,timezone,line,error\r\n"
LAYOUT = Layout(separator=",", columns=("phone", "timezone"))


def begin(world: World) -> str:
    return world.make("/imports", {})


def change(world: World, import_id: str, **fields: object) -> Import:
    """As the importer does it."""
    old = world.imports.by_id[import_id]
    new = old.model_copy(update=fields).next(world.clock.now())
    world.imports.replace(old, new)
    return new


def run(world: World, import_id: str, **fields: object) -> Import:
    old = world.imports.by_id[import_id]
    begun = old.begun(size=100, etag='"e"', layout=LAYOUT, position=Position(offset=15, line=2))
    world.imports.replace(old, begun.next(world.clock.now()))
    return change(world, import_id, **fields)


@pytest.mark.parametrize("body", [None, {}])
def test_an_import_says_where_its_file_is_awaited(world: World, body: object) -> None:
    answer = world.call("POST", "/imports", body)
    import_id = answer.json["id"]

    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/imports/{import_id}"
    assert "ETag" not in answer.headers
    assert answer.json == world.get(f"/imports/{import_id}").json
    assert answer.json == {
        "id": import_id,
        "status": "awaiting_upload",
        "created_at": "2026-11-21T10:00:00.000Z",
        "updated_at": "2026-11-21T10:00:00.000Z",
        "finished_at": None,
        "upload": {
            "method": "PUT",
            "url": f"https://uploads.example.com/imports/{import_id}.csv?X-Amz-Expires=3600",
            "headers": {"Content-Type": "text/csv", "If-None-Match": "*"},
        },
        "upload_until": "2026-11-21T11:00:00.000Z",
        "bytes": None,
        "bytes_done": 0,
        "rows": 0,
        "created": 0,
        "updated": 0,
        "rejected": 0,
        "errors": [],
        "reason": None,
        "reason_detail": None,
    }


def test_no_field_is_known(world: World) -> None:
    answer = world.call("POST", "/imports", {"file": "clients.csv"})
    assert (answer.status, answer.fields) == (422, ["file"])
    assert not world.imports.by_id


def test_the_url_holds_no_longer_than_the_hour(world: World) -> None:
    import_id = begin(world)
    world.clock.advance(3500.5)
    late = world.get(f"/imports/{import_id}").json
    assert late["upload"]["url"].endswith("X-Amz-Expires=99")
    world.clock.advance(99.3)
    assert world.get(f"/imports/{import_id}").json["upload"]["url"].endswith("X-Amz-Expires=1")


def test_without_a_file_it_failed_after_an_hour_until_it_runs_after_all(world: World) -> None:
    import_id = begin(world)
    world.clock.advance(3600)
    failed = world.get(f"/imports/{import_id}").json
    assert (failed["status"], failed["reason"]) == ("failed", "not_uploaded")
    assert failed["finished_at"] == failed["upload_until"] == "2026-11-21T11:00:00.000Z"
    assert failed["upload"] is None
    assert failed["reason_detail"]

    run(world, import_id)
    assert world.get(f"/imports/{import_id}").json["status"] == "running"


def test_an_import_under_way_and_at_its_end(world: World) -> None:
    import_id = begin(world)
    errors = (Refusal(line=3, message="broken"),)
    counts = {"created": 5, "updated": 2, "rejected": 1}
    run(world, import_id, **counts, errors=errors)
    running = world.get(f"/imports/{import_id}").json
    assert running["status"] == "running"
    assert running["upload"] is None
    assert (running["bytes"], running["bytes_done"], running["rows"]) == (100, 15, 8)
    assert {name: running[name] for name in counts} == counts
    assert running["errors"] == [{"line": 3, "message": "broken"}]

    change(
        world,
        import_id,
        status=ImportStatus.FAILED,
        finished_at=world.clock.now(),
        reason=ImportFailure.UPLOAD_LOST,
        reason_detail="it is gone",
    )
    failed = world.get(f"/imports/{import_id}").json
    assert (failed["reason"], failed["reason_detail"]) == ("upload_lost", "it is gone")
    assert failed["rows"] == 8


def test_a_post_that_comes_again_begins_nothing_new(world: World) -> None:
    key = {"idempotency-key": "k1"}
    first = world.call("POST", "/imports", headers=key)
    world.clock.advance(5)
    again = world.call("POST", "/imports", {}, headers=key)
    other = world.call("POST", "/imports", headers={"idempotency-key": "k2"})
    theirs = world.call("POST", "/imports", headers=key, caller="somebody-else")

    assert again.status == 201
    assert again.json["id"] == first.json["id"]
    assert len({first.json["id"], other.json["id"], theirs.json["id"]}) == 3
    assert len(world.imports.by_id) == 3


@pytest.mark.parametrize("path", ["/imports/none", "/imports/none/rejected", "/imports/a%23b"])
def test_an_import_that_is_not_there(world: World, path: str) -> None:
    assert world.get(path).status == 404


def test_refused_rows_come_as_csv(world: World) -> None:
    import_id = begin(world)
    empty = world.get(f"/imports/{import_id}/rejected")
    assert (empty.status, empty.text) == (200, HEADER)
    assert empty.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "Link" not in empty.headers

    run(world, import_id, rejected_pages=2)
    world.refused.keep(import_id, 0, "1,,,,2,bad\r\n")
    world.refused.keep(import_id, 1, "я,,,,9,bad\r\n")
    answer = world.get(f"/imports/{import_id}/rejected")
    assert answer.text == HEADER + "1,,,,2,bad\r\nя,,,,9,bad\r\n"
    assert "Link" not in answer.headers


def follow(world: World, link: str) -> tuple[str, str | None]:
    """(text, next link) of a page."""
    path, _, cursor = link.partition("?cursor=")
    answer = world.get(path, **({"cursor": cursor} if cursor else {}))
    assert answer.status == 200, answer.text
    header = answer.headers.get("Link")
    if header is None:
        return answer.text, None
    assert header.endswith('>; rel="next"')
    return answer.text, header[1 : header.index(">")]


def test_many_pages_follow_each_other(world: World) -> None:
    import_id = begin(world)
    pages = 2 * REFUSED_PAGES + 1
    run(world, import_id, rejected_pages=pages)
    for page in range(pages):
        world.refused.keep(import_id, page, f"{page}\r\n")

    texts: list[str] = []
    link: str | None = f"/api/v1/imports/{import_id}/rejected"
    while link:
        text, link = follow(world, link)
        texts.append(text)

    assert "".join(texts) == HEADER + "".join(f"{page}\r\n" for page in range(pages))
    assert [text.count("\r\n") for text in texts] == [REFUSED_PAGES + 1, REFUSED_PAGES, 1]


def test_large_pages_come_alone(world: World) -> None:
    import_id = begin(world)
    run(world, import_id, rejected_pages=2)
    world.refused.keep(import_id, 0, "x" * REFUSED_BYTES)
    world.refused.keep(import_id, 1, "y")

    first, link = follow(world, f"/api/v1/imports/{import_id}/rejected")
    assert first == HEADER + "x" * REFUSED_BYTES
    assert link
    assert follow(world, link) == ("y", None)


def test_refused_rows_are_kept_for_a_day(world: World) -> None:
    import_id = begin(world)
    run(world, import_id, rejected_pages=1)
    world.clock.advance(timedelta(days=2).total_seconds())
    answer = world.get(f"/imports/{import_id}/rejected")

    assert answer.status == 404
    assert "kept for a day" in answer.json["detail"]


def test_a_cursor_of_another_import_is_refused(world: World) -> None:
    ids = [begin(world), begin(world)]
    for import_id in ids:
        run(world, import_id, rejected_pages=REFUSED_PAGES + 1)
        for page in range(REFUSED_PAGES + 1):
            world.refused.keep(import_id, page, "x\r\n")
    _, link = follow(world, f"/api/v1/imports/{ids[0]}/rejected")
    assert link
    cursor = link.partition("=")[2]

    assert world.get(f"/imports/{ids[0]}/rejected", cursor=cursor).status == 200
    for wrong in (cursor[:-1], "x", ""):
        assert world.get(f"/imports/{ids[0]}/rejected", cursor=wrong).status in (400, 422)
    assert world.get(f"/imports/{ids[1]}/rejected", cursor=cursor).status == 400
