"""A recount: a mailing's counters compared with its messages, and repaired."""

from typing import Self

from carillon.models.base import Model
from carillon.models.instant import Instant
from carillon.models.statistics import Tally


class Recount(Model):
    """One recount and how far it has come; numbers of a mailing's recounts start at 1.

    `messages` is how many there are, known once each of them was taken over into counters of the
    recount's own. `difference` is what the old counters then still held: zeros if they were exact.
    `rev` is compared on each write. `due_at` is when the tick takes the recount for stalled; None
    once it is finished.
    """

    mailing_id: str
    number: int
    requested_at: Instant
    messages: int | None = None
    difference: Tally | None = None
    finished_at: Instant | None = None
    rev: int = 1
    due_at: Instant | None = None

    def changed(self, **fields: object) -> Self:
        """The same recount after a write: other values, the next `rev`."""
        return self.model_copy(update={**fields, "rev": self.rev + 1})
