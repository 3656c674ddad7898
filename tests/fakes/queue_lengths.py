"""Fakes of `QueueGauge` and `DeadLetters`."""

from carillon.errors import QueuesUnavailable, Unavailable
from carillon.models.queues import QueueLength, QueueLengths

EMPTY = QueueLength(ready=0, delayed=0, in_flight=0)


class FakeGauge:
    """Shows `lengths`; None while the queues do not answer."""

    def __init__(self) -> None:
        self.lengths: QueueLengths | None = QueueLengths(
            messages=EMPTY,
            fanout=EMPTY,
            imports=EMPTY,
            dead_messages=0,
            dead_fanout=0,
            dead_imports=0,
            undeliverable=0,
        )

    def read(self) -> QueueLengths:
        if self.lengths is None:
            raise QueuesUnavailable("no answer")
        return self.lengths


class FakeDeadLetters:
    """There are `number`; None while the queues do not answer."""

    def __init__(self) -> None:
        self.number: int | None = 0

    def count(self) -> int:
        if self.number is None:
            raise Unavailable("no answer")
        return self.number
