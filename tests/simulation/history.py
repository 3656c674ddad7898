"""What happened, in order: written by the world, read by those who judge it.

It also tells what things looked like a moment ago, which is what a stale read sees.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from carillon.models.message import MessageStatus

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed: the `number`-th change in the world; before and after."""

    number: int
    at: datetime
    old: Any
    new: Any

    @property
    def thing(self) -> Any:
        """What it is about, as it was last."""
        return self.new or self.old


@dataclass(frozen=True, slots=True)
class Corruption:
    """Somebody added `by` to a counter of a mailing, where nothing had happened."""

    number: int
    mailing_id: str
    name: str
    by: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An operator asked for a resend, and was told that it is done or was told nothing."""

    at: datetime
    mailing_id: str
    statuses: frozenset[MessageStatus]


@dataclass(slots=True)
class History:
    """All that happened."""

    now: Callable[[], datetime]
    mailings: list[Event] = field(default_factory=list)
    messages: list[Event] = field(default_factory=list)
    clients: list[Event] = field(default_factory=list)
    trials: list[Event] = field(default_factory=list)
    work: list[Event] = field(default_factory=list)
    corruptions: list[Corruption] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    _number: int = 0

    def next_number(self) -> int:
        """Numbers order what happened at the same moment."""
        self._number += 1
        return self._number

    def note(self, events: list[Event], old: Any, new: Any) -> None:
        """Append to one of the lists."""
        events.append(Event(self.next_number(), self.now(), old, new))


def as_of(
    moment: datetime,
    present: Mapping[K, V],
    events: Sequence[Event],
    key: Callable[[Any], K],
) -> dict[K, V]:
    """What `present` was at `moment`: the events since are undone."""
    past = dict(present)
    for each in reversed(events):
        if each.at <= moment:
            break
        if each.old is None:
            past.pop(key(each.new), None)
        else:
            past[key(each.old)] = each.old
    return past
