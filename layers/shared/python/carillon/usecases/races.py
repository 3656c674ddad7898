"""Run again what another writer got in the way of."""

from collections.abc import Callable

from carillon.errors import LostRace

RACES_MAX = 5
"""How often a lost race is run before it is given up; each round means another writer did win."""


def again_on_lost_race(attempt: Callable[[], None]) -> None:
    """Run `attempt`, which reads and then writes conditionally, until no other writer meets it."""
    for _ in range(RACES_MAX - 1):
        try:
            return attempt()
        except LostRace:
            continue
    return attempt()
