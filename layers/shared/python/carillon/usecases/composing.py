"""Fan-out and sender put together from their ports: the same for handlers, tests and simulation."""

from datetime import timedelta

from carillon.policy.retention import Retention
from carillon.ports import (
    Audience,
    Calls,
    Chance,
    Clock,
    Commands,
    Doorbells,
    GatewayToken,
    Mailings,
    Messages,
    StatisticsTable,
)
from carillon.usecases.advancing import Advancing
from carillon.usecases.claiming import Claiming
from carillon.usecases.closing import Closing
from carillon.usecases.delivering import Delivering
from carillon.usecases.purging import Purging
from carillon.usecases.recent import RecentMailings
from carillon.usecases.releasing import Releasing
from carillon.usecases.slicing import Slicing
from carillon.usecases.ticking import Ticking
from carillon.usecases.working import Working


def compose_fanout(
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
            audience=audience,
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


def compose_sender(
    *,
    mailings: Mailings,
    audience: Audience,
    messages: Messages,
    doorbells: Doorbells,
    calls: Calls,
    token: GatewayToken,
    clock: Clock,
    chance: Chance,
    retention_days: int,
    timeout: timedelta,
) -> Delivering:
    """Everything the sender needs, from its ports; `timeout` is of one call of the gateway."""
    retention = Retention(retention_days)
    claiming = Claiming(
        mailings=mailings,
        recent=RecentMailings(mailings, clock),
        audience=audience,
        messages=messages,
        doorbells=doorbells,
        clock=clock,
        chance=chance,
        retention=retention,
        timeout=timeout,
    )
    return Delivering(
        claiming=claiming,
        messages=messages,
        doorbells=doorbells,
        calls=calls,
        token=token,
        clock=clock,
        chance=chance,
        retention=retention,
        timeout=timeout,
    )
