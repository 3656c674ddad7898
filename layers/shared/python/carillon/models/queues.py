"""How full the queues are."""

from pydantic import Field

from carillon.models.base import Model


class QueueLength(Model):
    """Records in one queue; SQS's own numbers, which are approximate and lag by up to a minute."""

    ready: int = Field(description="that could be taken now")
    delayed: int = Field(description="whose time has not come yet")
    in_flight: int = Field(description="that are being worked on, or come again later")

    @property
    def total(self) -> int:
        """All of them."""
        return self.ready + self.delayed + self.in_flight


class QueueLengths(Model):
    """All queues. Of dead letters it does not matter where in their queue they are."""

    messages: QueueLength
    fanout: QueueLength
    imports: QueueLength
    dead_messages: int
    dead_fanout: int
    dead_imports: int
    undeliverable: int
