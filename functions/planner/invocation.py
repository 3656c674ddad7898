"""One invocation of the planner: follows each change of a batch, in order."""

from carillon.adapters.events import Event, mailing_changes
from carillon.telemetry import function_logger
from carillon.usecases.planning import Planner

logger = function_logger(__name__)


def plan_batch(event: Event, *, planner: Planner) -> None:
    """Plan each change; an error fails the batch, and planning a change twice is harmless."""
    for old, new in mailing_changes(event):
        planner.plan(old, new)
        changed = new or old
        if changed is not None:
            logger.info(
                "mailing planned",
                extra={"mailing_id": changed.id, "mailing_status": changed.status},
            )
