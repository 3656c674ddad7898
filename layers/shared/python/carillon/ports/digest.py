"""The daily digest: who carries it, what it is made of, and the mark that it was sent."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from carillon.models.digest import DigestMark, Letter
from carillon.models.statistics import Counts, Statistics


class Mailer(Protocol):
    """Sends e-mail to the recipients that it knows."""

    def send(self, letter: Letter) -> None:
        """Hand it over once; nothing here repeats it.

        `MailRefused`: it will not be taken as it is. `Unavailable`: it may or may not have been.
        """
        ...


class DigestMarks(Protocol):
    """What is known of the sending of each day's digest."""

    def get(self, day: str) -> DigestMark | None:
        """Consistent."""
        ...

    def replace(self, old: DigestMark | None, new: DigestMark) -> None:
        """If still at `old.rev`, or still absent, else `LostRace`."""
        ...


class DayStatistics(Protocol):
    """Counters, as far as a digest needs them."""

    def counts(self, mailing_ids: Collection[str]) -> Mapping[str, Counts]:
        """Zeros for a mailing that has none."""
        ...

    def between(self, mailing_id: str, *, begin: datetime, end: datetime) -> Statistics:
        """What a mailing counts now, with the minutes from `begin` until before `end` alone."""
        ...
