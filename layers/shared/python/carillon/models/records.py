"""What Lambda hands over, read: records as received from a queue, and changes from a stream."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from carillon.models.commands import Bell, Doorbell, TrialBell
from carillon.models.mailing import Mailing
from carillon.models.message import Message

B = TypeVar("B", covariant=True)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Record(Generic[B]):
    """A record as received; `receipt` is what SQS wants to hear to put it off."""

    id: str
    receipt: str
    receives: int
    body: B


Ring: TypeAlias = Record[Doorbell]
"""A doorbell as received."""

TrialRing: TypeAlias = Record[TrialBell]
"""Likewise a trial's."""

AnyRing: TypeAlias = Record[Bell]
"""Either of them."""


def of_kind(records: Iterable[Record[Any]], kind: type[K]) -> list[Record[K]]:
    """Those with a body of this kind."""
    return [each for each in records if isinstance(each.body, kind)]


@dataclass(frozen=True, slots=True)
class MessageChange:
    """One record of the stream; `sequence` is its number in the shard, in digits."""

    sequence: str
    old: Message | None
    new: Message | None


@dataclass(frozen=True, slots=True)
class MailingChange:
    """Likewise of a mailing; `record_id` is the stream's own id of this record."""

    record_id: str
    old: Mailing | None
    new: Mailing | None
