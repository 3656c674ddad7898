"""The gateway: calls of it, its pace, its token, and how it does."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from carillon.models.conduct import Conduct
from carillon.models.gateway import GatewayOutcome, PlannedCall
from carillon.models.pace import PaceState


class Calls(Protocol):
    """Calls of the gateway, side by side."""

    def make(self, calls: Sequence[PlannedCall]) -> Iterator[Sequence[tuple[int, GatewayOutcome]]]:
        """Make each call within its times; yields (index, outcome) in groups as they end.

        One that may not begin any more (`policy.retry.may_begin`) is `not_called`.
        """
        ...


class PaceTable(Protocol):
    """The pace of the gateway, shared by all senders."""

    def read(self) -> PaceState | None:
        """Consistent; None before the first slot was given out."""
        ...

    def replace(self, old: PaceState | None, new: PaceState) -> None:
        """If still at `old.token`, or still absent, else `LostRace`."""
        ...


class GatewayToken(Protocol):
    """The bearer token, cached."""

    def refresh(self) -> None:
        """The gateway refused it: read it again, at most once a minute."""
        ...


class GatewayJournal(Protocol):
    """What senders wrote down about their calls, minute by minute, for a day."""

    def note(self, minute: datetime, conduct: Conduct) -> None:
        """Add to the minute. An answer that is lost may be added twice: it is a gauge."""
        ...

    def read(self, minutes: Collection[datetime]) -> Mapping[datetime, Conduct]:
        """What is known of each of these minutes; eventually consistent."""
        ...
