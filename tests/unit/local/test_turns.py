"""Bulky requests take turns behind pages, and nobody else waits for more than one of them."""

import asyncio
import time
from contextlib import suppress

import pytest

from local.emulator.turns import BULKY, PATIENCE_S, Turns
from local.front_door import Receive, Scope, Send

BULK = "DynamoDB_20120810.BatchExecuteStatement"
DOOR, ELSEWHERE = 8000, 4566
LIMIT_S = 20


class Slow:
    """An application that answers when it is told to, and knows who is at it."""

    def __init__(self) -> None:
        self.at_it: list[str] = []
        self.answered: list[str] = []
        self._told = asyncio.Event()

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        name = scope["path"]
        self.at_it.append(name)
        await self._told.wait()
        self.at_it.remove(name)
        self.answered.append(name)

    def answer(self) -> None:
        self._told.set()


def request(name: str, target: str | None = None) -> Scope:
    headers = [] if target is None else [(b"x-amz-target", target.encode())]
    return {"type": "http", "path": name, "headers": headers, "server": ("::1", ELSEWHERE)}


def page(name: str) -> Scope:
    return {**request(name), "server": ("::1", DOOR)}


async def nothing() -> dict[str, object]:
    return {}


async def nowhere(_: dict[str, object]) -> None:
    pass


async def as_far_as_they_can() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def all_asked(*requests: Scope) -> tuple[list[str], list[str]]:
    """Who is at it while nobody is answered, and the order of the answers."""
    slow = Slow()
    turns = Turns(slow, pages_at=DOOR)
    asked = [asyncio.create_task(turns(each, nothing, nowhere)) for each in requests]
    await as_far_as_they_can()
    together = list(slow.at_it)
    slow.answer()
    await asyncio.wait_for(asyncio.gather(*asked), LIMIT_S)
    return together, slow.answered


@pytest.mark.parametrize("target", [each.decode() for each in sorted(BULKY)])
def test_bulky_requests_are_let_in_one_at_a_time_in_their_order(target: str) -> None:
    names = ("first", "second", "third")
    together, answered = asyncio.run(all_asked(*[request(name, target) for name in names]))
    assert together == ["first"]
    assert answered == ["first", "second", "third"]


@pytest.mark.parametrize("target", [None, "DynamoDB_20120810.GetItem", "DynamoDB_20120810.Query"])
def test_nobody_else_waits_for_a_turn(target: str | None) -> None:
    bulk = [request(f"bulk {number}", BULK) for number in range(3)]
    together, _ = asyncio.run(all_asked(*bulk, request("page", target), request("other", target)))
    assert sorted(together) == ["bulk 0", "other", "page"]


def test_one_that_fails_leaves_its_turn_to_the_next() -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ConnectionError

    async def twice() -> None:
        turns = Turns(broken, pages_at=DOOR)
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await asyncio.wait_for(turns(request("one", BULK), nothing, nowhere), LIMIT_S)

    asyncio.run(twice())


def test_a_bulky_request_lets_a_page_go_first() -> None:
    together, answered = asyncio.run(all_asked(page("page"), request("bulk", BULK)))
    assert together == ["page"]
    assert answered == ["page", "bulk"]


def test_a_page_does_not_wait_for_a_turn() -> None:
    together, _ = asyncio.run(all_asked(request("bulk", BULK), page("page")))
    assert together == ["bulk", "page"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_page_that_is_over_holds_nobody_up(fails: bool) -> None:
    async def answer(scope: Scope, _receive: Receive, _send: Send) -> None:
        if fails and scope["path"] == "page":
            raise ConnectionError

    async def one_after_the_other() -> float:
        turns = Turns(answer, pages_at=DOOR)
        with suppress(ConnectionError):
            await turns(page("page"), nothing, nowhere)
        began = time.perf_counter()
        for _ in range(100):
            await turns(request("bulk", BULK), nothing, nowhere)
        return time.perf_counter() - began

    assert asyncio.run(one_after_the_other()) < 100 * PATIENCE_S / 2


def test_a_page_that_takes_long_stops_nobody() -> None:
    async def patiently() -> list[str]:
        slow = Slow()
        turns = Turns(slow, pages_at=DOOR)
        asked = [
            asyncio.create_task(turns(each, nothing, nowhere))
            for each in (page("page"), request("bulk", BULK))
        ]
        async with asyncio.timeout(LIMIT_S):
            while len(slow.at_it) < 2:
                await asyncio.sleep(PATIENCE_S)
        slow.answer()
        await asyncio.gather(*asked)
        return slow.answered

    assert asyncio.run(patiently()) == ["page", "bulk"]


def test_what_is_no_request_has_no_headers() -> None:
    async def started(scope: Scope, _receive: Receive, _send: Send) -> None:
        assert scope["type"] == "lifespan"

    asyncio.run(Turns(started, pages_at=DOOR)({"type": "lifespan"}, nothing, nowhere))
