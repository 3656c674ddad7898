"""One invocation of the planner: follows each change of a batch, in order, and rings for trials."""

from carillon.adapters.events import Event, mailing_changes, new_trials
from carillon.ports import TrialBells
from carillon.telemetry import function_logger
from carillon.usecases.planning import Planner

logger = function_logger(__name__)


def plan_batch(event: Event, *, planner: Planner, trial_bells: TrialBells) -> None:
    """Plan each change; an error fails the batch, and doing all this twice is harmless.

    Trials come first: a person waits for them, while what cannot be planned holds up its batch.
    """
    trial_bells.ring([(bell, 0) for bell in new_trials(event)])
    for old, new in mailing_changes(event):
        planner.plan(old, new)
        changed = new or old
        if changed is not None:
            logger.info(
                "mailing planned",
                extra={"mailing_id": changed.id, "mailing_status": changed.status},
            )
