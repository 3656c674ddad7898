"""A mailing's text on one phone: the ports of trials."""

from collections.abc import Sequence
from typing import Protocol

from carillon.models.commands import TrialBell
from carillon.models.trial import Trial
from carillon.ports.creations import Creation


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
