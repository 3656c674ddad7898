"""The SQS queues as the ports `Doorbells`, `TrialBells`, `Commands` and `ImportQueue`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from botocore.exceptions import ClientError

from carillon.adapters.aws import attempts, error_code, translated
from carillon.adapters.dynamo import batched
from carillon.adapters.queue_lengths import length_of
from carillon.errors import Unavailable
from carillon.models.commands import Command, Doorbell, TrialBell
from carillon.models.imports import RunImport

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ENTRIES_MAX = 10
"""Messages in one SendMessageBatch; ours are a few hundred bytes, its 1 MiB is never near."""

DELAY_MAX_S = 900
"""SQS delays a message by 15 minutes at most."""

DEFER_MAX_S = 12 * 3600 - 900
"""SQS hides a message for 12 hours counted from when it was received, which may have been as long
ago as an invocation can last."""

TRIALS = "trials"
"""No mailing has this id: ids are 16 letters and digits."""

Entry: TypeAlias = dict[str, Any]

_GONE = frozenset({"ReceiptHandleIsInvalid", "MessageNotInflight"})


class DoorbellQueue:
    """The message queue. Each mailing is a message group, so that a large one does not starve the
    others: fair queues, on a standard queue, give turns to groups and keep no order."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def ring(self, doorbells: Sequence[tuple[Doorbell, int]]) -> None:
        """Ask the sender to look at each message after so many seconds, at most 15 minutes."""
        entries = (
            {
                "MessageBody": doorbell.model_dump_json(exclude_none=True),
                "MessageGroupId": doorbell.mailing_id,
                "DelaySeconds": _delay(delay_s),
            }
            for doorbell, delay_s in doorbells
        )
        _send(self._client, self._url, entries)

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        _defer(self._client, self._url, receipt, delay_s)

    def waiting(self) -> int:
        """Records in the queue, delayed and in flight ones included; about a minute behind."""
        return length_of(self._client, self._url).total


class TrialBellQueue:
    """The message queue, as trials use it. They are a message group of their own, so that a person
    who waits for one does not wait for a large mailing's messages."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def ring(self, bells: Sequence[tuple[TrialBell, int]]) -> None:
        """Ask the sender to make each trial after so many seconds, at most 15 minutes."""
        entries = (
            {
                "MessageBody": bell.model_dump_json(),
                "MessageGroupId": TRIALS,
                "DelaySeconds": _delay(delay_s),
            }
            for bell, delay_s in bells
        )
        _send(self._client, self._url, entries)


class CommandQueue:
    """The fan-out queue, or the import queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, commands: Sequence[Command | RunImport], *, delay_s: int = 0) -> None:
        """Have these worked, at most 15 minutes from now."""
        delay = {"DelaySeconds": _delay(delay_s)}
        entries = ({"MessageBody": command.model_dump_json(), **delay} for command in commands)
        _send(self._client, self._url, entries)

    def defer(self, receipt: str, *, delay_s: int) -> None:
        """Let a received record come again after `delay_s`, at most 12 hours."""
        _defer(self._client, self._url, receipt, delay_s)


def _delay(delay_s: int) -> int:
    return min(max(delay_s, 0), DELAY_MAX_S)


def _send(client: "SQSClient", url: str, entries: Iterable[Entry]) -> None:
    for some in batched(entries, ENTRIES_MAX):
        _send_batch(client, url, [{"Id": str(n), **entry} for n, entry in enumerate(some)])


def _send_batch(client: "SQSClient", url: str, entries: list[Entry]) -> None:
    """Send up to ten, the refused ones again; what was sent before a failure may come twice."""
    failed: dict[str, str] = {}
    for _ in attempts():
        with translated():
            response = client.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
        failed = {failure["Id"]: failure["Code"] for failure in response.get("Failed", [])}
        if not failed:
            return
        entries = [entry for entry in entries if entry["Id"] in failed]
    raise Unavailable(f"SendMessageBatch: {', '.join(sorted(set(failed.values())))}")


def _defer(client: "SQSClient", url: str, receipt: str, delay_s: int) -> None:
    """A receipt that is no longer valid is no error: its record comes again anyway, or is gone."""
    try:
        with translated():
            client.change_message_visibility(
                QueueUrl=url,
                ReceiptHandle=receipt,
                VisibilityTimeout=min(max(delay_s, 0), DEFER_MAX_S),
            )
    except ClientError as error:
        if not _is_gone(error):
            raise


def _is_gone(error: ClientError) -> bool:
    """SQS says it in three ways, one of which only its text tells from other wrong values."""
    code = error_code(error).rpartition(".")[2]
    wrong_value = code == "InvalidParameterValue"
    return code in _GONE or (wrong_value and "ReceiptHandle" in str(error))
