"""How full the queues are."""

from typing import Protocol

from carillon.models.queues import QueueLengths


class QueueGauge(Protocol):
    """Reads the lengths of all queues, for people to look at.

    `QueuesUnavailable` when they do not answer.
    """

    def read(self) -> QueueLengths:
        """About a minute behind."""
        ...


class DeadLetters(Protocol):
    """Counts what was given up, or could not be delivered."""

    def count(self) -> int:
        """In all queues of dead letters together; about a minute behind. `Unavailable`."""
        ...
