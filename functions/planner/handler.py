"""Lambda entry: the stream of `mailings` → schedules, commands and bells of trials."""

from carillon.adapters.aws import client
from carillon.adapters.events import Event
from carillon.adapters.queues import CommandQueue, TrialBellQueue
from carillon.adapters.scheduler import Scheduler
from carillon.adapters.system import SystemClock
from carillon.telemetry import set_up
from carillon.usecases.planning import Planner
from functions.planner.invocation import plan_batch
from functions.planner.settings import PlannerSettings

logger = set_up()
_settings = PlannerSettings.from_env()
_sqs = client("sqs")
_planner = Planner(
    schedules=Scheduler(
        client("scheduler"),
        group=_settings.schedule_group,
        role_arn=_settings.schedule_role_arn,
        target_arn=_settings.fanout_queue_arn,
        dlq_arn=_settings.schedule_dlq_arn,
    ),
    commands=CommandQueue(_sqs, _settings.fanout_queue_url),
    clock=SystemClock(),
)
_trial_bells = TrialBellQueue(_sqs, _settings.message_queue_url)


@logger.inject_lambda_context
def handler(event: Event, _context: object) -> None:
    """Plan each change in order."""
    plan_batch(event, planner=_planner, trial_bells=_trial_bells)
