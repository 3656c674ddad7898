"""How full the queues are, for people to look at."""

from typing import Protocol

from carillon.models.queues import QueueLengths


class QueueGauge(Protocol):
    """Reads the lengths of all queues. `QueuesUnavailable` when they do not answer."""

    def read(self) -> QueueLengths:
        """About a minute behind."""
        ...
