"""Bulky requests take turns, and nobody else waits for more than one of them."""

import asyncio

import pytest

from local.emulator.turns import BULKY, Turns
from local.front_door import Receive, Scope, Send

BULK = "DynamoDB_20120810.BatchExecuteStatement"
PATIENCE_S = 20


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
    return {"type": "http", "path": name, "headers": headers}


async def nothing() -> dict[str, object]:
    return {}


async def nowhere(_: dict[str, object]) -> None:
    pass


async def all_asked(*requests: Scope) -> tuple[list[str], list[str]]:
    """Who is at it while nobody is answered, and the order of the answers."""
    slow = Slow()
    turns = Turns(slow)
    asked = [asyncio.create_task(turns(each, nothing, nowhere)) for each in requests]
    for _ in range(10):  # until each has come as far as it can
        await asyncio.sleep(0)
    together = list(slow.at_it)
    slow.answer()
    await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_S)
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
        turns = Turns(broken)
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await asyncio.wait_for(turns(request("one", BULK), nothing, nowhere), PATIENCE_S)

    asyncio.run(twice())


def test_what_is_no_request_has_no_headers() -> None:
    async def started(scope: Scope, _receive: Receive, _send: Send) -> None:
        assert scope["type"] == "lifespan"

    asyncio.run(Turns(started)({"type": "lifespan"}, nothing, nowhere))
