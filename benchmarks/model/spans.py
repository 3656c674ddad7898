"""Spans of time, one after the other, and when something was reached within one."""

from collections.abc import Iterator
from typing import Final

NOTHING: Final = 1e-6
"""Less of a message is none."""

_SHORTEST_S: Final = 0.1
_LONGEST_S: Final = 60.0
_OF_PASSED: Final = 0.005
_SPANS_MAX: Final = 100_000


def spans() -> Iterator[tuple[float, float]]:
    """(begin, seconds) of one span after the other."""
    at = 0.0
    for _ in range(_SPANS_MAX):
        seconds = min(_LONGEST_S, max(_SHORTEST_S, at * _OF_PASSED))
        yield at, seconds
        at += seconds
    raise RuntimeError("the mailing does not end: something lets nothing through")


def reached(whole: float, before: float, after: float, at: float, seconds: float) -> float | None:
    """When it was reached within this span, if it was."""
    if before >= whole - NOTHING or after < whole - NOTHING:
        return None
    return at + seconds * (whole - before) / (after - before)
