"""Calls of the real HTTP adapter, as the suites of its contract make them."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from carillon.adapters.deadline import Address
from carillon.adapters.gateway_http import HttpGateway
from carillon.models.gateway import GatewayCall, GatewayOutcome, NoReply
from tests.contract.raw_gateway import RawGateway, Serve

CALL = GatewayCall(gateway_id=2**63 - 1, phone="70000000001", text="Привет, Zwiebelkuchen!")
TOKEN = "eyJhbGciOi.made-up.k1b2c3d4"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)

SHORT_S = 0.15
LATE_S = 0.25
"""How much later than its budget a call may return on a busy machine. What it is held against
here would go on for seconds; on an idle machine calls return within a few milliseconds."""


class StoppedClock:
    """Always noon."""

    def now(self) -> datetime:
        return NOON


@contextmanager
def calling(url: str, **options: object) -> Iterator[HttpGateway]:
    """The adapter, its connections closed at the end."""
    chosen = {"token": lambda: TOKEN, "clock": StoppedClock(), "connections": 4, **options}
    gateway = HttpGateway(url, **chosen)  # type: ignore[arg-type]
    try:
        yield gateway
    finally:
        gateway.close()


def outcome_of(serve: Serve) -> GatewayOutcome:
    """What becomes of one call to a raw gateway."""
    with RawGateway(serve) as raw, calling(raw.url) as gateway:
        return gateway.send(CALL, budget_s=5)


def timed(gateway: HttpGateway, budget_s: float) -> NoReply:
    """Call, and insist that it ends in time without a reply."""
    begun = time.monotonic()
    outcome = gateway.send(CALL, budget_s=budget_s)
    assert time.monotonic() - begun < max(budget_s, 0) + LATE_S
    assert isinstance(outcome, NoReply)
    return outcome


def loopback(port: int) -> list[Address]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
