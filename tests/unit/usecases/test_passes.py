"""When a pass stops so that each page it begins is finished."""

import pytest

from carillon.ports import Page
from carillon.usecases.passes import TimeLeft
from tests.fakes.samples import a_message
from tests.unit.usecases.stage import Stage


def shortness(*pages_s: float, seconds: float = 19) -> list[bool]:
    """After each page that took so long, whether time was short."""
    stage = Stage()
    time = TimeLeft(stage.budget(seconds))
    found = []
    for page_s in pages_s:
        stage.clock.advance(page_s)
        found.append(time.is_short())
    return found


@pytest.mark.parametrize(
    ("pages_s", "short"),
    [
        ((0.1, 13.9), [False, True]),
        ((6.3,), [False]),
        ((6.4,), [True]),
        ((1.0, 5.0, 3.0), [False, False, False]),
        ((1.0, 5.0, 3.1), [False, False, True]),
        ((5.0, 1.0, 3.1), [False, False, True]),
        ((2.0,) * 8, [False] * 7 + [True]),
    ],
)
def test_time_is_short_when_two_pages_like_the_slowest_do_not_fit(
    pages_s: tuple[float, ...], short: list[bool]
) -> None:
    assert shortness(*pages_s) == short


@pytest.mark.parametrize(
    ("pages_s", "short"),
    [
        ((19.9, 0.1), [False, False]),
        ((19.9, 0.2), [False, True]),
        ((1.0,) * 21, [False] * 20 + [True]),
    ],
)
def test_whoever_has_much_time_hands_over_after_a_turn(
    pages_s: tuple[float, ...], short: list[bool]
) -> None:
    assert shortness(*pages_s, seconds=900) == short


@pytest.mark.parametrize(("seconds", "short"), [(5.0, False), (4.9, True)])
def test_five_seconds_are_kept_however_quick_the_pages_are(seconds: float, short: bool) -> None:
    assert shortness(0.0, seconds=seconds) == [short]


@pytest.mark.parametrize(
    ("cursor", "seconds", "stops"), [("03#c1", 4, True), ("03#c1", 6, False), (None, 4, False)]
)
def test_who_has_seen_the_last_page_need_not_stop(
    cursor: str | None, seconds: float, stops: bool
) -> None:
    time = TimeLeft(Stage().budget(seconds))
    assert time.must_stop_after(Page([a_message()], cursor)) == stops
