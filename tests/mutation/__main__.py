"""`python -m tests.mutation`: plant a fault in each line and list those that no test notices."""

import argparse
import sys

from tests.mutation.faults import read_faults
from tests.mutation.layout import lay_out
from tests.mutation.report import report
from tests.mutation.running import plant_and_test


def main() -> int:
    """Exit code 1 when a fault is not noticed and not explained, or an explanation is outdated."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="MODULE", help="such as usecases/closing.py"
    )
    parser.add_argument("--max-children", type=int, default=2, help="faults tried at a time")
    chosen = parser.parse_args()
    copy = lay_out(chosen.only)
    plant_and_test(copy, workers=chosen.max_children)
    return report(list(read_faults(copy)), whole=not chosen.only)


if __name__ == "__main__":
    sys.exit(main())
