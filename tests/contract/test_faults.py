"""What the real adapters make of AWS's failures: lost answers, throttling, half-done batches."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from carillon.adapters.audience_table import AudienceTable
from carillon.adapters.aws import ATTEMPTS_MAX, PARTIAL_ATTEMPTS_MAX, PARTIAL_PAUSE_S
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.imported_clients import ImportedClientsTable
from carillon.adapters.imports_table import ImportsTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.messages_table import MessagesTable
from carillon.adapters.queues import CommandQueue, DoorbellQueue
from carillon.adapters.scheduler import Scheduler
from carillon.adapters.statistics_table import DynamoStatistics
from carillon.adapters.uploads_bucket import UploadsBucket
from carillon.errors import LostRace, PhoneTaken, Unavailable
from carillon.models.commands import Command, RunSlice, Tick, parse_command
from carillon.models.imports import Import
from carillon.models.mailing import MailingStatus
from carillon.models.recount import Recount
from carillon.models.statistics import Counts, Increments, Tally
from carillon.ports import Addition, Creation, Known
from tests.contract.cloud import Cloud, dummy_account
from tests.contract.faults import answer_lost, answered, cut_short, first, refused, repeated
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice, recipient_of
from tests.fakes.system import SOME_MOMENT

KEY = Creation(key="operator#abc", digest="d1")
LATER = SOME_MOMENT + timedelta(minutes=1)
Fault = Callable[[Any, str], AbstractContextManager[Any]]

BOTH = pytest.mark.parametrize("cloud", ["moto", "ministack"], indirect=True)
MINISTACK = pytest.mark.parametrize("cloud", ["ministack"], indirect=True)
LOST = pytest.mark.parametrize("fault", [answer_lost, repeated])


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, in seconds; none is made."""
    asked: list[float] = []
    monkeypatch.setattr(time, "sleep", asked.append)
    return asked


@pytest.fixture
def clients_name(cloud: Cloud) -> str:
    return cloud.table("Clients")


@pytest.fixture
def clients(cloud: Cloud, clients_name: str) -> ClientsTable:
    return ClientsTable(
        cloud.dynamodb,
        clients=clients_name,
        phones=cloud.table("Phones"),
        keys=cloud.table("Idempotency"),
    )


@pytest.fixture
def audience(cloud: Cloud, clients_name: str) -> AudienceTable:
    return AudienceTable(cloud.dynamodb, clients_name)


@pytest.fixture
def mailings(cloud: Cloud) -> MailingsTable:
    return MailingsTable(
        cloud.dynamodb, table=cloud.table("Mailings"), keys=cloud.table("Idempotency")
    )


@pytest.fixture
def messages(cloud: Cloud) -> MessagesTable:
    return MessagesTable(cloud.dynamodb, cloud.table("Messages"))


@pytest.fixture
def statistics(cloud: Cloud) -> DynamoStatistics:
    return DynamoStatistics(cloud.dynamodb, cloud.table("Stats"))


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


# A lost answer: the write is there, and doing it again finds it.


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


# Throttling and timeouts of whole calls.


@BOTH
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
        ("SomethingNew", 503),
    ],
)
def test_what_may_pass_is_unavailable(
    cloud: Cloud, clients: ClientsTable, code: str, status: int
) -> None:
    with (
        refused(cloud.dynamodb, "GetItem", code, times=1, status=status),
        pytest.raises(Unavailable, match=code),
    ):
        clients.get("c1")


@BOTH
@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_mistake_of_ours_is_loud(cloud: Cloud, clients: ClientsTable, code: str) -> None:
    with (
        refused(cloud.dynamodb, "GetItem", code, times=1),
        pytest.raises(ClientError, match=code),
    ):
        clients.get("c1")


def test_a_server_that_is_gone_is_unavailable(ministack: Cloud) -> None:
    with dummy_account("http://127.0.0.1:9"):  # the discard port: nobody listens
        gone = Cloud(ministack.definitions)
    with pytest.raises(Unavailable, match="EndpointConnectionError"):
        CreationTable(gone.dynamodb, "keys").find("k")


def test_a_client_gives_up_in_time(ministack: Cloud) -> None:
    for client in (ministack.dynamodb, ministack.sqs, ministack.scheduler):
        config: Any = client.meta.config
        longest_s = ATTEMPTS_MAX * (config.connect_timeout + config.read_timeout)
        assert config.retries["total_max_attempts"] == ATTEMPTS_MAX
        assert longest_s < 30  # what an HTTP API waits for


# Transactions that were cancelled.


def cancelled(*codes: str) -> dict[str, Any]:
    return {
        "Error": {"Code": "TransactionCanceledException", "Message": ", ".join(codes)},
        "CancellationReasons": [{"Code": code} for code in codes],
    }


@BOTH
@pytest.mark.parametrize(
    "codes",
    [
        ("None", "TransactionConflict"),
        ("ThrottlingError", "None"),
        ("ConditionalCheckFailed", "TransactionConflict"),
        ("ProvisionedThroughputExceeded", "ProvisionedThroughputExceeded"),
    ],
)
def test_a_transaction_in_the_way_is_waited_for(
    cloud: Cloud, clients: ClientsTable, codes: tuple[str, str]
) -> None:
    with answered(
        cloud.dynamodb, "TransactWriteItems", cancelled(*codes), cancelled(*codes), status=400
    ):
        clients.add(a_client(), None)
    assert clients.get("c0000001") == a_client()


@BOTH
def test_a_transaction_that_stays_in_the_way_is_unavailable(
    cloud: Cloud, mailings: MailingsTable
) -> None:
    answers = [cancelled("TransactionConflict", "None")] * PARTIAL_ATTEMPTS_MAX
    with (
        answered(cloud.dynamodb, "TransactWriteItems", *answers, status=400),
        pytest.raises(Unavailable, match="TransactionConflict"),
    ):
        mailings.add(a_mailing(), KEY)
    assert mailings.get("m0000001") is None


@BOTH
@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("None", "ConditionalCheckFailed", "None"), PhoneTaken),
        (("None", "None", "ConditionalCheckFailed"), LostRace),
        (("None", "ConditionalCheckFailed", "ConditionalCheckFailed"), LostRace),
        (("ConditionalCheckFailed", "None", "None"), LostRace),
        (("ValidationError", "None", "None"), ClientError),
        (("ConditionalCheckFailed", "ValidationError", "None"), ClientError),
    ],
)
def test_why_a_client_was_not_added(
    cloud: Cloud, clients: ClientsTable, codes: tuple[str, ...], error: type[Exception]
) -> None:
    with (
        answered(cloud.dynamodb, "TransactWriteItems", cancelled(*codes), status=400),
        pytest.raises(error),
    ):
        clients.add(a_client(), KEY)


@BOTH
def test_a_write_waits_for_a_transaction_on_its_item(cloud: Cloud, mailings: MailingsTable) -> None:
    mailings.add(a_mailing(), None)
    code = "TransactionConflictException"
    with refused(cloud.dynamodb, "PutItem", code, times=2):
        mailings.replace(a_mailing(), a_mailing().changed(text="new"))
    with (
        refused(cloud.dynamodb, "PutItem", code, times=PARTIAL_ATTEMPTS_MAX),
        pytest.raises(Unavailable),
    ):
        mailings.replace(a_mailing().changed(text="new"), a_mailing())


# Batches of which only a part was done.


@BOTH
def test_reading_many_asks_again_for_the_rest(
    cloud: Cloud, clients: ClientsTable, audience: AudienceTable
) -> None:
    many = [a_client(number) for number in range(110)]
    for client in many:
        clients.add(client, None)
    with cut_short(cloud.dynamodb, "BatchGetItem", times=2) as asked:
        found = audience.get_many([client.id for client in many], consistent=True)
    assert asked == [100, 50, 25, 10]
    assert found == {client.id: recipient_of(client) for client in many}


@BOTH
def test_reading_many_gives_up(cloud: Cloud, audience: AudienceTable, pauses: list[float]) -> None:
    keys = {"clients": {"Keys": [{"client_id": {"S": "c1"}}]}}
    answers = [{"Responses": {}, "UnprocessedKeys": keys}] * PARTIAL_ATTEMPTS_MAX
    with (
        answered(cloud.dynamodb, "BatchGetItem", *answers),
        pytest.raises(Unavailable),
    ):
        audience.get_many(["c1"])
    assert len(pauses) == PARTIAL_ATTEMPTS_MAX - 1
    longest = [PARTIAL_PAUSE_S * 2**turn for turn in range(len(pauses))]
    assert all(0 <= pause <= most for pause, most in zip(pauses, longest, strict=True))


@MINISTACK
def test_deleting_many_asks_again_for_the_rest(cloud: Cloud, messages: MessagesTable) -> None:
    many = [a_message(number) for number in range(30)]
    messages.insert(many)
    with cut_short(cloud.dynamodb, "BatchWriteItem") as asked:
        messages.remove(many)
    assert asked == [25, 12, 5]
    assert messages.get_many([(each.mailing_id, each.client_id) for each in many]) == {}


@BOTH
def test_deleting_many_gives_up(cloud: Cloud, messages: MessagesTable) -> None:
    answer: dict[str, Any] = {"UnprocessedItems": {"messages": [{}]}}
    with (
        answered(cloud.dynamodb, "BatchWriteItem", *[answer] * PARTIAL_ATTEMPTS_MAX),
        pytest.raises(Unavailable),
    ):
        messages.remove([a_message()])


@MINISTACK
def test_throttled_statements_are_run_again_and_only_they(
    cloud: Cloud, messages: MessagesTable
) -> None:
    many = [a_message(number) for number in range(30)]
    with cut_short(cloud.dynamodb, "BatchExecuteStatement") as asked:
        messages.insert(many)
    assert asked == [25, 12, 5]
    changes = [(each, each.changed(token="t1", at=LATER)) for each in many]
    missing = a_message(99)
    changes[20] = missing, missing.changed(token="t1", at=LATER)
    with cut_short(cloud.dynamodb, "BatchExecuteStatement", times=2) as asked:
        answers = messages.swap(changes)
    assert asked == [25, 12, 6, 5]
    assert answers == [number != 20 for number in range(30)]


@MINISTACK
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ThrottlingError", Unavailable),
        ("InternalServerError", Unavailable),
        ("ValidationError", RuntimeError),
        ("AccessDenied", RuntimeError),
    ],
)
def test_a_statement_that_is_not_done_is_never_silent(
    cloud: Cloud, messages: MessagesTable, code: str, error: type[Exception]
) -> None:
    failure = {"Responses": [{"Error": {"Code": code, "Message": "no"}}]}
    times = PARTIAL_ATTEMPTS_MAX if error is Unavailable else 1
    with (
        answered(cloud.dynamodb, "BatchExecuteStatement", *[failure] * times),
        pytest.raises(error),
    ):
        messages.insert([a_message()])
    assert messages.get("m0000001", "c0000001") is None


@BOTH
def test_what_a_queue_did_not_take_is_sent_again(cloud: Cloud) -> None:
    url = cloud.queue()
    commands: list[Command] = [RunSlice(mailing_id="m1", number=n) for n in range(12)]
    with cut_short(cloud.sqs, "SendMessageBatch", times=2) as asked:
        CommandQueue(cloud.sqs, url).send(commands)
    assert asked == [10, 5, 2, 2]
    arrived = [parse_command(body) for body in received(cloud, url)]
    assert sorted(arrived, key=repr) == sorted(commands, key=repr)


@BOTH
def test_a_queue_that_takes_nothing_is_unavailable(cloud: Cloud) -> None:
    failure = {"Failed": [{"Id": "0", "SenderFault": False, "Code": "RequestThrottled"}]}
    with (
        answered(cloud.sqs, "SendMessageBatch", *[failure] * PARTIAL_ATTEMPTS_MAX),
        pytest.raises(Unavailable, match="RequestThrottled"),
    ):
        CommandQueue(cloud.sqs, cloud.queue()).send([Tick()])


def received(cloud: Cloud, url: str) -> Iterator[str]:
    while found := cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from (message["Body"] for message in found)


# The ways in which SQS and Scheduler say things.


@BOTH
@pytest.mark.parametrize(
    ("code", "message", "loud"),
    [
        ("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", False),
        ("AWS.SimpleQueueService.MessageNotInflight", "", False),
        (
            "InvalidParameterValue",
            "Value AQE for parameter ReceiptHandle is invalid. Reason: Message does not exist.",
            False,
        ),
        ("InvalidParameterValue", "Value x for parameter VisibilityTimeout is invalid.", True),
        ("AWS.SimpleQueueService.NonExistentQueue", "", True),
    ],
)
def test_only_a_receipt_that_is_gone_is_no_error(
    cloud: Cloud, code: str, message: str, loud: bool
) -> None:
    failure = {"Error": {"Code": code, "Message": message}}
    doorbells = DoorbellQueue(cloud.sqs, "https://sqs/queue")
    with answered(cloud.sqs, "ChangeMessageVisibility", failure, status=400):
        if loud:
            with pytest.raises(ClientError):
                doorbells.defer("receipt", delay_s=1)
        else:
            doorbells.defer("receipt", delay_s=1)


@BOTH
def test_a_schedule_that_cannot_be_made_now_is_unavailable(cloud: Cloud) -> None:
    schedules = Scheduler(cloud.scheduler, group="g", role_arn="r", target_arn="t", dlq_arn="d")
    with (
        refused(cloud.scheduler, "CreateSchedule", "ThrottlingException", times=1),
        pytest.raises(Unavailable),
    ):
        schedules.create("name", at=LATER, command=Tick())
    with (
        refused(cloud.scheduler, "DeleteSchedule", "InternalServerException", times=1, status=500),
        pytest.raises(Unavailable),
    ):
        schedules.delete("name")


@BOTH
def test_here_a_malformed_request_is_found_before_it_is_sent(cloud: Cloud) -> None:
    """The functions' own clients leave that to AWS; moto and MiniStack are less exact."""
    number: Any = 5
    with pytest.raises(ParamValidationError):
        cloud.dynamodb.get_item(TableName="t", Key={"id": {"N": number}})
    with pytest.raises(ParamValidationError):
        cloud.sqs.send_message(QueueUrl="https://sqs/queue", MessageBody=number)
