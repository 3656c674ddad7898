"""What the API function needs to know: the names of its tables."""

from carillon.settings import Settings


class ApiSettings(Settings):
    """Read once at init."""

    clients_table: str
    phones_table: str
    idempotency_table: str
    mailings_table: str
    messages_table: str
    stats_table: str
