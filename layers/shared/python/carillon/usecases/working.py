"""The fan-out function's one verb: work a command, whichever it is."""

from dataclasses import dataclass

from carillon.models.commands import Advance, Close, Command, Purge, Release, RunSlice, Tick
from carillon.policy.retention import Retention
from carillon.ports import (
    Audience,
    Budget,
    Chance,
    Clock,
    Commands,
    Doorbells,
    Mailings,
    Messages,
    StatisticsTable,
)
from carillon.usecases.advancing import Advancing
from carillon.usecases.closing import Closing
from carillon.usecases.purging import Purging
from carillon.usecases.races import again_on_lost_race
from carillon.usecases.releasing import Releasing
from carillon.usecases.slicing import Slicing
from carillon.usecases.ticking import Ticking


@dataclass(frozen=True, slots=True)
class Working:
    """Gives each command to who works it; each may be worked any number of times."""

    ticking: Ticking
    advancing: Advancing
    slicing: Slicing
    releasing: Releasing
    closing: Closing
    purging: Purging

    def work(self, command: Command, budget: Budget) -> None:
        """Work one command; a race lost to another writer is run again on what they wrote."""
        again_on_lost_race(lambda: self._work(command, budget))

    def _work(self, command: Command, budget: Budget) -> None:
        match command:
            case Tick():
                self.ticking.tick()
            case Advance():
                self.advancing.advance(command)
            case RunSlice():
                self.slicing.run(command, budget)
            case Release():
                self.releasing.release(command, budget)
            case Close():
                self.closing.close(command, budget)
            case Purge():
                self.purging.purge(command, budget)


def compose(
    *,
    mailings: Mailings,
    audience: Audience,
    messages: Messages,
    statistics: StatisticsTable,
    doorbells: Doorbells,
    commands: Commands,
    clock: Clock,
    chance: Chance,
    slices: int,
    retention_days: int,
) -> Working:
    """Everything the fan-out needs, from its ports; `slices` is how a start cuts the directory."""
    retention = Retention(retention_days)
    return Working(
        ticking=Ticking(mailings=mailings, commands=commands, clock=clock),
        advancing=Advancing(mailings=mailings, commands=commands, clock=clock, slices=slices),
        slicing=Slicing(
            mailings=mailings,
            audience=audience,
            messages=messages,
            doorbells=doorbells,
            commands=commands,
            clock=clock,
            retention=retention,
        ),
        releasing=Releasing(
            mailings=mailings,
            audience=audience,
            messages=messages,
            doorbells=doorbells,
            commands=commands,
            clock=clock,
            chance=chance,
        ),
        closing=Closing(
            mailings=mailings,
            messages=messages,
            commands=commands,
            clock=clock,
            chance=chance,
            retention=retention,
        ),
        purging=Purging(
            mailings=mailings, messages=messages, statistics=statistics, commands=commands
        ),
    )
