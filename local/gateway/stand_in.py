"""The stand-in inside a test's own process."""

import asyncio
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import Self

from local.gateway.behaviour import Behaviour
from local.gateway.control import Control
from local.gateway.server import Gateway, serving

START_MAX_S = 10
"""Listening on a port takes milliseconds."""


class StandIn:
    """A gateway on a free port of this machine, in a thread of its own, for a `with` block."""

    def __init__(self, behaviour: Behaviour | None = None, *, token: str | None = None) -> None:
        """Demand this very token, or any when it is None."""
        self._gateway = Gateway(behaviour or Behaviour(), token)
        self._port: Future[int] = Future()
        self._stop = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._run, name="stand-in gateway", daemon=True)

    def __enter__(self) -> Self:
        """Start, and return when it listens."""
        self._thread.start()
        root = f"http://127.0.0.1:{self._port.result(timeout=START_MAX_S)}"
        self.url = f"{root}/v1"
        self.control = Control(root)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Stop, and return when the port is free."""
        self.control.close()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with serving(self._gateway, "127.0.0.1", 0) as port:
            self._port.set_result(port)
            await self._stop.wait()
