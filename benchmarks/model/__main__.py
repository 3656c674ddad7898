"""`python -m benchmarks.model`: the tables; `--json` for programs, `--docs` for docs/scale.md."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.model import docs, local, measured, tabulate
from benchmarks.model.local import Comparison
from benchmarks.model.measured import Measured
from benchmarks.model.money import Prices
from benchmarks.model.study import Row, Study


def main(arguments: list[str]) -> int:
    """The exit status is 1 when the model does not fit what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--json", action="store_true", help="everything, for other programs")
    parser.add_argument("--docs", action="store_true", help="write docs/scale.md and its figure")
    options = parser.parse_args(arguments)
    known = measured.read()
    study, compared = Study(known, Prices()), _compared(known)
    rows = list(study.rows())
    if options.docs:
        docs.write(study, rows, compared)
    if options.json:
        sys.stdout.write(json.dumps(_as_json(rows, compared), indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_text(study, rows, compared)) + "\n")
    return 0 if all(each.holds for each in compared) else 1


def results(report: Mapping[str, Any]) -> dict[str, Any]:
    """The part "model" of a report, from its other parts."""
    known = measured.of(report)
    return _as_json(list(Study(known, Prices()).rows()), _compared(known))


def _compared(known: Measured) -> Sequence[Comparison]:
    return local.check(known.deliveries, processors=known.processors)


def _as_json(rows: Sequence[Row], compared: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "rows": [row.as_json() for row in rows],
        "check": [each.as_json() for each in compared],
        "tolerance": local.TOLERANCE,
    }


def _text(study: Study, rows: Sequence[Row], compared: Sequence[Comparison]) -> Iterator[str]:
    found = docs.parts(study, rows, compared)
    yield from ("# A mailing on AWS, by the model", "", *tabulate.results(rows), "")
    yield from ("# What to raise, one after the other", "", *found["raising"], "")
    yield from ("# More partition keys for each mailing, tuned", "", *found["keys"], "")
    yield from ("# The same model of a machine, beside what was measured there", "")
    yield from found["check"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
