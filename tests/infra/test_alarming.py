"""The evaluator of alarms computes as CloudWatch does."""

import pytest

from tests.infra.alarming import math

MATH: list[tuple[str, float | None]] = [
    ("FILL(a, 0) + b", 2.0),
    ("a + b", None),
    ("IF(b > 1 AND c == 0, 1, 0)", 1.0),
    ("IF(FILL(a, 0) > 0, b, 0)", 0.0),
    ("b / c", None),
    ("b / 4", 0.5),
]


@pytest.mark.parametrize(("expression", "value"), MATH)
def test_the_math_itself(expression: str, value: float | None) -> None:
    assert math(expression, {"a": None, "b": 2.0, "c": 0.0}) == value
