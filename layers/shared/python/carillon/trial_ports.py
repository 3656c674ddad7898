"""What trials, and the record of how the gateway does, need of the world; as in `ports`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from carillon.models.commands import TrialBell
from carillon.models.conduct import Conduct
from carillon.models.trial import Trial
from carillon.ports import Creation


class Trials(Protocol):
    """The trials, which lie beside their mailings and are removed with them."""

    def add(self, trial: Trial, creation: Creation | None) -> None:
        """One transaction with the key, if the mailing stands and is not deleted: `NotFound`.

        `LostRace` when the key or the trial exists.
        """
        ...

    def get(self, mailing_id: str, trial_id: str) -> Trial | None:
        """Consistent; it may still be there past its time."""
        ...

    def replace(self, old: Trial, new: Trial) -> None:
        """If still at `old.token`, else `LostRace`."""
        ...


class TrialBells(Protocol):
    """The message queue, as trials use it."""

    def ring(self, bells: Sequence[tuple[TrialBell, int]]) -> None:
        """Ask the sender to make each trial after so many seconds, at most 15 minutes."""
        ...


class GatewayJournal(Protocol):
    """What senders wrote down about their calls, minute by minute, for a day."""

    def note(self, minute: datetime, conduct: Conduct) -> None:
        """Add to the minute. An answer that is lost may be added twice: it is a gauge."""
        ...

    def read(self, minutes: Collection[datetime]) -> Mapping[datetime, Conduct]:
        """What is known of each of these minutes; eventually consistent."""
        ...
