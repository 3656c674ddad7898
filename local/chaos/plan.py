"""What befalls the mailing, and when: all of it drawn from one seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from local.gateway import Behaviour, Mood


class Kind(StrEnum):
    """What may happen."""

    KILL = "kill"
    RESTART = "restart"
    PURGE = "purge"
    PAUSE = "pause"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One misfortune, so many seconds after the mailing began; `target` is a function to kill."""

    at_s: float
    kind: Kind
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much happens, and within what time; each event falls in the first `window_s`."""

    seed: int
    clients: int
    lasts_s: float
    window_s: float
    kills: int
    targets: Mapping[str, int]
    purges: int
    pauses: int
    pause_s: float
    deleted: int


FIRST_S = 3.0
"""By then the mailing runs: nothing before could be hurt."""

DELETED_AT_ONCE = 10
"""Clients that go in one moment."""

TARGETS = {
    "SenderFunction": 10,
    "FanoutFunction": 4,
    "StatsFunction": 3,
    "PlannerFunction": 1,
    "ApiFunction": 2,
}
"""How likely a kill is meant for which function. A sender has the most to lose."""

QUICKLY_REPLACED = {name: weight for name, weight in TARGETS.items() if name != "FanoutFunction"}
"""A fan-out that was killed goes on when the tick finds its slice, a minute later."""

MOODS = {
    Mood.SILENT: 0.05,
    Mood.LATE: 0.05,
    Mood.HTTP_500: 0.08,
    Mood.HTTP_500_ACCEPTED: 0.06,
    Mood.HTTP_503: 0.06,
    Mood.HTTP_429: 0.06,
    Mood.GARBAGE: 0.04,
    Mood.EMPTY: 0.03,
    Mood.WRONG_CODE: 0.04,
    Mood.DROP_BEFORE: 0.05,
    Mood.DROP_AFTER: 0.05,
    Mood.DRIP: 0.04,
    Mood.HTTP_401: 0.02,
    Mood.HTTP_400: 0.01,
}
"""Nearly two calls of three go wrong, in every way that leaves the caller alone with a question."""


def full(*, clients: int, minutes: float, seed: int) -> Scale:
    """The whole thing: everything falls in the first quarter, so that there is time to recover."""
    return Scale(
        seed=seed,
        clients=clients,
        lasts_s=minutes * 60,
        window_s=minutes * 15,
        kills=20,
        targets=TARGETS,
        purges=2,
        pauses=3,
        pause_s=15,
        deleted=50,
    )


def short(*, seed: int) -> Scale:
    """A share of it for the tests: what half a minute leaves unsent is settled by the end."""
    return Scale(
        seed=seed,
        clients=200,
        lasts_s=22,
        window_s=15,
        kills=4,
        targets=QUICKLY_REPLACED,
        purges=1,
        pauses=1,
        pause_s=6,
        deleted=10,
    )


def gateway_behaviour(scale: Scale) -> Behaviour:
    """The worst moods; what is silent or drips does so for longer than any call may take."""
    return Behaviour(
        shares=MOODS, seed=scale.seed, latency_ms=100, silent_s=8, drip_s=1, retry_after_s=3
    )


def events(scale: Scale) -> list[Event]:
    """In the order in which they are to happen; pauses never meet."""
    chance = random.Random(scale.seed)  # noqa: S311  # a seed is the point

    def some_time() -> float:
        return chance.uniform(FIRST_S, scale.window_s)

    functions, weights = [*scale.targets], [*scale.targets.values()]
    targets = ["SenderFunction", *chance.choices(functions, weights, k=scale.kills)]
    drawn = [
        Event(at_s=some_time(), kind=Kind.KILL, target=target) for target in targets[: scale.kills]
    ]
    drawn += [Event(at_s=some_time(), kind=Kind.PURGE) for _ in range(scale.purges)]
    drawn += [
        Event(at_s=some_time(), kind=Kind.DELETE) for _ in range(0, scale.deleted, DELETED_AT_ONCE)
    ]
    drawn.append(Event(at_s=some_time(), kind=Kind.RESTART))
    share_s = (scale.window_s - FIRST_S) / scale.pauses
    drawn += [
        Event(
            at_s=FIRST_S + share_s * n + chance.uniform(0, max(0, share_s - scale.pause_s)),
            kind=Kind.PAUSE,
        )
        for n in range(scale.pauses)
    ]
    return sorted(drawn, key=lambda event: event.at_s)
