"""Whoever waits in front of a page does not wait for a mailing at full speed.

DynamoDB and SQS answer each caller whatever they answer to others meanwhile. MiniStack answers in
one thread, in the order of asking: a page's three small requests each line up behind a dozen
batches of 25 statements. Here batches take turns. One at a time is let in, so that anybody else
waits for one of them at most; all of them together take as long as before.
"""

from __future__ import annotations

import asyncio

from local.front_door import Application, Receive, Scope, Send

BULKY = frozenset(
    {
        b"DynamoDB_20120810.BatchExecuteStatement",
        b"DynamoDB_20120810.Scan",
        b"AmazonSQS.SendMessageBatch",
    }
)
"""What functions ask for that work through many messages, and nobody who waits for a page."""


class Turns:
    """The application, in which bulky requests take turns."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or wait for a turn and answer then."""
        if not _is_bulky(scope):
            await self._application(scope, receive, send)
            return
        async with self._turn:
            await self._application(scope, receive, send)


def _is_bulky(scope: Scope) -> bool:
    return any(
        name == b"x-amz-target" and value in BULKY for name, value in scope.get("headers", ())
    )
