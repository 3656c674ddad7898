"""How old a remembered mailing may be."""

import pytest

from carillon.models.mailing import Mailing, MailingStatus
from carillon.usecases.recent import MAILINGS_MAX, RecentMailings
from tests.fakes.samples import a_mailing
from tests.unit.usecases.stage import MAILING_ID, Stage, running

CANCELLED = running(status=MailingStatus.CANCELLED)


def seen_then_cancelled(stage: Stage, mailing: Mailing | None) -> RecentMailings:
    """It was read once and cancelled right after."""
    recent = RecentMailings(stage.mailings, stage.clock)
    if mailing is not None:
        stage.put(mailing)
    assert recent.get(MAILING_ID) == mailing
    stage.put(CANCELLED)
    return recent


@pytest.mark.parametrize("seen", [running(), None])
def test_for_two_seconds_it_is_as_it_was(seen: Mailing | None) -> None:
    stage = Stage()
    recent = seen_then_cancelled(stage, seen)
    stage.clock.advance(2)
    assert recent.get(MAILING_ID) == seen


@pytest.mark.parametrize("seconds", [2.001, -0.001])
def test_after_that_or_when_the_clock_was_set_back_it_is_read_again(seconds: float) -> None:
    stage = Stage()
    recent = seen_then_cancelled(stage, running())
    stage.clock.advance(seconds)
    assert recent.get(MAILING_ID) == CANCELLED


def test_its_age_counts_from_the_reading_and_not_from_the_last_look() -> None:
    stage = Stage()
    recent = seen_then_cancelled(stage, running())
    seen = []
    for _ in range(3):
        stage.clock.advance(1)
        seen.append(recent.get(MAILING_ID))
    assert seen == [running(), running(), CANCELLED]


def test_it_remembers_no_more_than_it_should() -> None:
    stage = Stage()
    recent = seen_then_cancelled(stage, running())
    others = [a_mailing(number) for number in range(2, MAILINGS_MAX + 2)]
    stage.put(*others)
    for other in others[:-1]:
        recent.get(other.id)
    assert recent.get(MAILING_ID) == running()
    assert recent.get(others[-1].id) == others[-1]
    assert recent.get(MAILING_ID) == CANCELLED
