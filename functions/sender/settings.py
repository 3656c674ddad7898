"""What the sender is told by its environment."""

from pydantic import Field

from carillon.settings import Settings


class SenderSettings(Settings):
    """Tables, its queue, and the gateway."""

    clients_table: str
    mailings_table: str
    messages_table: str
    message_queue_url: str
    gateway_url: str
    gateway_token_secret_arn: str
    gateway_timeout_s: float = Field(gt=0.5, le=30)
    """One call of the gateway, from its name's look-up to the last byte of the answer."""
    sender_threads: int = Field(ge=1, le=256)
    """Calls side by side in one invocation: as many as a batch has records."""
    retention_days: int = Field(ge=1)
