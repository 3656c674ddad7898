"""Lost answers of AWS: the write is there, and doing it again finds it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

import pytest

from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.imported_clients import ImportedClientsTable
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.uploads_bucket import UploadsBucket
from carillon.errors import LostRace, Unavailable
from carillon.models.imports import Import
from carillon.models.mailing import MailingStatus
from carillon.models.recount import Recount
from carillon.models.statistics import Counts, Increments, Tally
from carillon.ports import Addition, Known
from tests.contract.cloud import Cloud
from tests.contract.failures.suites import BOTH, KEY, LATER, MINISTACK
from tests.contract.faults import answer_lost, first, repeated
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice

Fault = Callable[[Any, str], AbstractContextManager[Any]]

LOST = pytest.mark.parametrize("fault", [answer_lost, repeated])


def do_until_answered(
    fault: Fault, client: Any, operation: str, write: Callable[[], object]
) -> None:
    """Play the fault and do the write again, as callers do that were told `Unavailable`."""
    with fault(client, operation):
        if fault is answer_lost:
            with pytest.raises(Unavailable):
                write()
        else:
            write()
    write()


@BOTH
@LOST
def test_a_client_whose_answers_are_lost(cloud: Cloud, clients: ClientsTable, fault: Fault) -> None:
    old = a_client(1, tags=("b", "a"))
    same_phone = old.model_copy(update={"version": 2, "tags": ("c", "d", "e")})
    new_phone = same_phone.model_copy(update={"version": 3, "phone": "79001112233"})
    steps: list[tuple[str, Callable[[], object]]] = [
        ("TransactWriteItems", lambda: clients.add(old, KEY)),
        ("PutItem", lambda: clients.replace(old, same_phone)),
        ("TransactWriteItems", lambda: clients.replace(same_phone, new_phone)),
    ]
    for operation, write in steps:
        do_until_answered(fault, cloud.dynamodb, operation, write)
    assert clients.get(old.id) == new_phone
    do_until_answered(
        fault, cloud.dynamodb, "TransactWriteItems", lambda: clients.remove(new_phone)
    )
    assert clients.get(old.id) is None
    assert clients.get_by_phone(new_phone.phone) is None


@BOTH
@LOST
def test_an_import_whose_answers_are_lost(cloud: Cloud, fault: Fault) -> None:
    keys = cloud.table("Idempotency")
    imports = ImportsTable(cloud.dynamodb, table=cloud.table("Imports"), keys=keys)
    new = Import.new("i0000001", a_client().created_at)
    after = new.model_copy(update={"created": 5}).next(a_client().created_at)
    do_until_answered(fault, cloud.dynamodb, "TransactWriteItems", lambda: imports.add(new, KEY))
    do_until_answered(fault, cloud.dynamodb, "PutItem", lambda: imports.replace(new, after))

    assert imports.get(new.id) == after
    with pytest.raises(LostRace):
        imports.replace(new, after.next(a_client().created_at))


@BOTH
def test_clients_of_an_import_whose_answer_is_lost_are_found_with_their_marks(cloud: Cloud) -> None:
    table = cloud.table("Imports")
    imported = ImportedClientsTable(
        cloud.dynamodb,
        clients=cloud.table("Clients"),
        phones=cloud.table("Phones"),
        imports=table,
    )
    now = Import.new("i0000001", a_client().created_at)
    ImportsTable(cloud.dynamodb, table=table).add(now, None)
    with answer_lost(cloud.dynamodb, "TransactWriteItems"), pytest.raises(Unavailable):
        imported.write(now, [Addition(a_client(1), "i0000001#2")])

    assert imported.find([a_client(1).phone]) == {
        a_client(1).phone: Known(a_client(1), "i0000001#2")
    }
    assert not imported.write(now, [Addition(a_client(2, phone=a_client(1).phone), "other")])


def test_a_file_whose_answer_breaks_off_is_unavailable(moto: Cloud) -> None:
    bucket = moto.bucket()
    moto.s3.put_object(Bucket=bucket, Key="imports/i0000001.csv", Body=b"0123")
    uploads = UploadsBucket(moto.s3, bucket)
    upload = uploads.find("i0000001")
    assert upload

    with answer_lost(moto.s3, "GetObject"), pytest.raises(Unavailable):
        uploads.read("i0000001", upload.etag, offset=0, length=4)
    with answer_lost(moto.s3, "HeadObject"), pytest.raises(Unavailable):
        uploads.find("i0000001")


@BOTH
@LOST
def test_a_mailing_whose_answers_are_lost(
    cloud: Cloud, mailings: MailingsTable, fault: Fault
) -> None:
    old = a_mailing()
    edited = old.changed(text="edited")
    running = edited.changed(status=MailingStatus.RUNNING, slices=8)
    done = a_slice(3, cursor="c1", rev=2)
    counting = running.changed(recounts=1)
    recount = Recount(mailing_id=old.id, number=1, requested_at=LATER, due_at=LATER)
    finished = recount.changed(difference=Tally(sent=-1), finished_at=LATER, due_at=None)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("TransactWriteItems", lambda: mailings.add(old, KEY)),
        ("PutItem", lambda: mailings.replace(old, edited)),
        (
            "TransactWriteItems",
            lambda: mailings.begin(edited, running, [a_slice(n) for n in range(8)]),
        ),
        ("PutItem", lambda: mailings.checkpoint(a_slice(3), done)),
        ("TransactWriteItems", lambda: mailings.begin(running, counting, [recount])),
        ("PutItem", lambda: mailings.checkpoint(recount, finished)),
    ]
    for operation, write in steps:
        do_until_answered(fault, cloud.dynamodb, operation, write)
    assert mailings.get(old.id) == counting
    assert mailings.slice(old.id, 3) == done
    assert mailings.recount(old.id, 1) == finished
    do_until_answered(fault, cloud.dynamodb, "BatchWriteItem", lambda: mailings.remove(counting))
    assert mailings.slices(old.id) == []


@MINISTACK
@LOST
def test_messages_whose_answers_are_lost(
    cloud: Cloud, messages: MessagesTable, fault: Fault
) -> None:
    before = [a_message(number) for number in range(30)]
    after = [message.changed(token="t1", at=LATER) for message in before]
    operation = "BatchExecuteStatement"
    do_until_answered(fault, cloud.dynamodb, operation, lambda: messages.insert(before))
    changes = list(zip(before, after, strict=True))
    do_until_answered(fault, cloud.dynamodb, operation, lambda: messages.swap(changes))
    assert messages.swap(changes) == [True] * 30
    with repeated(cloud.dynamodb, operation):
        again = [(message, message.changed(token="t2", at=LATER)) for message in after]
        assert messages.swap(again) == [True] * 30


@BOTH
@LOST
def test_counting_whose_answer_is_lost(
    cloud: Cloud, statistics: DynamoStatistics, fault: Fault
) -> None:
    increments = Increments()
    increments.move("m1", 0, "total", 1)
    do_until_answered(
        fault,
        cloud.dynamodb,
        "TransactWriteItems",
        lambda: statistics.count("s", before=None, after="1", increments=increments),
    )
    assert statistics.overall() == Counts(total=1)


def counted(statistics: DynamoStatistics, shards: int = 3) -> None:
    """What no message stands for any more, in as many items."""
    for number in range(shards):
        increments = Increments()
        increments.move("m1", 0, "total", 2)
        increments.move("m1", 0, "sent", 2)
        statistics.count(f"shard-{number}", before=None, after="1", increments=increments)


@BOTH
@LOST
def test_dropping_what_older_recounts_hold_whose_answer_is_lost(
    cloud: Cloud, statistics: DynamoStatistics, fault: Fault
) -> None:
    """Botocore's own second try carries the first one's token, which moto does not look at."""
    counted(statistics)
    with fault(cloud.dynamodb, "TransactWriteItems"), suppress(Unavailable, LostRace):
        statistics.drop_before("m1", recount=1)
    statistics.drop_before("m1", recount=1)
    assert statistics.tally("m1", recount=1) == (Tally(), Tally())
    assert statistics.overall() == Counts()


@BOTH
@pytest.mark.parametrize("shard", ["shard-0", "shard-9"], ids=["a part", "another part"])
def test_dropping_what_changes_at_the_same_moment(
    cloud: Cloud, statistics: DynamoStatistics, shard: str
) -> None:
    counted(statistics)
    increments = Increments()
    increments.move("m1", 0, "sent", -1)

    def count() -> None:
        before = statistics.position(shard)
        statistics.count(shard, before=before, after="2", increments=increments)

    with first(cloud.dynamodb, "TransactWriteItems", count):
        if shard == "shard-0":
            with pytest.raises(LostRace):
                statistics.drop_before("m1", recount=1)
            assert statistics.overall() == Counts(total=6, sent=5)
            statistics.drop_before("m1", recount=1)
        else:
            statistics.drop_before("m1", recount=1)
            assert statistics.tally("m1", recount=1)[1] == Tally(sent=-1)
            statistics.drop_before("m1", recount=1)
    assert statistics.overall() == Counts()
    assert statistics.tally("m1", recount=1) == (Tally(), Tally())
