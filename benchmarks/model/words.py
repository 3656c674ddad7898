"""Numbers as a reader wants them."""

from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def duration(seconds: float) -> str:
    """Two units at most: `9 s`, `16 min`, `1 h 34 min`, `2 d 8 h`."""
    whole = round(seconds)
    if whole < 2 * _MINUTE:
        return f"{whole} s"
    if whole < 2 * _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    if whole < 2 * _DAY:
        hours, minutes = divmod(round(seconds / _MINUTE), 60)
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(seconds / _HOUR), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def count(number: float) -> str:
    """Whole, with commas; millions as such."""
    if number >= 1_000_000 and round(number) % 1_000_000 == 0:
        return f"{round(number / 1_000_000)} million"
    return f"{round(number):,}"


def dollars(amount: float) -> str:
    """Cents where they matter."""
    return f"${amount:,.2f}" if amount < 100 else f"${amount:,.0f}"


def gateway(parts_per_s: float | None) -> str:
    """A gateway by its rate."""
    return "no limit" if parts_per_s is None else f"{parts_per_s:,g} /s"
