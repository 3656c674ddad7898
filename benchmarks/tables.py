"""Tables in Markdown, and numbers as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """The first `left` columns to the left, numbers to the right; columns as wide as they must."""
    widths = [max(3, *(len(row[column]) for row in [head, *rows])) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rules = [
        "-" * width if column < left else "-" * (width - 1) + ":"
        for column, width in enumerate(widths)
    ]
    return "\n".join([line(head), f"| {' | '.join(rules)} |", *map(line, rows)])


def number(value: float) -> str:
    """Three digits that count, and whole numbers from 100 on."""
    if isinstance(value, int):
        return f"{value:,}"
    if value == 0:
        return "0"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.0995 else f"{value:.3f}"


def spread(values: Sequence[float]) -> str:
    """The median, with the least and the greatest when there are several: `7.1 (6.8–7.5)`."""
    middle = number(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({number(min(values))}–{number(max(values))})"


def told(figures: dict[str, float]) -> str:
    """A `Spread` that was written down, as `spread` shows it."""
    if figures["runs"] == 1:
        return number(figures["median"])
    least, greatest = number(figures["least"]), number(figures["greatest"])
    return f"{number(figures['median'])} ({least}–{greatest})"
