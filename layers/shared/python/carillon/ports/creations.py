"""What was created under which Idempotency-Key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Creation:
    """A POST's Idempotency-Key, scoped and digested: the same request gives the same values."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Created:
    """What an Idempotency-Key once created: enough to give the first answer again."""

    digest: str
    object_id: str
    at: datetime


class CreationLog(Protocol):
    """What was created under which Idempotency-Key, for a day."""

    def find(self, key: str) -> Created | None:
        """Consistent; None when the key is new."""
        ...
