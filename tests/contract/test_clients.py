"""`Directory`, `Audience` and the `CreationLog` that a client is added with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.system import SystemClock
from carillon.errors import LostRace, Malformed, PhoneTaken
from carillon.models.client import Client
from carillon.models.mailing import Filter
from carillon.ports import Clock, Created, Creation
from tests.contract.cloud import Cloud
from tests.fakes import FakeClients, FakeClock, FakeCreations
from tests.fakes.samples import a_client, recipient_of

KEY = Creation(key="operator#abc", digest="d1")
DAY = timedelta(days=1)


@dataclass
class Stage:
    clients: FakeClients | ClientsTable
    audience: FakeClients | AudienceTable
    creations: FakeCreations | CreationTable
    clock: Clock

    def add(self, *clients: Client) -> None:
        for client in clients:
            self.clients.add(client, None)


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param == "fake":
        clock = FakeClock()
        creations = FakeCreations(clock)
        fake = FakeClients(creations)
        return Stage(fake, fake, creations, clock)
    cloud: Cloud = request.getfixturevalue(request.param)
    table, keys = cloud.table("Clients"), cloud.table("Idempotency")
    clients = ClientsTable(cloud.dynamodb, clients=table, phones=cloud.table("Phones"), keys=keys)
    audience = AudienceTable(cloud.dynamodb, table)
    return Stage(clients, audience, CreationTable(cloud.dynamodb, keys), SystemClock())


def changed(client: Client, **fields: object) -> Client:
    return client.model_copy(update={**fields, "version": client.version + 1})


def everybody(stage: Stage, chosen: Filter, *, total: int, limit: int) -> list[str]:
    """All ids that the segments of one scan find, page by page."""

    def segment(number: int) -> Iterator[str]:
        after: str | None = None
        for _ in range(100):
            page = stage.audience.scan(chosen, number=number, total=total, after=after, limit=limit)
            assert len(page.items) <= limit
            yield from (client.id for client in page.items)
            if page.cursor is None:
                return
            after = page.cursor
        raise AssertionError("the scan has no end")

    return [each for number in range(total) for each in segment(number)]


def test_a_client_is_read_as_it_was_written(stage: Stage) -> None:
    client = a_client(tags=("vip", "новый"))
    bare = a_client(2, tags=())
    stage.add(client, bare)
    assert stage.clients.get(client.id) == client
    assert stage.clients.get(bare.id) == bare
    assert stage.clients.get("c9999999") is None


def test_a_client_is_found_by_phone(stage: Stage) -> None:
    stage.add(a_client(1), a_client(2))
    found = stage.clients.get_by_phone("79000000002")
    assert found is not None
    assert found.id == "c0000002"
    assert stage.clients.get_by_phone("79999999999") is None


def test_a_phone_belongs_to_one_client(stage: Stage) -> None:
    stage.add(a_client(1), a_client(2))
    with pytest.raises(PhoneTaken):
        stage.add(a_client(3, phone="79000000001"))
    with pytest.raises(PhoneTaken):
        stage.clients.replace(a_client(2), changed(a_client(2), phone="79000000001"))
    assert stage.clients.get("c0000003") is None
    assert stage.clients.get("c0000002") == a_client(2)


def test_adding_the_same_client_again_is_success(stage: Stage) -> None:
    stage.clients.add(a_client(), KEY)
    stage.clients.add(a_client(), KEY)
    assert stage.clients.get("c0000001") == a_client()


def test_adding_is_still_success_after_somebody_changed_it(stage: Stage) -> None:
    stage.add(a_client())
    newer = changed(a_client(), tags=("vip",))
    stage.clients.replace(a_client(), newer)
    stage.add(a_client())
    assert stage.clients.get("c0000001") == newer


def test_a_new_phone_frees_the_old_one(stage: Stage) -> None:
    stage.add(a_client(1))
    moved = changed(a_client(1), phone="79001112233")
    stage.clients.replace(a_client(1), moved)
    assert stage.clients.get_by_phone("79001112233") == moved
    assert stage.clients.get_by_phone("79000000001") is None
    stage.add(a_client(2, phone="79000000001"))


@pytest.mark.parametrize("phone", ["79000000001", "79001112233"])
def test_of_two_writers_one_wins(stage: Stage, phone: str) -> None:
    stage.add(a_client())
    first = changed(a_client(), tags=("first",))
    stage.clients.replace(a_client(), first)
    with pytest.raises(LostRace):
        stage.clients.replace(a_client(), changed(a_client(), phone=phone, tags=("second",)))
    assert stage.clients.get("c0000001") == first
    assert (stage.clients.get_by_phone(phone) is None) == (phone != first.phone)


@pytest.mark.parametrize("phone", ["79000000001", "79001112233"])
def test_replacing_twice_with_the_same_is_success(stage: Stage, phone: str) -> None:
    stage.add(a_client())
    new = changed(a_client(), phone=phone, tags=("a", "b", "c"))
    stage.clients.replace(a_client(), new)
    stage.clients.replace(a_client(), new)
    assert stage.clients.get("c0000001") == new


def test_a_client_that_is_gone_cannot_be_replaced(stage: Stage) -> None:
    with pytest.raises(LostRace):
        stage.clients.replace(a_client(), changed(a_client()))
    assert stage.clients.get("c0000001") is None


def test_removing_frees_the_phone(stage: Stage) -> None:
    stage.add(a_client(1))
    stage.clients.remove(a_client(1))
    assert stage.clients.get("c0000001") is None
    stage.add(a_client(2, phone="79000000001"))


def test_removing_twice_is_success_and_an_outdated_version_is_not(stage: Stage) -> None:
    stage.add(a_client(1), a_client(2))
    stage.clients.replace(a_client(1), changed(a_client(1)))
    with pytest.raises(LostRace):
        stage.clients.remove(a_client(1))
    stage.clients.remove(a_client(2))
    stage.clients.remove(a_client(2))
    assert stage.clients.get("c0000001") is not None


def test_a_key_is_remembered_with_what_it_created(stage: Stage) -> None:
    client = a_client(created_at=stage.clock.now())
    assert stage.creations.find(KEY.key) is None
    stage.clients.add(client, KEY)
    assert stage.creations.find(KEY.key) == Created("d1", client.id, client.created_at)


def test_a_key_in_use_creates_nothing_more(stage: Stage) -> None:
    now = stage.clock.now()
    stage.clients.add(a_client(1, created_at=now), KEY)
    with pytest.raises(LostRace):
        stage.clients.add(a_client(2, created_at=now), KEY)
    assert stage.clients.get("c0000002") is None
    assert stage.clients.get_by_phone("79000000002") is None


def test_the_same_request_at_the_same_moment_is_a_lost_race_not_a_taken_phone(
    stage: Stage,
) -> None:
    now = stage.clock.now()
    stage.clients.add(a_client(1, created_at=now), KEY)
    with pytest.raises(LostRace):
        stage.clients.add(a_client(2, phone="79000000001", created_at=now), KEY)


def test_a_taken_phone_leaves_the_key_free(stage: Stage) -> None:
    stage.add(a_client(1))
    with pytest.raises(PhoneTaken):
        stage.clients.add(a_client(2, phone="79000000001", created_at=stage.clock.now()), KEY)
    assert stage.creations.find(KEY.key) is None


def test_a_key_is_free_again_after_a_day(stage: Stage) -> None:
    now = stage.clock.now()
    stage.clients.add(a_client(1, created_at=now - DAY), KEY)
    assert stage.creations.find(KEY.key) is None  # although nothing removed it yet
    stage.clients.add(a_client(2, created_at=now), KEY)
    assert stage.creations.find(KEY.key) == Created("d1", "c0000002", now)


def test_a_key_holds_until_its_day_is_over(stage: Stage) -> None:
    earlier = stage.clock.now() - DAY + timedelta(minutes=5)
    stage.clients.add(a_client(1, created_at=earlier), KEY)
    assert stage.creations.find(KEY.key) is not None
    with pytest.raises(LostRace):
        stage.clients.add(a_client(2, created_at=earlier), KEY)


def test_pages_hold_everybody_once(stage: Stage) -> None:
    stage.add(*map(a_client, range(7)))
    found: list[str] = []
    cursor: str | None = None
    for _ in range(10):
        page = stage.clients.page(operator_code=None, tag=None, limit=3, cursor=cursor)
        assert len(page.items) <= 3
        found += [client.id for client in page.items]
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(found) == [f"c{number:07d}" for number in range(7)]


def test_pages_can_be_filtered(stage: Stage) -> None:
    stage.add(
        a_client(1, tags=("vip", "new")),
        a_client(2, tags=("vip",), operator_code="999"),
        a_client(3, tags=("vi",)),
        a_client(4),
    )

    def ids(operator_code: str | None, tag: str | None) -> set[str]:
        page = stage.clients.page(operator_code=operator_code, tag=tag, limit=100, cursor=None)
        return {client.id for client in page.items}

    assert ids("999", None) == {"c0000002"}
    assert ids(None, "vip") == {"c0000001", "c0000002"}
    assert ids("900", "vip") == {"c0000001"}
    assert ids("123", None) == set()


@pytest.mark.parametrize("cursor", ["", "00#", "2026-11-21T10:00:00.000Z#m0000001", "x" * 65, "ё"])
def test_a_foreign_cursor_is_malformed(stage: Stage, cursor: str) -> None:
    with pytest.raises(Malformed):
        stage.clients.page(operator_code=None, tag=None, limit=3, cursor=cursor)


@pytest.mark.parametrize(("total", "limit"), [(1, 100), (1, 1), (4, 2), (8, 100)])
def test_segments_hold_everybody_once(stage: Stage, total: int, limit: int) -> None:
    stage.add(*map(a_client, range(12)))
    found = everybody(stage, Filter(), total=total, limit=limit)
    assert sorted(found) == [f"c{number:07d}" for number in range(12)]


def test_a_scan_finds_who_matches_as_the_filter_itself_says(stage: Stage) -> None:
    clients = [
        a_client(number, operator_code=code, tags=tags)
        for number, (code, tags) in enumerate(
            (code, tags)
            for code in ("900", "901", "902")
            for tags in ((), ("vip",), ("new", "vip"), ("vipper",))
        )
    ]
    stage.add(*clients)
    fifty = tuple(f"{number:03d}" for number in range(851, 901))
    for chosen in (
        Filter(),
        Filter(operator_codes=("900", "902")),
        Filter(tags=("vip", "gone")),
        Filter(operator_codes=("901",), tags=("new", "vipper")),
        Filter(operator_codes=fifty, tags=(*(f"t{n}" for n in range(49)), "vip")),
    ):
        expected = [client.id for client in clients if chosen.matches(client)]
        assert sorted(everybody(stage, chosen, total=2, limit=5)) == expected


def test_a_page_of_a_scan_counts_what_it_read_not_what_matched(stage: Stage) -> None:
    stage.add(*map(a_client, range(6)))
    nobody = Filter(operator_codes=("999",))
    page = stage.audience.scan(nobody, number=0, total=1, after=None, limit=4)
    assert page.items == []
    assert page.cursor is not None


def test_many_are_got_at_once_and_the_missing_are_left_out(stage: Stage) -> None:
    clients = [a_client(number) for number in range(120)]
    stage.add(*clients)
    ids = [client.id for client in clients]
    found = stage.audience.get_many([*ids, "c9999999", ids[0]])
    assert found == {client.id: recipient_of(client) for client in clients}
    assert stage.audience.get_many([ids[5]], consistent=True) == {ids[5]: recipient_of(clients[5])}
    assert stage.audience.get_many([]) == {}
