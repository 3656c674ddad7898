"""Redis and PostgreSQL, as Debian packs them: our own on loopback, never the system's.

Each runs on a free port with its state in a new folder, and is ended by us. Both are configured as
they come; PostgreSQL syncs to the disk.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.places import LOOPBACK, PROJECT_ROOT, is_taken
from local.processes import wait_until

PROGRAMS = PROJECT_ROOT / ".venv-bench" / "bin"
"""Celery and its libraries; `make .venv-bench/.installed`."""
DEBIANS_POSTGRES = Path("/usr/lib/postgresql")
USER = "bench"
START_MAX_S = 30.0
STOP_MAX_S = 30.0


class NotInstalled(LocalError):
    """Says which command installs what the reference needs."""

    def __init__(self, command: str) -> None:
        """Nothing more is to be said."""
        super().__init__(f"The reference beside Carillon is not installed here: {command}")


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Both, listening."""

    broker_url: str
    database_url: str
    pids: tuple[int, ...]
    log: Path
    """A folder for the logs of whoever uses them."""


@contextmanager
def reference_servers() -> Iterator[Servers]:
    """Start both, for as many runs as are wanted; `NotInstalled` when they are not there."""
    if not (PROGRAMS / "celery").exists():
        raise NotInstalled("make .venv-bench/.installed")
    redis, postgres = installed()
    with ExitStack() as stack:
        # Not below the project: the user `postgres` may not be let in there.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="reference-")))
        folder.chmod(0o711)
        redis_port, postgres_port = _free_port(), _free_port()
        pids = (
            stack.enter_context(_redis(redis, folder, redis_port)),
            stack.enter_context(_postgres(postgres, folder, postgres_port)),
        )
        yield Servers(
            broker_url=f"redis://{LOOPBACK}:{redis_port}/0",
            database_url=f"postgresql+psycopg://{USER}@{LOOPBACK}:{postgres_port}/postgres",
            pids=pids,
            log=folder,
        )


def installed(
    path: str | None = None, postgres_versions: Path = DEBIANS_POSTGRES
) -> tuple[Path, Path]:
    """The program `redis-server`, and the folder of the newest PostgreSQL's programs.

    Looked for along `path`, by default the environment's, and where Debian has each version's.
    """
    redis = shutil.which("redis-server", path=path)
    versions = [*postgres_versions.glob("*/bin/postgres")]
    missing = [*(["redis-server"] if redis is None else []), *([] if versions else ["postgresql"])]
    if redis is None or not versions:
        raise NotInstalled(f"apt-get install {' '.join(missing)}")
    return Path(redis), max(versions, key=lambda path: float(path.parts[-3])).parent


@contextmanager
def _redis(program: Path, folder: Path, port: int) -> Iterator[int]:
    data = folder / "redis"
    data.mkdir()
    command = [str(program), "--port", str(port), "--bind", LOOPBACK, "--dir", str(data)]
    with _running(command, port, folder / "redis.log", signal.SIGTERM) as pid:
        yield pid


@contextmanager
def _postgres(programs: Path, folder: Path, port: int) -> Iterator[int]:
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    if user is not None:
        os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    initdb = [str(programs / "initdb"), "--pgdata", str(data), "--username", USER]
    initdb += ["--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run(initdb, check=True, user=user, cwd=data, stdout=subprocess.DEVNULL)
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port)]
    command += ["-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="]
    # SIGINT is its fast shutdown: https://www.postgresql.org/docs/current/server-shutdown.html
    with _running(command, port, folder / "postgres.log", signal.SIGINT, user=user) as pid:
        yield pid


@contextmanager
def _running(
    command: Sequence[str],
    port: int,
    log: Path,
    stop: signal.Signals,
    *,
    user: str | None = None,
) -> Iterator[int]:
    """A server's process id, from when it listens on."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            user=user,
            cwd="/",
            start_new_session=True,  # Ctrl-C reaches only us, and we stop things in order
        )
    try:
        if not wait_until(lambda: is_taken(port), limit_s=START_MAX_S):
            raise LocalError(f"{command[0]} does not listen on port {port}: {log.read_text()}")
        yield process.pid
    finally:
        process.send_signal(stop)
        process.wait(STOP_MAX_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
