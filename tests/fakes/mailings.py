"""A fake of `Mailings`, with its stream."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from carillon.errors import LostRace, Malformed
from carillon.models.instant import format_instant
from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice, Wave
from carillon.ports import Creation, Page
from tests.fakes.creations import FakeCreations
from tests.fakes.storing import stored

OnChange = Callable[[Mailing | None, Mailing | None], None]
_CURSOR = re.compile(r"[0-9TZ:.-]{24}#[0-9A-Za-z_]{1,64}")


def _nobody_looks(old: Mailing | None, new: Mailing | None) -> None:
    """The stream that no function reads."""


class FakeMailings:
    """`by_id`, `slices_by_key` and `waves` hold the items; `on_change(old, new)` is the stream."""

    def __init__(self, creations: FakeCreations, on_change: OnChange = _nobody_looks) -> None:
        self._creations = creations
        self._on_change = on_change
        self.by_id: dict[str, Mailing] = {}
        self.slices_by_key: dict[tuple[str, int], Slice] = {}
        self.waves: set[Wave] = set()

    def get(
        self,
        mailing_id: str,
        *,
        consistent: bool = True,  # noqa: ARG002 - a fake is always consistent
    ) -> Mailing | None:
        return self.by_id.get(mailing_id)

    def add(self, mailing: Mailing, creation: Creation | None) -> None:
        present = self.by_id.get(mailing.id)
        if present:
            if present.created_at == stored(mailing).created_at:
                return
            raise LostRace(mailing.id)
        self._creations.create(
            creation, object_id=mailing.id, at=mailing.created_at, write=lambda: self._put(mailing)
        )

    def replace(self, old: Mailing, new: Mailing) -> None:
        present = self.by_id.get(old.id)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.id)
        self._put(new)

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        if cursor is not None and not _CURSOR.fullmatch(cursor):
            raise Malformed("the cursor is not one of this list")
        listed = {_listed_at(each): each for each in self.by_id.values() if not each.deleted}
        rest = [each for each in sorted(listed, reverse=True) if cursor is None or each < cursor]
        read = rest[:limit]
        return Page(
            [listed[each] for each in read if status in (None, listed[each].status)],
            read[-1] if len(read) == limit else None,
        )

    def begin(self, old: Mailing, new: Mailing, slices: Sequence[Slice]) -> None:
        present = self.by_id.get(old.id)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.id)
        self.slices_by_key |= {(each.mailing_id, each.number): stored(each) for each in slices}
        self._put(new)

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        return self.slices_by_key.get((mailing_id, number))

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        return [each for key, each in sorted(self.slices_by_key.items()) if key[0] == mailing_id]

    def checkpoint(self, old: Slice, new: Slice) -> None:
        key = (old.mailing_id, old.number)
        present = self.slices_by_key.get(key)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.mailing_id)
        self.slices_by_key[key] = stored(new)

    def add_wave(self, wave: Wave) -> None:
        self.waves.add(stored(wave))

    def remove_wave(self, wave: Wave) -> None:
        self.waves.discard(stored(wave))

    def due(self, until: datetime) -> Iterable[DueItem]:
        items: list[DueItem] = [*self.by_id.values(), *self.slices_by_key.values(), *self.waves]
        due = [(each.due_at, each) for each in items if each.due_at and each.due_at <= until]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], repr(pair[1])))]

    def remove(self, mailing: Mailing) -> None:
        self.slices_by_key = {k: v for k, v in self.slices_by_key.items() if k[0] != mailing.id}
        self.waves = {each for each in self.waves if each.mailing_id != mailing.id}
        old = self.by_id.pop(mailing.id, None)
        if old:
            self._on_change(old, None)

    def _put(self, mailing: Mailing) -> None:
        old, new = self.by_id.get(mailing.id), stored(mailing)
        self.by_id[mailing.id] = new
        self._on_change(old, new)


def _listed_at(mailing: Mailing) -> str:
    return f"{format_instant(mailing.created_at)}#{mailing.id}"
