"""A fake of `CreationLog`, shared by the fakes that create things."""

from collections.abc import Callable
from datetime import datetime, timedelta

from carillon.errors import LostRace
from carillon.ports import Clock, Created, Creation

LIFETIME = timedelta(days=1)


class FakeCreations:
    """`by_key` holds what was created under each key, also when its day is over."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_key: dict[str, Created] = {}

    def find(self, key: str) -> Created | None:
        return self._valid(key, self._clock.now())

    def create(
        self,
        creation: Creation | None,
        *,
        object_id: str,
        at: datetime,
        write: Callable[[], None],
    ) -> None:
        """The transaction: `write` and take the key, or neither. `LostRace` when it is in use."""
        if creation and self._valid(creation.key, at):
            raise LostRace("the same creation was going on at the same moment")
        write()
        if creation:
            self.by_key[creation.key] = Created(digest=creation.digest, object_id=object_id, at=at)

    def _valid(self, key: str, now: datetime) -> Created | None:
        """TTL has whole seconds, and so has the day of a key."""
        created = self.by_key.get(key)
        if created is None or int((created.at + LIFETIME).timestamp()) <= int(now.timestamp()):
            return None
        return created
