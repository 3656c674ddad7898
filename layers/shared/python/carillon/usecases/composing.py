"""Fan-out and sender put together from their ports: the same for handlers, tests and simulation."""

from datetime import timedelta

from carillon.policy.retention import Retention
from carillon.ports import (
    Audience,
    Calls,
    Chance,
    Clock,
    Commands,
    DeadLetters,
    Doorbells,
    GatewayJournal,
    GatewayToken,
    Mailings,
    Measures,
    Messages,
    PaceTable,
    StatisticsTable,
    TrialBells,
    Trials,
)
from carillon.usecases.admitting import Admitting
from carillon.usecases.advancing import Advancing
from carillon.usecases.breaker import SenderBreaker
from carillon.usecases.claiming import Claiming
from carillon.usecases.closing import Closing
from carillon.usecases.deciding import Deciding
from carillon.usecases.delivering import Delivering
from carillon.usecases.fuse import Fuse
from carillon.usecases.observing import Observing
from carillon.usecases.pacing import Pacing
from carillon.usecases.purging import Purging
from carillon.usecases.recent import RecentMailings
from carillon.usecases.recording import Recording
from carillon.usecases.recounting import Recounting
from carillon.usecases.releasing import Releasing
from carillon.usecases.revising import Revising
from carillon.usecases.sending import Sender
from carillon.usecases.slicing import Slicing
from carillon.usecases.ticking import Ticking
from carillon.usecases.trying import Trying
from carillon.usecases.watching import Watching
from carillon.usecases.working import Working


def compose_fanout(
    *,
    mailings: Mailings,
    audience: Audience,
    messages: Messages,
    statistics: StatisticsTable,
    doorbells: Doorbells,
    commands: Commands,
    dead_letters: DeadLetters,
    clock: Clock,
    chance: Chance,
    slices: int,
    retention_days: int,
    measures: Measures,
) -> Working:
    """Everything the fan-out needs, from its ports; `slices` is how a start cuts the directory."""
    retention = Retention(retention_days)
    return Working(
        ticking=Ticking(
            mailings=mailings,
            watching=Watching(
                mailings=mailings,
                statistics=statistics,
                doorbells=doorbells,
                commands=commands,
                clock=clock,
                measures=measures,
            ),
            commands=commands,
            dead_letters=dead_letters,
            clock=clock,
            measures=measures,
        ),
        advancing=Advancing(mailings=mailings, commands=commands, clock=clock, slices=slices),
        slicing=Slicing(
            mailings=mailings,
            audience=audience,
            messages=messages,
            doorbells=doorbells,
            commands=commands,
            clock=clock,
            retention=retention,
            measures=measures,
        ),
        releasing=Releasing(
            mailings=mailings,
            messages=messages,
            doorbells=doorbells,
            commands=commands,
            clock=clock,
            measures=measures,
        ),
        revising=Revising(
            mailings=mailings,
            audience=audience,
            messages=messages,
            doorbells=doorbells,
            commands=commands,
            clock=clock,
            chance=chance,
            retention=retention,
        ),
        closing=Closing(
            mailings=mailings,
            audience=audience,
            messages=messages,
            commands=commands,
            clock=clock,
            chance=chance,
            retention=retention,
            measures=measures,
        ),
        recounting=Recounting(
            mailings=mailings,
            messages=messages,
            statistics=statistics,
            commands=commands,
            clock=clock,
            chance=chance,
            retention=retention,
        ),
        purging=Purging(
            mailings=mailings,
            messages=messages,
            statistics=statistics,
            commands=commands,
            clock=clock,
        ),
    )


def compose_sender(
    *,
    mailings: Mailings,
    audience: Audience,
    messages: Messages,
    trials: Trials,
    doorbells: Doorbells,
    trial_bells: TrialBells,
    calls: Calls,
    token: GatewayToken,
    pace: PaceTable,
    journal: GatewayJournal,
    clock: Clock,
    chance: Chance,
    retention_days: int,
    timeout: timedelta,
    parts_per_s: float | None,
    retry_unknown: bool,
    measures: Measures,
) -> Sender:
    """Everything the sender needs, from its ports; `timeout` is of one call of the gateway.

    `parts_per_s` is the pace of all senders together, None for none; `retry_unknown` says whether
    what the gateway may have accepted is tried again.
    """
    retention = Retention(retention_days)
    breaker = SenderBreaker(clock, chance, measures)
    observing = Observing(calls, breaker, journal, clock, measures)
    pacing = None
    if parts_per_s is not None:
        pacing = Pacing(pace, doorbells, clock, chance, parts_per_s, measures)
    delivering = Delivering(
        deciding=Deciding(
            mailings=mailings,
            recent=RecentMailings(mailings, clock),
            audience=audience,
            messages=messages,
            doorbells=doorbells,
            clock=clock,
            chance=chance,
            retention=retention,
            retry_unknown=retry_unknown,
        ),
        admitting=Admitting(breaker, pacing, clock, measures),
        claiming=Claiming(messages, clock, chance, timeout),
        calls=observing,
        recording=Recording(
            messages=messages,
            doorbells=doorbells,
            token=token,
            breaker=breaker,
            fuse=Fuse(),
            pacing=pacing,
            clock=clock,
            chance=chance,
            retention=retention,
            retry_unknown=retry_unknown,
        ),
        doorbells=doorbells,
        clock=clock,
        timeout=timeout,
    )
    trying = Trying(
        trials=trials,
        mailings=mailings,
        calls=observing,
        bells=trial_bells,
        token=token,
        breaker=breaker,
        pacing=pacing,
        clock=clock,
        chance=chance,
        timeout=timeout,
    )
    return Sender(trying, delivering, observing)
