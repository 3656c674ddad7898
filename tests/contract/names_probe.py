"""Looks names up where the only name server is silent, in namespaces that nobody else is in.

`unshare --user --map-root-user --mount --net python -m tests.contract.names_probe` prints one JSON
object: what became of the calls.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from carillon.adapters.curl_slot import Answer, Ended, Request
from carillon.adapters.transfers import Transfers
from tests.contract.raw_gateway import OK, RawGateway, answering_once

NAME_SERVER = "127.0.0.9"
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
BUDGET_S = 0.5


def main() -> dict[str, Any]:
    bring_loopback_up()
    with tempfile.TemporaryDirectory() as name, socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind((NAME_SERVER, 53))
        replace(Path("/etc/resolv.conf"), f"nameserver {NAME_SERVER}\n", within=Path(name))
        hosts = "127.0.0.1 localhost\n127.0.0.2 twofold.test\n127.0.0.1 twofold.test\n"
        replace(Path("/etc/hosts"), hosts, within=Path(name))
        with RawGateway(answering_once(OK)) as raw:
            return {**of_a_silent_server(raw), "second address": of_two_addresses(raw)}


def of_a_silent_server(raw: RawGateway) -> dict[str, Any]:
    transfers = Transfers(at_once=101)
    begun = time.monotonic()
    unknown = [transfers.submit(lambda: asking("nobody.test", 80)) for _ in range(100)]
    known = transfers.submit(lambda: asking("127.0.0.1", raw.port)).result()
    time.sleep(BUDGET_S / 2)
    threads = len(list(Path("/proc/self/task").iterdir()))
    outcomes = [told(each.result()) for each in unknown]
    silent_s = time.monotonic() - begun
    return {
        "silent": outcomes,
        "silent_s": silent_s,
        "threads": threads,
        "meanwhile": told(known),
    }


def of_two_addresses(raw: RawGateway) -> Any:
    """The first takes no connection, since its queue of one is full."""
    with socket.socket() as full, socket.socket() as filling:
        full.bind(("127.0.0.2", raw.port))
        full.listen(0)
        filling.connect(full.getsockname())
        transfers = Transfers(at_once=1)
        return told(transfers.submit(lambda: asking("twofold.test", raw.port)).result())


def asking(host: str, port: int) -> Request:
    return Request(url=f"http://{host}:{port}/", headers=(), body=b"{}", within_s=BUDGET_S)


def told(ended: Ended) -> Any:
    return ended.status if isinstance(ended, Answer) else [ended.cause, ended.handed_over]


def bring_loopback_up() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def replace(file: Path, text: str, *, within: Path) -> None:
    (within / file.name).write_text(text, encoding="utf-8")
    subprocess.run(["/bin/mount", "--bind", str(within / file.name), str(file)], check=True)


if __name__ == "__main__":
    json.dump(main(), sys.stdout)
    sys.stdout.flush()
    os._exit(0)  # curl's threads wait for the name server for some seconds more
