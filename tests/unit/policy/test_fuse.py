"""When refusals are no longer believed."""

import pytest

from carillon.policy.fuse import is_blown


@pytest.mark.parametrize(
    ("refused", "answers", "blown"),
    [
        (0, 0, False),
        (49, 49, False),
        (50, 50, True),
        (25, 50, False),
        (26, 50, True),
        (100, 200, False),
        (101, 200, True),
        (200, 200, True),
    ],
)
def test_most_of_enough_answers(refused: int, answers: int, blown: bool) -> None:
    assert is_blown(refused=refused, answers=answers) == blown
