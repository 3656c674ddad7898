"""Writes what the model says into docs/scale.md, between its marks, and the figure beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.model import advice, tabulate
from benchmarks.model.figure import draw
from benchmarks.model.local import Comparison
from benchmarks.model.study import Row, Study
from benchmarks.model.words import count, dollars, duration, gateway

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = DOCS / "scale.md"
FIGURE: Final = DOCS / "images" / "scale.svg"


def write(study: Study, rows: Sequence[Row], compared: Sequence[Comparison]) -> None:
    """The page's tables and the figure; what people wrote around them stays."""
    FIGURE.write_text(draw(study), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, parts(study, rows, compared)), encoding="utf-8")


def parts(
    study: Study, rows: Sequence[Row], compared: Sequence[Comparison]
) -> Mapping[str, Sequence[str]]:
    """Lines of each part of the page that is the model's."""
    unlimited = [
        row
        for row in rows
        if row.scenario.settings.gateway_parts_per_s is None and row.deployment == "default"
    ]
    return {
        "results": list(_results(rows)),
        "raising": list(tabulate.raising(unlimited)),
        "keys": list(tabulate.keys(study.with_more_keys())),
        "check": list(tabulate.comparison(compared)),
    }


def filled(page: str, lines: Mapping[str, Sequence[str]]) -> str:
    """The page with these lines between `<!-- name -->` and `<!-- end of name -->`.

    Raises:
        ValueError: for a part that the page has no marks for.
    """
    for name, found in lines.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        before, rest = page.split(begin)
        page = before + begin + "\n".join(found) + "\n" + end + rest.split(end)[1]
    return page


def _results(rows: Sequence[Row]) -> Sequence[str]:
    """Of each gateway and size a line, with both deployments side by side."""
    pairs = zip(rows[::2], rows[1::2], strict=True)
    head = ("gateway", "recipients", "as it comes", "held up by", "bill", "tuned", "held up by")
    return list(
        tabulate.table(
            (*head, "bill"),
            [
                (
                    gateway(one.scenario.settings.gateway_parts_per_s),
                    count(one.course.recipients),
                    *_side(one),
                    *_side(other),
                )
                for one, other in pairs
            ],
            left=2,
        )
    )


def _side(row: Row) -> tuple[str, str, str]:
    limit, _ = advice.bottleneck(row.course)
    return duration(row.course.last_s), limit, dollars(row.bill.total)
