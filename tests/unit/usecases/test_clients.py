"""Clients: what a patch makes of one, and what others do meanwhile."""

from typing import Any

import pytest

from carillon.errors import Invalid, LostRace, Malformed, NotFound, VersionMismatch
from carillon.models.client import Client, ClientDraft, ClientPatch
from carillon.ports import Creation
from carillon.usecases.clients import Clients, changed
from carillon.usecases.races import RACES_MAX
from tests.fakes import FakeClients, FakeClock, FakeCreations, SeededChance
from tests.fakes.samples import HOUR, a_client
from tests.fakes.system import SOME_MOMENT

LATER = SOME_MOMENT + HOUR
DRAFT = ClientDraft(phone="79000000001", timezone="Europe/Moscow")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def directory(clock: FakeClock) -> FakeClients:
    return FakeClients(FakeCreations(clock))


@pytest.fixture
def clients(directory: FakeClients, clock: FakeClock) -> Clients:
    return Clients(
        directory=directory, log=FakeCreations(clock), clock=clock, chance=SeededChance()
    )


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({"phone": "79110000001"}, {"phone": "79110000001", "operator_code": "911"}),
        (
            {"phone": "79110000001", "operator_code": "955"},
            {"phone": "79110000001", "operator_code": "955"},
        ),
        (
            {"phone": "79110000001", "operator_code": None},
            {"phone": "79110000001", "operator_code": "911"},
        ),
        ({"operator_code": "955"}, {"operator_code": "955"}),
        ({"tags": ["b", "a", "b"]}, {"tags": ("a", "b")}),
        ({"timezone": "Asia/Omsk"}, {"timezone": "Asia/Omsk"}),
    ],
)
def test_a_patch_changes_what_it_names(patch: dict[str, Any], expected: dict[str, Any]) -> None:
    old = a_client(phone="79000000001")
    new = changed(old, ClientPatch(**patch), LATER)
    assert new == old.model_copy(update={**expected, "version": 2, "updated_at": LATER})


@pytest.mark.parametrize(
    "patch", [{}, {"phone": "79000000001"}, {"tags": []}, {"timezone": "Europe/Moscow"}]
)
def test_a_patch_of_nothing_new_is_no_change(patch: dict[str, Any]) -> None:
    old = a_client(phone="79000000001", operator_code="955")
    assert changed(old, ClientPatch(**patch), LATER) is old


def test_a_key_used_with_another_body_creates_nothing(
    clients: Clients, directory: FakeClients
) -> None:
    log = clients.log
    assert isinstance(log, FakeCreations)
    creation = Creation(key="key", digest="one")
    log.create(creation, object_id="c1", at=SOME_MOMENT, write=lambda: None)
    with pytest.raises(Invalid):
        clients.create(DRAFT, Creation(key="key", digest="other"))
    assert directory.by_id == {}
    assert clients.create(DRAFT, creation).id == "c1"


def test_a_version_that_is_not_the_present_one(clients: Clients, directory: FakeClients) -> None:
    directory.add(a_client(version=3), None)
    with pytest.raises(VersionMismatch):
        clients.change("c0000001", ClientPatch(tags=("vip",)), 2)
    with pytest.raises(VersionMismatch):
        clients.remove("c0000001", 2)
    assert clients.change("c0000001", ClientPatch(tags=("vip",)), 3).version == 4
    clients.remove("c0000001", 4)
    assert directory.by_id == {}


def test_a_client_that_was_changed_meanwhile_is_removed_all_the_same(
    directory: FakeClients, clock: FakeClock
) -> None:
    """Without a version the last write wins."""
    directory.add(a_client(), None)

    class Contended:
        def get(self, client_id: str) -> Client | None:
            read = directory.by_id.get(client_id)
            if read is not None and read.version < RACES_MAX:
                directory.replace(read, read.model_copy(update={"version": read.version + 1}))
            return read

        remove = directory.remove

    log = FakeCreations(clock)
    crowded = Clients(directory=Contended(), log=log, clock=clock, chance=SeededChance())  # type: ignore[arg-type]
    crowded.remove("c0000001", None)
    assert directory.by_id == {}


def test_a_race_is_given_up_in_the_end(clock: FakeClock) -> None:
    tries: list[Client] = []

    class Crowded:
        def get(self, client_id: str) -> Client:
            return a_client(id=client_id)

        def replace(self, old: Client, new: Client) -> None:
            tries.append(new)
            raise LostRace(old.id)

    log = FakeCreations(clock)
    crowded = Clients(directory=Crowded(), log=log, clock=clock, chance=SeededChance())  # type: ignore[arg-type]
    with pytest.raises(LostRace):
        crowded.change("c0000001", ClientPatch(tags=("vip",)), None)
    assert len(tries) == RACES_MAX


def test_nobody_is_not_found(clients: Clients) -> None:
    with pytest.raises(NotFound):
        clients.get("nobody")
    with pytest.raises(NotFound):
        clients.change("nobody", ClientPatch(), None)
    with pytest.raises(NotFound):
        clients.remove("nobody", None)


def test_a_page_holds_no_more_than_was_asked_for(clients: Clients, directory: FakeClients) -> None:
    for number in (1, 2, 3):
        directory.add(a_client(number), None)
    page = clients.page(phone=None, operator_code=None, tag=None, limit=2, cursor=None)
    assert [client.id for client in page.items] == ["c0000001", "c0000002"]


def test_a_list_by_phone_has_no_second_page(clients: Clients) -> None:
    with pytest.raises(Malformed):
        clients.page(phone="79000000001", operator_code=None, tag=None, limit=1, cursor="c1")
