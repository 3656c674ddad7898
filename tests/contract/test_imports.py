"""The ports of imports: `Imports`, `ImportedClients`, `ImportQueue`."""

from dataclasses import dataclass

import pytest

from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.imported_clients import ImportedClientsTable
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.queues import CommandQueue
from carillon.adapters.system import SystemClock
from carillon.errors import LostRace
from carillon.models.client import Client
from carillon.models.imports import (
    Import,
    ImportFailure,
    ImportStatus,
    Layout,
    Position,
    Refusal,
    RunImport,
    parse_import_record,
)
from carillon.ports import (
    CHANGES_ACTIONS_MAX,
    Addition,
    ClientChange,
    Creation,
    Known,
    Replacement,
)
from tests.contract.cloud import Cloud
from tests.fakes import (
    FakeClients,
    FakeClock,
    FakeCreations,
    FakeImportedClients,
    FakeImports,
)
from tests.fakes.samples import a_client
from tests.fakes.system import SOME_MOMENT

ONE = "i0000001"
KEY = Creation(key="operator#abc", digest="d1")


@dataclass
class Stage:
    imports: FakeImports | ImportsTable
    imported: FakeImportedClients | ImportedClientsTable
    clients: FakeClients | ClientsTable
    creations: FakeCreations | CreationTable
    cloud: Cloud | None = None

    def begun(self) -> Import:
        new = Import.new(ONE, SystemClock().now())
        self.imports.add(new, None)
        return new


@pytest.fixture(params=["fake", "moto", "ministack"])
def stage(request: pytest.FixtureRequest) -> Stage:
    if request.param == "fake":
        creations = FakeCreations(FakeClock(SystemClock().now()))
        clients, imports = FakeClients(creations), FakeImports(creations)
        return Stage(imports, FakeImportedClients(clients, imports), clients, creations)
    cloud: Cloud = request.getfixturevalue(request.param)
    names = {name: cloud.table(name) for name in ("Clients", "Phones", "Imports", "Idempotency")}
    keys = names["Idempotency"]
    return Stage(
        ImportsTable(cloud.dynamodb, table=names["Imports"], keys=keys),
        ImportedClientsTable(
            cloud.dynamodb,
            clients=names["Clients"],
            phones=names["Phones"],
            imports=names["Imports"],
        ),
        ClientsTable(cloud.dynamodb, clients=names["Clients"], phones=names["Phones"], keys=keys),
        CreationTable(cloud.dynamodb, keys),
        cloud,
    )


def full(rev: int = 1) -> Import:
    """An import with something in every field."""
    return Import(
        id=ONE,
        status=ImportStatus.FAILED,
        created_at=SOME_MOMENT,
        updated_at=SOME_MOMENT,
        finished_at=SOME_MOMENT,
        size=7,
        etag='"e"',
        layout=Layout(separator=";", columns=("phone", "timezone")),
        position=Position(offset=5, line=3, skipping=True),
        created=1,
        updated=2,
        rejected=3,
        errors=(Refusal(line=2, message="broken"),),
        rejected_pages=4,
        reason=ImportFailure.UPLOAD_LOST,
        reason_detail="gone",
        rev=rev,
    )


def test_an_import_comes_back_as_it_was_written(stage: Stage) -> None:
    new = stage.begun()
    assert stage.imports.get(ONE) == new
    stage.imports.replace(new, full())
    assert stage.imports.get(ONE) == full()
    assert stage.imports.get("i0000002") is None


def test_an_import_and_its_key_are_taken_together(stage: Stage) -> None:
    new = Import.new(ONE, SystemClock().now())
    stage.imports.add(new, KEY)
    stage.imports.add(new, KEY)  # an answer was lost, and the same is sent again
    created = stage.creations.find(KEY.key)

    assert created is not None
    assert (created.object_id, created.at) == (ONE, new.created_at)
    with pytest.raises(LostRace):
        stage.imports.add(Import.new("i0000002", new.created_at), KEY)
    assert stage.imports.get("i0000002") is None


def test_a_checkpoint_is_written_once(stage: Stage) -> None:
    new = stage.begun()
    stage.imports.replace(new, full())
    stage.imports.replace(new, full())  # the answer was lost

    with pytest.raises(LostRace):
        stage.imports.replace(new, full().model_copy(update={"created": 9}))
    with pytest.raises(LostRace):
        stage.imports.replace(new.model_copy(update={"id": "i0000009"}), full(rev=2))
    assert stage.imports.get(ONE) == full()


def additions(*numbers: int, mark: str = "i0000001#2") -> list[Addition]:
    return [Addition(a_client(number), mark) for number in numbers]


def phones(*numbers: int) -> list[str]:
    return [a_client(number).phone for number in numbers]


def touched(client: Client) -> Client:
    return client.model_copy(update={"tags": ("new",), "version": client.version + 1})


def test_clients_are_found_by_phone_with_their_marks(stage: Stage) -> None:
    now = stage.begun()
    stage.clients.add(a_client(1), None)
    assert stage.imported.write(now, additions(2))

    found = stage.imported.find(phones(1, 2, 3))

    assert found == {
        a_client(1).phone: Known(a_client(1), None),
        a_client(2).phone: Known(a_client(2), "i0000001#2"),
    }
    assert stage.clients.get_by_phone(a_client(2).phone) == a_client(2)


def test_a_mark_outlives_a_change_and_not_the_client(stage: Stage) -> None:
    now = stage.begun()
    assert stage.imported.write(now, additions(1))
    changed = touched(a_client(1))
    stage.clients.replace(a_client(1), changed)
    assert stage.imported.find(phones(1))[a_client(1).phone] == Known(changed, "i0000001#2")

    stage.clients.remove(changed)
    assert stage.imported.find(phones(1)) == {}
    stage.clients.add(a_client(7, phone=a_client(1).phone), None)
    assert stage.imported.find(phones(1))[a_client(1).phone].mark is None


def test_a_transaction_is_as_large_as_said(stage: Stage) -> None:
    now = stage.begun()
    assert stage.imported.write(now, additions(*range(CHANGES_ACTIONS_MAX // 2)))
    found = stage.imported.find(phones(*range(CHANGES_ACTIONS_MAX // 2)))
    assert len(found) == CHANGES_ACTIONS_MAX // 2

    changes = [Replacement(each.client, touched(each.client)) for each in found.values()]
    assert stage.imported.write(now, changes)
    assert all(
        each.client.tags == ("new",)
        for each in stage.imported.find(phones(*range(CHANGES_ACTIONS_MAX // 2))).values()
    )


@pytest.mark.parametrize(
    "in_the_way",
    [
        Addition(a_client(9, phone=a_client(1).phone), "m"),
        Addition(a_client(1, phone="79009999999"), "m"),
        Replacement(a_client(1, version=2), touched(a_client(1, version=2))),
        Replacement(a_client(8), touched(a_client(8))),
    ],
    ids=["phone taken", "id taken", "changed", "gone"],
)
def test_all_is_written_or_nothing(stage: Stage, in_the_way: ClientChange) -> None:
    now = stage.begun()
    stage.clients.add(a_client(1), None)

    assert not stage.imported.write(now, [*additions(2), in_the_way])
    assert stage.imported.find(phones(1, 2, 8)) == {a_client(1).phone: Known(a_client(1), None)}


def test_who_was_overtaken_writes_nothing(stage: Stage) -> None:
    before = stage.begun()
    stage.imports.replace(before, full())

    with pytest.raises(LostRace):
        stage.imported.write(before, additions(1))
    with pytest.raises(LostRace):
        stage.imported.write(before.model_copy(update={"id": "i0000009"}), additions(1))
    assert stage.imported.find(phones(1)) == {}


@pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
def test_an_import_goes_on_through_its_queue(cloud: Cloud) -> None:
    url = cloud.queue()
    CommandQueue(cloud.sqs, url).send([RunImport(import_id=ONE)])
    [message] = cloud.sqs.receive_message(QueueUrl=url)["Messages"]

    assert parse_import_record(message["Body"]).import_ids == (ONE,)
