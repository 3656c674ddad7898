"""One invocation of the planner: follows each change of a batch, in order, and rings for trials."""

from carillon.adapters.events import Event, mailing_changes, new_trials
from carillon.concern import about, concerning
from carillon.models.records import MailingChange
from carillon.ports import TrialBells
from carillon.telemetry import describe, function_logger
from carillon.usecases.planning import Planner

logger = function_logger(__name__)


def plan_batch(event: Event, *, planner: Planner, trial_bells: TrialBells) -> None:
    """Plan each change; an error fails the batch, and doing all this twice is harmless.

    Trials come first: a person waits for them, while what cannot be planned holds up its batch.
    """
    bells = new_trials(event)
    trial_bells.ring([(bell, 0) for bell in bells])
    for bell in bells:
        ids = {"mailing_id": bell.mailing_id, "test_id": bell.test_id}
        logger.info("trial rung for", extra=ids)
    for change in mailing_changes(event):
        mailing = change.new or change.old
        with concerning(record_id=change.record_id, **(about(mailing) if mailing else {})):
            _plan(change, planner)


def _plan(change: MailingChange, planner: Planner) -> None:
    try:
        planner.plan(change.old, change.new)
    except Exception as error:
        # The batch comes again until it goes through; what never does leaves a note for a person.
        logger.warning("mailing not planned", extra=describe(error))
        raise
