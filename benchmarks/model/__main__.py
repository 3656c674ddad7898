"""`python -m benchmarks.model`: the tables, `--json` for the report, `--figure` for the docs."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.model import local, measured, tabulate
from benchmarks.model.figure import draw
from benchmarks.model.money import Prices
from benchmarks.model.study import Study

FIGURE: Final = Path(__file__).parents[2] / "docs" / "images" / "scale.svg"


def main(arguments: list[str]) -> int:
    """The exit status is 1 when the model does not fit what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model", description=__doc__)
    parser.add_argument("--json", action="store_true", help="everything, for other programs")
    parser.add_argument("--figure", action="store_true", help=f"write {FIGURE.name} as well")
    options = parser.parse_args(arguments)
    study = Study(measured.read(), Prices.read())
    compared = local.check(study.measured.deliveries, processors=study.measured.processors)
    if options.figure:
        FIGURE.write_text(draw(study))
    if options.json:
        sys.stdout.write(json.dumps(as_json(study, compared), indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(_text(study, compared)) + "\n")
    return 0 if all(each.holds for each in compared) else 1


def as_json(study: Study, compared: Any) -> dict[str, Any]:
    """The report's part "model"."""
    return {
        "rows": [row.as_json() for row in study.rows()],
        "check": [
            {
                "clients": each.clients,
                "latency_ms": each.latency_ms,
                "measured_s": each.measured_s,
                "predicted_s": each.predicted_s,
                "error": each.error,
                "holds": each.holds,
            }
            for each in compared
        ],
        "tolerance": local.TOLERANCE,
    }


def _text(study: Study, compared: Any) -> list[str]:
    rows = list(study.rows())
    unlimited = [row for row in rows if row.scenario.settings.gateway_parts_per_s is None]
    found = ["# A mailing on AWS, by the model", "", *tabulate.results(rows), ""]
    raised = [row for row in unlimited if row.deployment == "default"]
    found += ["# What to raise, one after the other", "", *tabulate.raising(raised), ""]
    found += ["# More partition keys for each mailing, tuned", ""]
    found += tabulate.keys(study.with_more_keys())
    found += ["", "# The same model of the machine, beside what was measured there", ""]
    return [*found, *tabulate.comparison(compared)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
