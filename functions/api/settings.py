"""What the API function needs to know: its tables, its queues, and where people sign in."""

from pydantic import field_validator

from carillon.settings import Settings


class ApiSettings(Settings):
    """Read once at init."""

    clients_table: str
    phones_table: str
    idempotency_table: str
    mailings_table: str
    messages_table: str
    stats_table: str
    gateway_table: str
    gateway_parts_per_s: float | None
    """SMS parts a second of all senders together, to be shown; empty for as fast as it goes."""

    message_queue_url: str
    fanout_queue_url: str
    import_queue_url: str
    message_dead_letters_url: str
    fanout_dead_letters_url: str
    import_dead_letters_url: str
    undeliverable_url: str
    imports_table: str
    uploads_bucket: str

    oidc_issuer: str
    oidc_configuration_url: str
    oidc_client_id: str | None
    oidc_audience: str | None

    @field_validator("oidc_client_id", "oidc_audience")
    @classmethod
    def _empty_is_none(cls, text: str | None) -> str | None:
        return text or None

    @field_validator("gateway_parts_per_s", mode="before")
    @classmethod
    def _empty_is_no_pace(cls, value: object) -> object:
        return None if value == "" else value
