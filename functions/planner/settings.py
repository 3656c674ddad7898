"""What the planner is told by its environment."""

from carillon.settings import Settings


class PlannerSettings(Settings):
    """Where hints go, and who EventBridge Scheduler is when it delivers them."""

    fanout_queue_url: str
    fanout_queue_arn: str
    message_queue_url: str
    schedule_group: str
    schedule_role_arn: str
    schedule_dlq_arn: str
