"""How the reference is run, as Celery comes or tuned: plain values for the app and its starter."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

VARIABLE = "REFERENCE_MANNER"
"""The environment's variable in which a worker is told its manner."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """What can be chosen. `None` leaves a choice to Celery."""

    tuned: bool
    """Which of the two tasks sends: the plain or the tuned one."""
    pool: Literal["prefork", "threads", "gevent"] | None = None
    processes: int = 1
    """Workers (`celery worker`), each with its pool."""
    concurrency: int | None = None
    """Tasks at the same time in each worker."""
    prefetch: int | None = None
    """Tasks fetched ahead for each of these."""
    serializer: Literal["json", "msgpack"] = "json"
    synchronous_commit: bool = True
    """Whether PostgreSQL answers a commit only when it is on the disk."""

    def __str__(self) -> str:
        """One line for a table."""
        if not self.tuned:
            return "defaults"
        durable = "" if self.synchronous_commit else ", commits not waited for"
        return (
            f"{self.processes} x {self.pool} {self.concurrency}, prefetch {self.prefetch}, "
            f"{self.serializer}{durable}"
        )

    @property
    def configuration(self) -> Mapping[str, Any]:
        """Celery's settings: https://docs.celeryq.dev/en/stable/userguide/configuration.html."""
        if not self.tuned:
            return {"task_ignore_result": True}
        return {
            "task_ignore_result": True,
            # A worker that dies gives back what it had not finished.
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "broker_transport_options": {
                # Longer than a task ever waits in a worker: its backoff and its call.
                "visibility_timeout": 3600,
                # Each thread acknowledges over a connection of its own; by default ten may.
                "max_connections": 2 * (self.concurrency or 1) + 10,
                # One list of tasks to wait on instead of one for each of four priorities.
                "priority_steps": [0],
            },
            "worker_prefetch_multiplier": self.prefetch,
            "task_serializer": self.serializer,
            "accept_content": [self.serializer],
            "worker_send_task_events": False,
            "worker_enable_remote_control": False,
        }

    @property
    def options(self) -> tuple[str, ...]:
        """Options of `celery worker`."""
        if not self.tuned:
            return ()
        return (
            f"--pool={self.pool}",
            f"--concurrency={self.concurrency}",
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )

    def as_environment(self) -> Mapping[str, str]:
        """Tell a worker; see `told`."""
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def told(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """What this process was told."""
        return cls(**json.loads(environment[VARIABLE]))


DEFAULTS = Manner(tuned=False)
"""`celery -A app worker`: prefork, a process for each core, four tasks ahead for each."""

BEST = Manner(
    tuned=True, pool="threads", processes=2, concurrency=64, prefetch=4, serializer="json"
)
"""The fastest of those that were tried; the table is in benchmarks/README.md."""
