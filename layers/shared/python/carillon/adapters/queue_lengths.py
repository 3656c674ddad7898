"""The lengths of queues, from SQS: the ports `QueueGauge` and `DeadLetters`."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from carillon.adapters.aws import translated
from carillon.errors import QueuesUnavailable, Unavailable
from carillon.models.queues import QueueLength, QueueLengths

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_READY: Final = "ApproximateNumberOfMessages"
_DELAYED: Final = "ApproximateNumberOfMessagesDelayed"
_IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueUrls:
    """Where the queues are."""

    messages: str
    fanout: str
    imports: str
    dead_messages: str
    dead_fanout: str
    dead_imports: str
    undeliverable: str


class SqsGauge:
    """Asks for all queues side by side; `threads` lives as long as the process.

    `client` should be a quick one: somebody waits who can do without the answer.
    """

    def __init__(
        self, client: "SQSClient", urls: QueueUrls, *, threads: ThreadPoolExecutor
    ) -> None:
        self._client = client
        self._urls: Mapping[str, str] = {name: getattr(urls, name) for name in QueueUrls.__slots__}
        self._threads = threads

    def read(self) -> QueueLengths:
        """About a minute behind."""
        try:
            lengths = list(self._threads.map(self._length, self._urls.values()))
        except Unavailable as error:
            raise QueuesUnavailable(str(error)) from error
        found = dict(zip(self._urls, lengths, strict=True))
        return QueueLengths(
            messages=found["messages"],
            fanout=found["fanout"],
            imports=found["imports"],
            dead_messages=found["dead_messages"].total,
            dead_fanout=found["dead_fanout"].total,
            dead_imports=found["dead_imports"].total,
            undeliverable=found["undeliverable"].total,
        )

    def _length(self, url: str) -> QueueLength:
        return length_of(self._client, url)


class SqsDeadLetters:
    """Asks one queue after the other: nobody waits for it."""

    def __init__(self, client: "SQSClient", urls: Sequence[str]) -> None:
        self._client = client
        self._urls = urls

    def count(self) -> int:
        """Of all of them together."""
        return sum(length_of(self._client, url).total for url in self._urls)


def length_of(client: "SQSClient", url: str) -> QueueLength:
    """Of one queue."""
    with translated():
        response = client.get_queue_attributes(
            QueueUrl=url, AttributeNames=[_READY, _DELAYED, _IN_FLIGHT]
        )
    numbers = response["Attributes"]
    return QueueLength(
        ready=int(numbers[_READY]),
        delayed=int(numbers[_DELAYED]),
        in_flight=int(numbers[_IN_FLIGHT]),
    )
