"""Calls of the gateway side by side, over transfers that do as they are told."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Timer

from carillon.adapters.curl_slot import Answer, Ended
from carillon.adapters.gateway_http import GatewayCalls
from carillon.adapters.transfer_loop import Begin
from carillon.adapters.transfers import Transfers
from carillon.errors import Unavailable
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall, Reply
from tests.fakes import FakeClock
from tests.fakes.system import SOME_MOMENT as NOW

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)
PATIENCE_S = 10
"""Longer than any step takes: what is waited for in vain fails the test instead of hanging it."""

NOT_CALLED = NoReply("not_called", False, "no time left", 0.0)


class ToldTransfers(Transfers):
    """Makes one after the other at once; a wait moves the clock. `code` is the call's id.

    `budgets` has the seconds that each was given. Those whose ids are `held` end when released.
    """

    def __init__(
        self,
        clock: FakeClock | None = None,
        behaviour: Callable[[int], object] = lambda _: None,
        held: Sequence[int] = (),
    ) -> None:
        self.clock = clock or FakeClock()
        self.behaviour = behaviour
        self.held = dict.fromkeys(held, Future[Ended]())
        self.budgets: dict[int, float] = {}

    def submit(self, begin: Begin, *, after_s: float = 0.0) -> Future[Ended]:
        self.clock.advance(max(after_s, 0))
        request, ended = begin(), Future[Ended]()
        if isinstance(request, NoReply):
            ended.set_result(request)
            return ended
        number = json.loads(request.body or b"")["id"]
        self.budgets[number] = request.within_s
        self.behaviour(number)
        if number in self.held:
            return self.held[number]
        ended.set_result(answered(number))
        return ended


def answered(number: int) -> Answer:
    return Answer(200, (), json.dumps({"code": number}).encode(), 0.1)


def answer(number: int) -> Reply:
    excerpt = "" if number == 0 else f'{{"code": {"#" * len(str(number))}}}'
    return Reply(200, number, None, excerpt=excerpt, duration_s=0.1)


def calling(transfers: ToldTransfers, gather_s: float = 0.01) -> GatewayCalls:
    return GatewayCalls(
        "https://gateway.test", lambda: "token", transfers, transfers.clock, gather_s
    )


def planned(
    number: int, *, not_before: datetime = NOW, begin_by: datetime = LATER, until: datetime = LATER
) -> PlannedCall:
    return PlannedCall(GatewayCall(number, "79000000001", "Hello"), not_before, begin_by, until)


def calls(*untils: datetime) -> Sequence[PlannedCall]:
    return [planned(number, until=until) for number, until in enumerate(untils)]


def made(transfers: ToldTransfers, *plans: PlannedCall) -> dict[int, GatewayOutcome]:
    """All outcomes by index; each index must come once."""
    pairs = [pair for group in calling(transfers).make(plans) for pair in group]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def test_each_call_is_answered_under_its_own_number() -> None:
    outcomes = made(ToldTransfers(), *calls(*[LATER] * 9))
    assert outcomes == {number: answer(number) for number in range(9)}


def test_a_slow_call_does_not_keep_the_answers_of_the_others() -> None:
    transfers = ToldTransfers(held=[0])
    groups = calling(transfers).make(calls(*[LATER] * 3))
    early = [index for index, _ in next(groups)]
    transfers.held[0].set_result(answered(0))
    late = [index for group in groups for index, _ in group]
    assert (sorted(early), late) == ([1, 2], [0])


def test_answers_wait_for_each_other_and_come_together() -> None:
    transfers = ToldTransfers(held=[4])
    began = time.monotonic()
    groups = calling(transfers, gather_s=PATIENCE_S).make(calls(*[LATER] * 5))
    last = Timer(0.05, transfers.held[4].set_result, (answered(4),))
    last.start()
    together = [sorted(index for index, _ in group) for group in groups]
    last.join()
    assert together == [[0, 1, 2, 3, 4]]
    assert time.monotonic() - began < PATIENCE_S  # nobody waits for more than there are


def test_a_call_has_the_time_until_its_own_end() -> None:
    transfers = ToldTransfers()
    made(transfers, *calls(NOW + 10 * SECOND, NOW + 0.5 * SECOND))
    assert transfers.budgets == {0: 10.0, 1: 0.5}


def test_a_call_that_would_end_at_once_is_not_begun() -> None:
    transfers = ToldTransfers()
    outcomes = made(transfers, *calls(NOW + 0.499 * SECOND, NOW - SECOND, NOW + SECOND))
    assert outcomes == {0: NOT_CALLED, 1: NOT_CALLED, 2: answer(2)}
    assert set(transfers.budgets) == {2}


def test_time_spent_waiting_for_a_place_is_gone() -> None:
    clock = FakeClock()
    transfers = ToldTransfers(clock, lambda _: clock.advance(4.8))
    outcomes = made(transfers, *calls(*[NOW + 10 * SECOND] * 3))
    assert outcomes == {0: answer(0), 1: answer(1), 2: NOT_CALLED}
    assert transfers.budgets == {0: 10.0, 1: 5.2}


def test_a_call_waits_for_its_turn_and_loses_none_of_its_time() -> None:
    clock = FakeClock()
    begun: list[datetime] = []
    transfers = ToldTransfers(clock, lambda _: begun.append(clock.now()))
    made(
        transfers,
        planned(0, not_before=NOW - SECOND, until=NOW + 10 * SECOND),
        planned(1, not_before=NOW + 1.5 * SECOND, until=NOW + 11.5 * SECOND),
    )
    assert begun == [NOW, NOW + 1.5 * SECOND]
    assert transfers.budgets == {0: 10.0, 1: 10.0}


def test_a_call_whose_facts_are_outdated_is_not_begun() -> None:
    outcomes = made(
        ToldTransfers(),
        planned(0, begin_by=NOW),
        planned(1, not_before=NOW + SECOND, begin_by=NOW + 1.001 * SECOND),
        planned(2, not_before=NOW + 2 * SECOND, begin_by=NOW + 2 * SECOND),
    )
    assert outcomes == {0: NOT_CALLED, 1: answer(1), 2: NOT_CALLED}


def test_a_call_whose_turn_comes_too_late_for_an_answer_is_not_begun() -> None:
    transfers = ToldTransfers()
    late = planned(0, not_before=NOW + SECOND, until=NOW + 1.499 * SECOND)
    assert made(transfers, late) == {0: NOT_CALLED}
    assert not transfers.budgets


def test_without_a_token_nobody_is_called() -> None:
    def token() -> str:
        raise Unavailable("it cannot be read")

    transfers = ToldTransfers()
    without = GatewayCalls("https://gateway.test", token, transfers, transfers.clock)
    not_called = NoReply("not_called", False, "it cannot be read", 0.0)
    assert list(without.make(calls(LATER, LATER))) == [[(0, not_called), (1, not_called)]]
    assert not transfers.budgets


def test_no_calls_give_no_outcomes() -> None:
    assert made(ToldTransfers()) == {}
