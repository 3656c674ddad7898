"""The fan-out function's one verb: work a command, whichever it is."""

from dataclasses import dataclass

from carillon.models.commands import (
    Advance,
    Close,
    Command,
    Listen,
    Purge,
    Release,
    Revise,
    RunRecount,
    RunSlice,
    Tick,
)
from carillon.ports import Budget
from carillon.usecases.advancing import Advancing
from carillon.usecases.closing import Closing
from carillon.usecases.purging import Purging
from carillon.usecases.races import again_on_lost_race
from carillon.usecases.recounting import Recounting
from carillon.usecases.releasing import Releasing
from carillon.usecases.revising import Revising
from carillon.usecases.slicing import Slicing
from carillon.usecases.ticking import Ticking


@dataclass(frozen=True, slots=True)
class Working:
    """Gives each command to who works it; each may be worked any number of times."""

    ticking: Ticking
    advancing: Advancing
    slicing: Slicing
    releasing: Releasing
    revising: Revising
    closing: Closing
    recounting: Recounting
    purging: Purging

    def work(self, command: Command, budget: Budget) -> None:
        """Work one command; a race lost to another writer is run again on what they wrote."""
        again_on_lost_race(lambda: self._work(command, budget))

    def _work(self, command: Command, budget: Budget) -> None:
        match command:
            case Tick():
                self.ticking.tick()
            case Listen():
                self.ticking.listen()
            case Advance():
                self.advancing.advance(command)
            case RunSlice():
                self.slicing.run(command, budget)
            case Release():
                self.releasing.release(command, budget)
            case Revise():
                self.revising.revise(command, budget)
            case Close():
                self.closing.close(command, budget)
            case RunRecount():
                self.recounting.recount(command, budget)
            case Purge():
                self.purging.purge(command, budget)
