"""Counts of messages by status, and how they moved minute by minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from carillon.models.base import Model
from carillon.models.instant import Instant


class Counts(Model):
    """Messages by status; `total` is their sum: what was selected so far."""

    total: int = 0
    pending: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    expired: int = 0
    cancelled: int = 0

    def plus(self, moves: Mapping[str, int]) -> Self:
        """With `moves` added field by field."""
        return self.model_copy(
            update={name: getattr(self, name) + by for name, by in moves.items()}
        )


class Tally(Counts):
    """Counts, and the calls of the gateway that were begun for those messages."""

    attempts: int = 0


class Minute(Model):
    """Moves into each status within one minute, and attempts after the first."""

    minute: Instant
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    expired: int = 0
    cancelled: int = 0
    retried: int = 0


class ErrorCount(Model):
    """So many messages that are not sent have this last error now."""

    error: str
    messages: int


class Statistics(Model):
    """What is known of one mailing's messages."""

    counts: Counts = Counts()
    attempts: int = 0
    timeline: tuple[Minute, ...] = ()
    errors: tuple[ErrorCount, ...] = ()


TIMELINE_FIELDS = frozenset(Minute.model_fields) - {"minute"}

ERRORS_SHOWN_MAX = 20
"""API contract; the most frequent ones."""

_ERROR = "error:"


def error_counter(name: str) -> str:
    """The counter of messages with an error of that name, as `Increments.counts` has it."""
    return f"{_ERROR}{name}"


def is_of_errors(counter: str) -> bool:
    """Whether a counter is one of these: they are of one mailing, never of all together."""
    return counter.startswith(_ERROR)


def errors_in(counters: Mapping[str, int]) -> tuple[ErrorCount, ...]:
    """The errors among a mailing's counters, most frequent first; at most twenty."""
    errors = [
        ErrorCount(error=name.removeprefix(_ERROR), messages=number)
        for name, number in counters.items()
        if is_of_errors(name) and number > 0
    ]
    errors.sort(key=lambda each: (-each.messages, each.error))
    return tuple(errors[:ERRORS_SHOWN_MAX])


@dataclass(slots=True)
class Increments:
    """What one batch of stream records adds.

    `counts[mailing_id, recount][name]` with the names of `Counts`, `attempts` and those of
    `error_counter`, `recount` being the one whose counters they are;
    `minutes[mailing_id, minute][name]` with the names of `Minute`.
    """

    counts: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)
    minutes: dict[tuple[str, datetime], dict[str, int]] = field(default_factory=dict)

    def move(self, mailing_id: str, recount: int, name: str, by: int) -> None:
        """Add to a counter of the mailing."""
        counts = self.counts.setdefault((mailing_id, recount), {})
        counts[name] = counts.get(name, 0) + by

    def note(self, mailing_id: str, at: datetime, name: str) -> None:
        """Add one to the mailing's minute of `at`."""
        minute = at.replace(second=0, microsecond=0)
        counts = self.minutes.setdefault((mailing_id, minute), {})
        counts[name] = counts.get(name, 0) + 1

    def items(self) -> int:
        """Items that a transaction must write for these, the overall counters included."""
        mailings = {mailing_id for mailing_id, _ in self.counts}
        return len(mailings) + len(self.minutes) + bool(mailings)
