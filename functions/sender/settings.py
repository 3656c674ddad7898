"""What the sender is told by its environment."""

from pydantic import Field, field_validator

from carillon.settings import Settings


class SenderSettings(Settings):
    """Tables, its queue, and the gateway."""

    clients_table: str
    mailings_table: str
    messages_table: str
    gateway_table: str
    message_queue_url: str
    gateway_url: str
    gateway_token_secret_arn: str
    gateway_timeout_s: float = Field(gt=0.5, le=30)
    """One call of the gateway, from its name's look-up to the last byte of the answer."""
    gateway_parts_per_s: float | None = Field(gt=0)
    """SMS parts a second of all senders together; empty for as fast as it goes."""
    gateway_retry_unknown: bool
    """Whether what the gateway may have accepted is tried again: it must remember ids."""
    calls_at_once: int = Field(ge=1, le=256)
    """Calls side by side in one invocation: as many as a batch has records."""
    retention_days: int = Field(ge=1)

    @field_validator("gateway_parts_per_s", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value
