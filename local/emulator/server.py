"""Runs the emulated AWS and the front door in one process: `python -m local.emulator`.

The process ends on SIGTERM or SIGINT: event sources take no new batches, functions at work get a
moment to finish, the state is written, the functions' processes are ended.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from local.front_door import Application, FrontDoor, bind_addresses
from local.places import LOOPBACK, open_door

# What a function at work gets at a stop. What it has not finished comes again after the
# visibility timeout, as after any other crash of a function.
FINISH_LIMIT_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Options:
    port: int
    front_door_port: int
    api_id: str
    folder: Path
    speed_patches: bool
    listen: str | None = None

    @property
    def door(self) -> Path:
        """Is there while the front door is open."""
        return open_door(self.folder)

    @property
    def scratch(self) -> Path:
        """The functions' /tmp and unpacked code. Its path marks their processes as ours."""
        return self.folder / "scratch"


def environment(options: Options) -> dict[str, str]:
    """The whole environment of the emulator, which its functions inherit.

    AWS gives a function none of the deployer's variables; MiniStack hands on all of its own.
    """
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(options.scratch),
        "GATEWAY_PORT": str(options.port),
        # Policies are enforced, so that a grant that is missing is missed here and not in AWS.
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.folder),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.folder / "s3"),
        # Services that Carillon does not use and that would listen on ports of their own.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # No container runtime is looked for: functions run as plain processes.
        "DOCKER_HOST": "unix:///nonexistent",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "INFO",
    }


def parse(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--front-door-port", type=int, required=True)
    parser.add_argument("--api-id", required=True, help="the HTTP API behind the front door")
    parser.add_argument("--folder", type=Path, required=True, help="where the state is kept")
    parser.add_argument("--listen", help="an address beside loopback, for the front door")
    parser.add_argument("--no-speed-patches", dest="speed_patches", action="store_false")
    return Options(**vars(parser.parse_args(arguments)))


def main(arguments: list[str]) -> None:
    options = parse(arguments)
    _begin_scratch(options.scratch)
    os.environ.clear()
    os.environ.update(environment(options))
    time.tzset()
    _allow_many_connections()
    asyncio.run(_serve(options))


def _begin_scratch(scratch: Path) -> None:
    """Begin with an empty one. The old one's thousands of files are deleted meanwhile."""
    if scratch.exists():
        scratch.rename(scratch.with_name(f"{scratch.name}-{time.time_ns()}"))
    scratch.mkdir(parents=True)
    for old in scratch.parent.glob(f"{scratch.name}-*"):
        threading.Thread(target=shutil.rmtree, args=(old, True), daemon=True).start()


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(options: Options) -> None:
    # MiniStack reads its settings when it is imported, so only now.
    from local.emulator import correctness, permissions, speed
    from local.emulator.snapshots import Snapshots
    from local.emulator.turns import Turns

    permissions.install()
    pollers = correctness.install()
    if options.speed_patches:
        speed.install()
    snapshots = Snapshots(options.folder / "snapshots")
    snapshots.install()

    from ministack import app as ministack
    from ministack.core import lambda_runtime

    # It takes hypercorn as MiniStack has changed it, so it comes after that.
    from local.emulator.serving import serve_as_ministack_does, serve_quickly

    serve = serve_quickly if options.speed_patches else serve_as_ministack_does
    asked_to_stop = _asked_to_stop()
    door = FrontDoor(
        ministack.app,
        port=options.front_door_port,
        api_id=options.api_id,
        is_open=options.door.exists,
    )
    saving = asyncio.create_task(
        snapshots.write_periodically(lambda: door.requests + pollers.events())
    )

    async def ready_to_stop() -> None:
        await asked_to_stop.wait()
        pollers.stop()
        deadline = time.monotonic() + FINISH_LIMIT_S
        while pollers.in_flight() and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        saving.cancel()

    try:
        served: Application = door
        if options.speed_patches:
            served = Turns(door, pages_at=options.front_door_port)
        await serve(served, _addresses(options), until=ready_to_stop)
    finally:
        _end_functions(lambda_runtime)
    _leave()


def _addresses(options: Options) -> list[str]:
    return [
        *bind_addresses(options.port, options.listen, ipv6=False),
        *bind_addresses(options.front_door_port, options.listen),
    ]


def _asked_to_stop() -> asyncio.Event:
    """Set by SIGTERM and SIGINT."""
    asked = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, asked.set)
    return asked


def _end_functions(lambda_runtime: Any) -> None:
    """Their folders are forgotten at the next start, which is quicker than deleting them here."""
    lambda_runtime.Worker._discard_tmpdir = lambda _worker: None
    lambda_runtime.reset()


def _leave() -> NoReturn:
    """All is written. The ordinary way out would wait for threads that wait for ended functions."""
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
