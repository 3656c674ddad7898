"""The Celery app, and the engine whose connections a worker's tasks share."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from benchmarks.celery_app.manner import Manner

MANNER = Manner.told()

app = Celery("reference", broker=os.environ["BROKER_URL"], include=["benchmarks.celery_app.tasks"])
app.conf.update(MANNER.configuration)

READY = "This worker is ready"


@worker_ready.connect
def _say_so(**_: Any) -> None:
    print(READY, flush=True)


def _engine() -> Any:
    url = os.environ["DATABASE_URL"]
    if not MANNER.tuned:
        return create_engine(url)
    durable = "on" if MANNER.synchronous_commit else "off"
    return create_engine(
        url,
        # Each of the task's statements is a transaction of its own anyway: without BEGIN and COMMIT
        # it takes one round trip instead of three.
        isolation_level="AUTOCOMMIT",
        # A connection is only taken for a statement, not while the gateway is waited for.
        pool_size=8,
        max_overflow=8,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
        connect_args={"options": f"-c synchronous_commit={durable}"},
    )


engine = _engine()
Session = sessionmaker(engine)
