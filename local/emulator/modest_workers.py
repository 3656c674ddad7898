"""Functions that work through queues and streams leave the processor to who waits for a page.

On AWS every function has a processor of its own. Here they share the machine's few, and the one
that answers a page lines up behind a dozen threads that send a mailing.
"""

from __future__ import annotations

import os
from typing import Any

NICENESS = 19
"""The most modest there is: what others leave, which is all of it when nobody waits for a page."""


def install(runtime: Any) -> None:
    """Lower the priority of each worker that is handed records, before it makes threads."""
    worker = runtime.Worker
    spawn, invoke = worker._spawn, worker.invoke

    def spawn_modestly(self: Any) -> None:
        spawn(self)
        if getattr(self, "works_records", False):
            _lower(self)

    def invoke_modestly(self: Any, event: Any, *context: Any, **more: Any) -> Any:
        is_told = getattr(self, "works_records", False)
        if not is_told and isinstance(event, dict) and "Records" in event:
            self.works_records = True
            _lower(self)
        return invoke(self, event, *context, **more)

    worker._spawn, worker.invoke = spawn_modestly, invoke_modestly


def _lower(worker: Any) -> None:
    """Threads are as modest as the one that makes them."""
    process = worker._proc
    if process is not None and process.poll() is None:
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
