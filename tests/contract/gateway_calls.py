"""Calls of the real HTTP adapter, as the suites of its contract make them."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from carillon.adapters.gateway_http import GatewayCalls
from carillon.adapters.transfers import Transfers
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply, PlannedCall
from tests.contract.raw_gateway import RawGateway, Serve

CALL = GatewayCall(gateway_id=2**63 - 1, phone="70000000001", text="Привет, Zwiebelkuchen!")
TOKEN = "eyJhbGciOi.made-up.k1b2c3d4"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

SHORT_S = 0.5
"""The least time in which a call may begin."""
LATE_S = 0.25
"""How much later than its budget a call may return on a busy machine. What it is held against
here would go on for seconds; on an idle machine calls return within a few milliseconds."""


class StoppedClock:
    """Always noon."""

    def now(self) -> datetime:
        return NOON


class Caller:
    """The adapter, asked for one call or for several of the same."""

    def __init__(self, calls: GatewayCalls) -> None:
        self._calls = calls

    def send(self, call: GatewayCall, *, budget_s: float) -> GatewayOutcome:
        (outcome,) = self.send_often(call, budget_s=budget_s, times=1)
        return outcome

    def send_often(self, call: GatewayCall, *, budget_s: float, times: int) -> list[GatewayOutcome]:
        """Side by side."""
        planned = PlannedCall(call, NOON, NOON + HOUR, NOON + timedelta(seconds=budget_s))
        groups = self._calls.make([planned] * times)
        return [outcome for group in groups for _, outcome in group]


@contextmanager
def calling(
    url: str, *, token: Callable[[], str] = lambda: TOKEN, at_once: int = 32, **options: Any
) -> Iterator[Caller]:
    """The adapter, its connections closed at the end. Options are those of its `Transfers`."""
    with closing(Transfers(at_once=at_once, **options)) as transfers:
        yield Caller(GatewayCalls(url, token, transfers, StoppedClock()))


def outcome_of(serve: Serve) -> GatewayOutcome:
    """What becomes of one call to a raw gateway."""
    with RawGateway(serve) as raw, calling(raw.url) as gateway:
        return gateway.send(CALL, budget_s=5)


def timed(gateway: Caller, budget_s: float) -> NoReply:
    """Call, and insist that it ends in time without a reply."""
    begun = time.monotonic()
    outcome = gateway.send(CALL, budget_s=budget_s)
    assert time.monotonic() - begun < max(budget_s, 0) + LATE_S
    assert isinstance(outcome, NoReply)
    return outcome
