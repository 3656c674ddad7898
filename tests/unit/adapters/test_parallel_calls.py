"""Calls of the gateway side by side, in real threads over a gateway that does as it is told."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier, Event

from carillon.adapters.gateway_http import HttpGateway
from carillon.adapters.parallel_calls import ParallelCalls
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall, Reply
from tests.fakes import FakeClock
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)
PATIENCE_S = 10
"""Longer than any step takes: what is waited for in vain fails the test instead of hanging it."""

NOT_CALLED = NoReply("not_called", False, "no time left", 0.0)


class ToldGateway(HttpGateway):
    """Answers `code` = the call's id once `behaviour` has run; `budgets` has the times given."""

    def __init__(self, behaviour: Callable[[GatewayCall], object] = lambda _: None) -> None:
        self.behaviour = behaviour
        self.budgets: dict[int, float] = {}

    def send(self, call: GatewayCall, *, budget_s: float) -> GatewayOutcome:
        self.budgets[call.gateway_id] = budget_s
        self.behaviour(call)
        return answer(call.gateway_id)


def answer(number: int) -> Reply:
    return Reply(200, number, None, excerpt="", duration_s=0.1)


@contextmanager
def calling(gateway: ToldGateway, *, threads: int, clock: FakeClock) -> Iterator[ParallelCalls]:
    """A wait moves the clock."""
    with ThreadPoolExecutor(threads) as pool:
        yield ParallelCalls(gateway, clock, pool, pause=clock.advance)


def planned(
    number: int, *, not_before: datetime = NOW, begin_by: datetime = LATER, until: datetime = LATER
) -> PlannedCall:
    return PlannedCall(GatewayCall(number, "79000000001", "Hello"), not_before, begin_by, until)


def calls(*untils: datetime) -> Sequence[PlannedCall]:
    return [planned(number, until=until) for number, until in enumerate(untils)]


def made(
    gateway: ToldGateway, *untils: datetime, threads: int = 4, clock: FakeClock | None = None
) -> dict[int, GatewayOutcome]:
    return made_as(gateway, *calls(*untils), threads=threads, clock=clock)


def made_as(
    gateway: ToldGateway, *plans: PlannedCall, threads: int = 1, clock: FakeClock | None = None
) -> dict[int, GatewayOutcome]:
    """All outcomes by index; each index must come once."""
    with calling(gateway, threads=threads, clock=clock or FakeClock()) as parallel:
        pairs = [pair for group in parallel.make(plans) for pair in group]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_each_call_is_answered_under_its_own_number() -> None:
    outcomes = made(ToldGateway(), *[NOW + 10 * SECOND] * 9)
    assert outcomes == {number: answer(number) for number in range(9)}


def test_calls_are_made_side_by_side() -> None:
    together = Barrier(4)
    gateway = ToldGateway(lambda _: together.wait(PATIENCE_S))
    assert len(made(gateway, *[NOW + 10 * SECOND] * 4)) == 4


def test_a_slow_call_does_not_keep_the_answers_of_the_others() -> None:
    released = Event()
    gateway = ToldGateway(lambda call: call.gateway_id == 0 and released.wait(PATIENCE_S))
    with calling(gateway, threads=3, clock=FakeClock()) as parallel:
        groups = parallel.make(calls(*[NOW + 10 * SECOND] * 3))
        early: list[int] = []
        while len(early) < 2:
            early += [index for index, _ in next(groups)]
        released.set()
        late = [index for group in groups for index, _ in group]
    assert (sorted(early), late) == ([1, 2], [0])


def test_answers_wait_for_each_other_and_come_together() -> None:
    with ThreadPoolExecutor(1) as pool:  # one after the other, so that they cannot end at once
        parallel = ParallelCalls(ToldGateway(), FakeClock(), pool, gather_s=PATIENCE_S)
        began = time.monotonic()
        groups = [
            sorted(index for index, _ in group) for group in parallel.make(calls(*[LATER] * 5))
        ]
    assert groups == [[0, 1, 2, 3, 4]]
    assert time.monotonic() - began < PATIENCE_S  # nobody waits for more than there are


def test_a_call_has_the_time_until_its_own_end() -> None:
    gateway = ToldGateway()
    made(gateway, NOW + 10 * SECOND, NOW + 0.5 * SECOND)
    assert gateway.budgets == {0: 10.0, 1: 0.5}


def test_a_call_that_would_end_at_once_is_not_begun() -> None:
    gateway = ToldGateway()
    outcomes = made(gateway, NOW + 0.499 * SECOND, NOW - SECOND, NOW + SECOND)
    assert outcomes == {0: NOT_CALLED, 1: NOT_CALLED, 2: answer(2)}
    assert set(gateway.budgets) == {2}


def test_time_spent_waiting_for_a_thread_is_gone() -> None:
    clock = FakeClock()
    gateway = ToldGateway(lambda _: clock.advance(4.8))
    outcomes = made(gateway, *[NOW + 10 * SECOND] * 3, threads=1, clock=clock)
    assert outcomes == {0: answer(0), 1: answer(1), 2: NOT_CALLED}
    assert gateway.budgets == {0: 10.0, 1: 5.2}


def test_a_call_waits_for_its_turn_and_loses_none_of_its_time() -> None:
    clock = FakeClock()
    begun: list[datetime] = []
    gateway = ToldGateway(lambda _: begun.append(clock.now()))
    made_as(
        gateway,
        planned(0, not_before=NOW - SECOND, until=NOW + 10 * SECOND),
        planned(1, not_before=NOW + 1.5 * SECOND, until=NOW + 11.5 * SECOND),
        clock=clock,
    )
    assert begun == [NOW, NOW + 1.5 * SECOND]
    assert gateway.budgets == {0: 10.0, 1: 10.0}


def test_a_call_whose_facts_are_outdated_is_not_begun() -> None:
    gateway = ToldGateway()
    outcomes = made_as(
        gateway,
        planned(0, begin_by=NOW),
        planned(1, not_before=NOW + SECOND, begin_by=NOW + 1.001 * SECOND),
        planned(2, not_before=NOW + 2 * SECOND, begin_by=NOW + 2 * SECOND),
    )
    assert outcomes == {0: NOT_CALLED, 1: answer(1), 2: NOT_CALLED}


def test_a_call_whose_turn_comes_too_late_for_an_answer_is_not_begun() -> None:
    gateway = ToldGateway()
    late = planned(0, not_before=NOW + SECOND, until=NOW + 1.499 * SECOND)
    assert made_as(gateway, late) == {0: NOT_CALLED}
    assert not gateway.budgets


def test_the_wait_is_a_real_one_by_default() -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        parallel = ParallelCalls(ToldGateway(), FakeClock(), pool)
        soon = planned(0, not_before=NOW + 0.02 * SECOND)
        assert list(parallel.make([soon])) == [[(0, answer(0))]]
    assert time.monotonic() - began >= 0.02


def test_no_calls_give_no_outcomes() -> None:
    assert made(ToldGateway()) == {}
