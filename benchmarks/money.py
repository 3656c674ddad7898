"""`python -m benchmarks.money`: counts of a mailing, the bill per million, and the idle month."""

import argparse
import json
import sys
from typing import Any

from benchmarks.bill import Bill, Prices, bill, idle_month
from benchmarks.counting import Counts, marginal
from benchmarks.one_mailing import count_mailing, count_tick
from benchmarks.template import synthesized, table_definitions

SIZES = (1000, 5000)
"""Of two mailings: what the larger one asks for beyond the smaller is what a message costs."""


def counted() -> tuple[Counts, Bill, Bill]:
    """(for the messages between both sizes, the bill of a million, the bill of an idle month)."""
    template = synthesized()
    definitions, prices = table_definitions(template), Prices()
    small, large = (count_mailing(definitions, clients) for clients in SIZES)
    counts = marginal(small, large)
    return counts, bill(counts, prices), idle_month(template, count_tick(definitions), prices)


def as_json(counts: Counts, a_million: Bill, idle: Bill) -> dict[str, Any]:
    """The keys `counts` and `bill` of report.json."""
    return {
        "counts": {**counts.as_json(), "per_message": counts.per_message()},
        "bill": {"million": a_million.as_json(), "idle_month": idle.as_json()},
    }


def main(arguments: list[str]) -> None:
    """Count, and tell it as tables or, for programs, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.money", description=__doc__)
    parser.add_argument("--json", action="store_true")
    wants_json = parser.parse_args(arguments).json
    counts, a_million, idle = counted()
    if wants_json:
        print(json.dumps(as_json(counts, a_million, idle), indent=2))
        return
    print("For each message:")
    for name, number in counts.per_message().items():
        print(f"  {name:20}{number:>10.4f}")
    print(f"\nA million delivered messages:\n{a_million}\n\nA month idle:\n{idle}")


if __name__ == "__main__":
    main(sys.argv[1:])
