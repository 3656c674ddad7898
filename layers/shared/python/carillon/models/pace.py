"""The pace of all senders together, as they share it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaceState:
    """When the gateway is free again, to the microsecond, and how far the pace was slowed.

    At `slowed_at` the gateway asked for less and the pace fell to the share `slowed_to` of the full
    one. `token` changes with every write and is what conditional writes are compared by.
    """

    free_at: datetime
    token: str
    slowed_at: datetime | None = None
    slowed_to: float = 1.0
