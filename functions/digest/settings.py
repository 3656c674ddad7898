"""What the digest is told by its environment."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from carillon.models.client import Timezone
from carillon.settings import Settings

Addresses = Annotated[
    tuple[str, ...], BeforeValidator(lambda text: tuple(text.split(","))), Field(min_length=1)
]


class DigestSettings(Settings):
    """Where to look, from whom and to whom it goes, and by whose clock a day is a day."""

    mailings_table: str
    stats_table: str
    gateway_table: str
    idempotency_table: str
    message_queue_url: str
    fanout_queue_url: str
    import_queue_url: str
    message_dead_letters_url: str
    fanout_dead_letters_url: str
    import_dead_letters_url: str
    undeliverable_url: str
    digest_sender: str
    digest_recipients: Addresses
    digest_timezone: Timezone
    digest_hour: Annotated[int, Field(ge=0, le=23)]
    page_url: str
