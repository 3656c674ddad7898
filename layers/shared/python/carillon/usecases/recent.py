"""Mailings as they were a moment ago: one read for many messages, and a bound on how stale."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from carillon.concern import about
from carillon.models.mailing import Mailing
from carillon.ports import Clock, Mailings

AGE_MAX = timedelta(seconds=2)
"""A change through the API takes hold within 5 s; this leaves room for a call to begin."""

MAILINGS_MAX = 256
"""Mailings remembered at once by one sender; past that it starts afresh."""


@dataclass(frozen=True, slots=True)
class RecentMailings:
    """Remembers what it read for `AGE_MAX`. What it says may justify a call, nothing else."""

    mailings: Mailings
    clock: Clock
    _seen: dict[str, tuple[Mailing | None, datetime]] = field(default_factory=dict)

    def get(self, mailing_id: str) -> Mailing | None:
        """At most `AGE_MAX` old."""
        now = self.clock.now()
        seen = self._seen.get(mailing_id)
        if seen is not None and timedelta(0) <= now - seen[1] <= AGE_MAX:
            return seen[0]
        if len(self._seen) >= MAILINGS_MAX:
            self._seen.clear()
        mailing = self.mailings.get(mailing_id)
        self._seen[mailing_id] = (mailing, now)
        return mailing

    def about(self, mailing_id: str, **more: object) -> dict[str, object]:
        """Keys of a line about this mailing, by what was ever seen of it: nothing is read."""
        mailing, _ = self._seen.get(mailing_id, (None, None))
        return {"mailing_id": mailing_id, **more} if mailing is None else about(mailing, **more)
