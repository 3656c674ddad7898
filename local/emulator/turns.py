"""Whoever waits in front of a page does not wait for a mailing at full speed.

DynamoDB and SQS answer each caller whatever they answer to others meanwhile. MiniStack answers in
one thread, in the order of asking: a page's three small requests each line up behind a dozen
batches of 25 statements. Here batches take turns. One at a time is let in, so that anybody else
waits for one of them at most; and it lets a page go first that is being answered. Nothing else
slows a mailing, and one page after the other does not stop it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from local.front_door import Application, Receive, Scope, Send

BULKY = frozenset(
    {
        b"DynamoDB_20120810.BatchExecuteStatement",
        b"DynamoDB_20120810.Scan",
        b"AmazonSQS.SendMessageBatch",
    }
)
"""What functions ask for that work through many messages, and nobody who waits for a page."""


PATIENCE_S = 0.01
"""So long a bulky request lets pages go first: twice its own time, and most of a page's."""


class Turns:
    """The application, in which bulky requests take turns and pages come first."""

    def __init__(self, application: Application, *, pages_at: int) -> None:
        """Whatever is asked at that port is a page."""
        self._application = application
        self._pages_at = pages_at
        self._turn = asyncio.Lock()
        self._pages = 0
        self._all_answered = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or wait for a turn and answer then."""
        if scope["type"] == "http" and scope["server"][1] == self._pages_at:
            with self._page():
                await self._application(scope, receive, send)
        elif _is_bulky(scope):
            async with self._turn:
                await self._let_pages_go()
                await self._application(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    @contextmanager
    def _page(self) -> Iterator[None]:
        self._pages += 1
        self._all_answered.clear()
        try:
            yield
        finally:
            self._pages -= 1
            if not self._pages:
                self._all_answered.set()

    async def _let_pages_go(self) -> None:
        if self._pages:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await self._all_answered.wait()


def _is_bulky(scope: Scope) -> bool:
    return any(
        name == b"x-amz-target" and value in BULKY for name, value in scope.get("headers", ())
    )
