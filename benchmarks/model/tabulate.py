"""The study as text: tables for a terminal, which are Markdown as well."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.model import advice
from benchmarks.model.local import TOLERANCE, Comparison
from benchmarks.model.shape import PARTITION_KEYS
from benchmarks.model.study import KEYS_TRIED, Row
from benchmarks.model.words import count, dollars, duration, gateway


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> Iterator[str]:
    """Lines of a table; all but the first `left` columns stand to the right."""
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.ljust(width) if n < left else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    yield line(head)
    marks = ("-" * width if n < left else "-" * (width - 1) + ":" for n, width in enumerate(widths))
    yield f"| {' | '.join(marks)} |"
    yield from map(line, rows)


def results(rows: Sequence[Row]) -> Iterator[str]:
    """Each mailing, by gateway, size and deployment."""
    head = ("gateway", "recipients", "settings", "held up by", "share", "first", "last answer")
    more = ("finished", "mean /s", "peak /s", "in flight", "bill", "a million")
    yield from table((*head, *more), [_cells(row) for row in rows], left=4)


def _cells(row: Row) -> Sequence[str]:
    course = row.course
    limit, share = advice.bottleneck(course)
    return (
        gateway(row.scenario.settings.gateway_parts_per_s),
        count(course.recipients),
        row.deployment,
        limit,
        f"{share:.0%}",
        f"{course.first_s:.1f} s",
        duration(course.last_s),
        duration(row.scenario.closed_s(course)),
        count(row.mean_per_s),
        count(row.peak_per_s),
        count(row.in_flight_peak),
        dollars(row.bill.total),
        dollars(row.bill.total / course.recipients * 1_000_000),
    )


def raising(rows: Sequence[Row]) -> Iterator[str]:
    """What to raise against what, and what each step gives."""
    head = ("recipients", "from", "held up by", "raise", "to", "then it takes")
    cells = [
        (
            count(row.course.recipients),
            duration(row.course.last_s if number == 0 else row.steps[number - 1].last_s),
            step.limit,
            step.words,
            step.change,
            duration(step.last_s),
        )
        for row in rows
        for number, step in enumerate(row.steps)
    ]
    yield from table(head, cells, left=5)


def keys(found: Mapping[int, tuple[float, float]]) -> Iterator[str]:
    """What more partition keys for each mailing would give."""
    head = ("recipients", f"{PARTITION_KEYS} keys", f"{KEYS_TRIED} keys")
    cells = [
        (count(size), duration(now_s), duration(then_s)) for size, (now_s, then_s) in found.items()
    ]
    yield from table(head, cells)


def comparison(runs: Sequence[Comparison]) -> Iterator[str]:
    """Measured runs and what the model says of them."""
    head = ("clients", "gateway ms", "measured s", "model s", "off by")
    cells = [
        (
            count(run.clients),
            str(run.latency_ms),
            f"{run.measured_s:.1f}",
            f"{run.predicted_s:.1f}",
            f"{run.error:+.0%}{'' if run.holds else ' (!)'}",
        )
        for run in runs
    ]
    yield from table(head, cells)
    yield f"\nAllowed: {TOLERANCE:.0%} either way."
