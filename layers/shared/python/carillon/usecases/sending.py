"""A sender: what works a batch of its queue, trials and doorbells."""

from collections.abc import Sequence
from dataclasses import dataclass

from carillon.models.commands import Doorbell, TrialBell
from carillon.models.records import AnyRing, of_kind
from carillon.ports import Budget
from carillon.usecases.delivering import Delivering
from carillon.usecases.observing import Observing
from carillon.usecases.trying import Trying


@dataclass(frozen=True, slots=True)
class Sender:
    """One for each process."""

    trying: Trying
    delivering: Delivering
    observing: Observing

    def work(self, records: Sequence[AnyRing], budget: Budget) -> list[str]:
        """Handle a batch; returns the ids of the records that must come again.

        Trials come first: somebody waits for each, they take one call's time however many they are,
        and no message that kills its sender takes them along.
        """
        again = self.trying.make(of_kind(records, TrialBell), budget)
        again += self.delivering.deliver(of_kind(records, Doorbell), budget)
        self.observing.write_down()
        return again
