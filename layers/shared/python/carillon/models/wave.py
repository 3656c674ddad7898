"""Waves: a pass over a mailing's messages that rings for those whose time has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from carillon.models.base import Model
from carillon.models.instant import Instant


class Asleep(Model):
    """Pending messages that have no doorbell, since they wait for hours far ahead.

    So many were there when a pass counted them; what is known of them ends with the first that
    wakes, at `until`.
    """

    number: int
    until: Instant


def with_more(asleep: Asleep | None, wake_at: Sequence[datetime]) -> Asleep | None:
    """The count with messages more, each of which wakes at its time."""
    if not wake_at:
        return asleep
    if asleep is None:
        return Asleep(number=len(wake_at), until=min(wake_at))
    return Asleep(number=asleep.number + len(wake_at), until=min(asleep.until, *wake_at))


class Wave(Model):
    """An instant at which messages are rung for, and how far that has come.

    Those that wait for just this opening of their clients' hours; with `search`, all that are due,
    because their doorbells were lost. `cursor` is where the pass over the messages goes on. So far
    it has read so many `pages` and seen so many `pending` messages and those `asleep`. It began
    when the mailing had so many `revisions`. `rev` is compared on each write, so that of two
    invocations at the same wave one stops; until `held_until` nobody takes it for stalled.
    """

    mailing_id: str
    opens_at: Instant
    search: bool = False
    cursor: str | None = None
    pages: int = 0
    pending: int = 0
    asleep: Asleep | None = None
    revisions: int = 0
    rev: int = 1
    held_until: Instant | None = None

    @property
    def due_at(self) -> datetime:
        """When somebody must look at it: as it opens, or when who is at it seems to be dead."""
        return self.held_until or self.opens_at

    def changed(self, **fields: object) -> Self:
        """The same wave after a write: other values, the next `rev`."""
        return self.model_copy(update={**fields, "rev": self.rev + 1})
