"""What Lambda hands over, read: a doorbell as received, and a change of a message."""

from dataclasses import dataclass

from carillon.models.commands import Doorbell
from carillon.models.message import Message


@dataclass(frozen=True, slots=True)
class Record:
    """A doorbell as received; `receipt` is what SQS wants to hear to put it off."""

    id: str
    receipt: str
    receives: int
    doorbell: Doorbell

    @property
    def key(self) -> tuple[str, str]:
        """Of the message it stands for."""
        return self.doorbell.mailing_id, self.doorbell.client_id


@dataclass(frozen=True, slots=True)
class MessageChange:
    """One record of the stream; `sequence` is its number in the shard, in digits."""

    sequence: str
    old: Message | None
    new: Message | None
