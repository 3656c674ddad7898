"""Starts that lie ahead: EventBridge Scheduler fires, and the tick mends a hint that was lost."""

from local.stack import LocalStack
from tests.e2e.conftest import Ahead
from tests.e2e.operator import seconds, until
from tests.e2e.scheduling import schedules, worked

TICK_S = 60


def test_the_tick_starts_a_mailing_whose_hint_was_lost(stack: LocalStack, ahead: Ahead) -> None:
    mailing = ahead.operator.wait_for(ahead.forgotten, "finished", limit_s=90)
    sent_at = [seconds(each["sent_at"]) for each in ahead.operator.messages(mailing)]
    assert len(sent_at) == 2
    assert 0 <= min(sent_at) - seconds(mailing["starts_at"]) < TICK_S + 10


def test_eventbridge_scheduler_fires_for_a_far_start(stack: LocalStack, ahead: Ahead) -> None:
    starts_at = seconds(ahead.far["starts_at"])
    # What Scheduler fires arrives early: a minute, or less when the stack was down just then.
    # Nothing that the tick sends comes early.
    times = until(
        lambda: worked(stack, "advance", ahead.far),
        lambda times: any(moment < starts_at - 5 for moment in times),
        limit_s=100,
    )
    assert min(times) >= starts_at - 61
    kinds = {each["Name"].split("-")[1] for each in schedules(stack, ahead.far)}
    # Nor is the end's there any more once the mailing is finished.
    assert "start" not in kinds, "a schedule that fired is gone"
