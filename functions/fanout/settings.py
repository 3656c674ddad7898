"""What the fan-out is told by its environment."""

from pydantic import Field

from carillon.settings import Settings


class FanoutSettings(Settings):
    """Tables, queues, and how a mailing's start cuts the directory."""

    clients_table: str
    mailings_table: str
    messages_table: str
    stats_table: str
    fanout_queue_url: str
    message_queue_url: str
    message_dead_letters_url: str
    fanout_dead_letters_url: str
    import_dead_letters_url: str
    undeliverable_url: str
    slices: int = Field(ge=1, le=99)
    """One transaction of at most 100 items writes the mailing and all of its slices."""
    retention_days: int = Field(ge=1)
