"""The daily digest: which day it is about, what moved on that day, and the mark of its sending."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self

from carillon.models.base import Model
from carillon.models.instant import Instant
from carillon.models.statistics import Minute


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day of a time zone, from `begins_at` until just before `ends_at`, both UTC.

    It has 23 or 25 hours where the clocks change.
    """

    date: date
    timezone: str
    begins_at: datetime
    ends_at: datetime

    def has(self, moment: datetime) -> bool:
        """Whether it was on that day."""
        return self.begins_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves of messages into each status, and attempts after the first."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    expired: int = 0
    cancelled: int = 0
    retried: int = 0

    @classmethod
    def within(cls, minutes: Iterable[Minute]) -> Self:
        """All that happened in these minutes."""
        moves = cls()
        for each in minutes:
            moves = moves.plus(cls(**{one.name: getattr(each, one.name) for one in fields(cls)}))
        return moves

    def plus(self, other: Self) -> Self:
        """Both together."""
        names = [one.name for one in fields(self)]
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def lost(self) -> int:
        """Messages that should have been sent and were not, or perhaps not."""
        return self.failed + self.unknown + self.expired

    @property
    def ended(self) -> int:
        """Moves into a final status."""
        return self.sent + self.lost + self.cancelled


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail that says the same in plain text and in HTML."""

    subject: str
    text: str
    html: str


class DigestMark(Model):
    """How far the digest of a day (`2026-11-21`) has come, so that it is sent once.

    Whoever sends it has it until `until`; `tries` counts those who began. `rev` is compared on each
    write.
    """

    day: str
    tries: int = 0
    until: Instant
    sent_at: Instant | None = None
    rev: int = 1
