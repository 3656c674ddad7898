"""Percentiles, medians and numbers as a person reads them."""

import pytest

from benchmarks.figures import Spread, percentile
from benchmarks.tables import number, spread, table


@pytest.mark.parametrize(("percent", "value"), [(1, 1), (50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == value


def test_the_only_value_is_every_percentile() -> None:
    assert percentile([7.0], 1) == percentile([7.0], 99) == 7.0


def test_a_spread_is_the_median_with_its_ends() -> None:
    assert Spread.of([3.0, 1.0, 2.0]).as_json() == {
        "median": 2.0, "least": 1.0, "greatest": 3.0, "runs": 3
    }  # fmt: skip
    assert spread([3.0, 1.0, 200.0]) == "3.00 (1.00–200)"
    assert spread([3.0]) == "3.00"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (0.0123, "0.012"), (0.123, "0.12"), (9.994, "9.99"), (12.34, "12.3"),
     (99.96, "100"), (20_000.4, "20,000"), (5, "5")],
)  # fmt: skip
def test_numbers_have_three_digits_that_count(value: float, words: str) -> None:
    assert number(value) == words


def test_a_table_is_as_wide_as_it_must_be() -> None:
    assert table(("a", "b"), [("long name", "1"), ("x", "10,000")]).splitlines() == [
        "| a         |      b |",
        "| --------- | -----: |",
        "| long name |      1 |",
        "| x         | 10,000 |",
    ]
