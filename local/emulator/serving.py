"""Answers HTTP: as MiniStack does, by hypercorn, or by uvicorn with a parser in C.

Hypercorn takes 0.45 ms of the processor for a request and its answer, uvicorn with httptools 0.13.
What arrives is the same, but for the names of headers: uvicorn writes them in lower case. HTTP does
not tell the cases apart, and AWS answers in lower case too wherever it speaks HTTP/2.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager

import uvicorn
from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.front_door import Application

KEEP_ALIVE_S = 75.0
GRACE_S = 3.0
"""For requests that are being answered at a stop."""


async def serve_as_ministack_does(
    application: Application, addresses: Sequence[str], *, until: Callable[[], Awaitable[None]]
) -> None:
    """Serve on all `addresses`; `until` is awaited, and then it stops."""
    await serve(application, _config(addresses), shutdown_trigger=until)  # type: ignore[arg-type]


async def serve_quickly(
    application: Application, addresses: Sequence[str], *, until: Callable[[], Awaitable[None]]
) -> None:
    """The same, by uvicorn."""
    server = _Server(
        uvicorn.Config(
            application,
            http="httptools",
            ws="wsproto",  # as hypercorn does
            lifespan="on",
            # A request knows nothing of the one before it on the same connection.
            reset_contextvars=True,
            # MiniStack writes these itself; what a client forwards is taken as it is.
            server_header=False,
            date_header=False,
            proxy_headers=False,
            access_log=False,
            log_config=None,
            timeout_keep_alive=int(KEEP_ALIVE_S),
            timeout_graceful_shutdown=int(GRACE_S),
        )
    )

    async def stop_in_time() -> None:
        await until()
        server.should_exit = True

    stopping = asyncio.create_task(stop_in_time())
    try:
        await server.serve(_config(addresses).create_sockets().insecure_sockets)
    finally:
        stopping.cancel()


class _Server(uvicorn.Server):
    """Leaves the signals to the emulator, which stops the pollers first."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _config(addresses: Sequence[str]) -> Config:
    return Config.from_mapping(
        bind=list(addresses),
        keep_alive_timeout=KEEP_ALIVE_S,
        graceful_timeout=GRACE_S,
        errorlog="-",
    )
