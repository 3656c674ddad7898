"""What AWS refuses: throttling, timeouts, cancelled transactions, and the words for it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from carillon.adapters.aws import ATTEMPTS_MAX, PARTIAL_ATTEMPTS_MAX
from carillon.adapters.clients_table import ClientsTable
from carillon.adapters.creation_log import CreationTable
from carillon.adapters.mailings_table import MailingsTable
from carillon.adapters.queues import DoorbellQueue
from carillon.adapters.scheduler import Scheduler
from carillon.errors import LostRace, PhoneTaken, Unavailable
from carillon.models.commands import Tick
from tests.contract.cloud import Cloud, dummy_account
from tests.contract.failures.suites import BOTH, KEY, LATER
from tests.contract.faults import answered, refused
from tests.fakes.samples import a_client, a_mailing

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
