"""What Lambda hands over, read: a record as received from a queue, and a change of a message."""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from carillon.models.commands import Doorbell
from carillon.models.message import Message

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Record(Generic[B]):
    """A record as received; `receipt` is what SQS wants to hear to put it off."""

    id: str
    receipt: str
    receives: int
    body: B


Ring: TypeAlias = Record[Doorbell]
"""A doorbell as received."""


@dataclass(frozen=True, slots=True)
class MessageChange:
    """One record of the stream; `sequence` is its number in the shard, in digits."""

    sequence: str
    old: Message | None
    new: Message | None
