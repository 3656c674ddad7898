"""Change something that others change too: read, decide, write if nobody was faster."""

from collections.abc import Callable
from typing import TypeVar

from carillon.errors import VersionMismatch
from carillon.usecases.races import again_on_lost_race

T = TypeVar("T")


def edit(
    *, read: Callable[[], T], decide: Callable[[T], T], write: Callable[[T, T], None]
) -> tuple[T, bool]:
    """The thing as it is afterwards, and whether that took a write.

    A lost race is run again on a fresh read, so that the last write wins.
    """
    outcomes: list[tuple[T, bool]] = []

    def attempt() -> None:
        old = read()
        new = decide(old)
        if new != old:
            write(old, new)
        outcomes.append((new, new != old))

    again_on_lost_race(attempt)
    return outcomes[0]


def check_version(present: int, expected: int | None) -> None:
    """`VersionMismatch` unless the caller saw the present version or did not say which."""
    if expected is not None and expected != present:
        raise VersionMismatch(f"the present version is {present}")
