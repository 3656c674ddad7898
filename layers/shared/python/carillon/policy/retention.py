"""How long a settled message is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that a message stays in the table after its final status."""

    days: int

    def expires_at(self, now: datetime) -> int:
        """Epoch seconds for DynamoDB's TTL, which removes the item within days of it."""
        return int((now + timedelta(days=self.days)).timestamp())
