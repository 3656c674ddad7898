"""Calls of the gateway side by side, in real threads over a gateway that does as it is told."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier, Event

from carillon.adapters.gateway_http import HttpGateway
from carillon.adapters.parallel_calls import ParallelCalls
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, Reply
from tests.fakes import FakeClock
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)
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
    with ThreadPoolExecutor(threads) as pool:
        yield ParallelCalls(gateway, clock, pool)


def calls(*untils: datetime) -> Sequence[tuple[GatewayCall, datetime]]:
    return [(GatewayCall(n, "79000000001", "Hello"), until) for n, until in enumerate(untils)]


def made(
    gateway: ToldGateway, *untils: datetime, threads: int = 4, clock: FakeClock | None = None
) -> dict[int, GatewayOutcome]:
    """All outcomes by index; each index must come once."""
    with calling(gateway, threads=threads, clock=clock or FakeClock()) as parallel:
        pairs = [pair for group in parallel.make(calls(*untils)) for pair in group]
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


def test_no_calls_give_no_outcomes() -> None:
    assert made(ToldGateway()) == {}
