"""Where one local stack keeps its files and on which ports it listens.

Everything in `local` takes these two values, so that a test can bring up its own stack beside the
one that a developer has running.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import ClassVar

PROJECT_ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Ports:
    """The three ports of one stack; the field names are also the variables of `make`."""

    front_door: int = 8000
    emulator: int = 4566
    gateway: int = 8001

    VARIABLES: ClassVar[Mapping[str, str]] = {
        "front_door": "PORT",
        "emulator": "EMULATOR_PORT",
        "gateway": "GATEWAY_PORT",
    }

    @classmethod
    def free(cls) -> Ports:
        """Three ports that nobody uses at this moment, for a stack of a test's own."""
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for each in sockets:
                each.bind((LOOPBACK, 0))
            front_door, emulator, gateway = (each.getsockname()[1] for each in sockets)
        finally:
            for each in sockets:
                each.close()
        return cls(front_door=front_door, emulator=emulator, gateway=gateway)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Ports:
        return cls(**json.loads(path.read_text()))

    def named(self) -> dict[str, int]:
        """The ports by the variable that changes each."""
        return {variable: getattr(self, field) for field, variable in self.VARIABLES.items()}


@dataclass(frozen=True)
class LocalPaths:
    """The folder of one stack, by default `.local` in the project; git ignores it."""

    home: Path = PROJECT_ROOT / ".local"

    @property
    def emulator(self) -> Path:
        """The emulated AWS account: snapshots, buckets, code and the functions' scratch space."""
        return self.home / "emulator"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def records(self) -> Path:
        """One file per process that we started, so that any shell can stop it."""
        return self.home / "processes"

    @property
    def deployment(self) -> Path:
        """What was deployed last: a digest of its inputs and the stack's outputs."""
        return self.home / "deployment.json"

    @property
    def operator(self) -> Path:
        """The local operator's e-mail address and password."""
        return self.home / "operator.json"

    @property
    def cloud_assembly(self) -> Path:
        return self.home / "cdk.out"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def open_door(folder: Path) -> Path:
    """The file in the emulator's folder that is there while the front door is open."""
    return folder / "door-is-open"


def is_taken(port: int) -> bool:
    """Whether somebody answers on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
