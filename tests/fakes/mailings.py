"""A fake of `Mailings`, with its stream."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from carillon.errors import LostRace, Malformed
from carillon.models.instant import format_instant
from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice, Wave
from carillon.models.recount import Recount
from carillon.ports import Creation, Page, W
from tests.fakes.creations import FakeCreations
from tests.fakes.storing import stored

Work = Slice | Wave | Recount
OnChange = Callable[[Mailing | None, Mailing | None], None]
OnWork = Callable[[Work | None, Work | None], None]
_CURSOR = re.compile(r"[0-9TZ:.-]{24}#[0-9A-Za-z_]{1,64}")


def _nobody_looks(old: object, new: object) -> None:
    """The stream that no function reads."""


class FakeMailings:
    """`by_id`, `slices_by_key`, `recounts_by_key` and `waves` hold the items; `on_change(old, new)`
    is the stream, `on_work(old, new)` tells of the items beside a mailing."""

    def __init__(
        self,
        creations: FakeCreations,
        on_change: OnChange = _nobody_looks,
        on_work: OnWork = _nobody_looks,
    ) -> None:
        self.creations = creations
        self._on_change = on_change
        self._on_work = on_work
        self.by_id: dict[str, Mailing] = {}
        self.slices_by_key: dict[tuple[str, int], Slice] = {}
        self.recounts_by_key: dict[tuple[str, int], Recount] = {}
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
        self.creations.create(
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

    def begin(self, old: Mailing, new: Mailing, work: Sequence[Slice | Recount]) -> None:
        present = self.by_id.get(old.id)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.id)
        for each in work:
            self._put_work(each)
        self._put(new)

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        return self.slices_by_key.get((mailing_id, number))

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        return [each for key, each in sorted(self.slices_by_key.items()) if key[0] == mailing_id]

    def recount(self, mailing_id: str, number: int) -> Recount | None:
        return self.recounts_by_key.get((mailing_id, number))

    def checkpoint(self, old: W, new: W) -> None:
        present = self._work(old)
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.mailing_id)
        self._put_work(new)

    def add_wave(self, wave: Wave) -> None:
        if stored(wave) not in self.waves:
            self.waves.add(stored(wave))
            self._on_work(None, stored(wave))

    def remove_wave(self, wave: Wave) -> None:
        if stored(wave) in self.waves:
            self.waves.discard(stored(wave))
            self._on_work(stored(wave), None)

    def work(self) -> Sequence[Work]:
        """All that lies beside the mailings."""
        return [*self.slices_by_key.values(), *self.recounts_by_key.values(), *self.waves]

    def due(self, until: datetime) -> Iterable[DueItem]:
        items: list[DueItem] = [*self.by_id.values(), *self.work()]
        due = [(each.due_at, each) for each in items if each.due_at and each.due_at <= until]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], repr(pair[1])))]

    def remove(self, mailing: Mailing) -> None:
        for work in [each for each in self.work() if each.mailing_id == mailing.id]:
            self._on_work(work, None)
        self.slices_by_key = {k: v for k, v in self.slices_by_key.items() if k[0] != mailing.id}
        self.recounts_by_key = {k: v for k, v in self.recounts_by_key.items() if k[0] != mailing.id}
        self.waves = {each for each in self.waves if each.mailing_id != mailing.id}
        old = self.by_id.pop(mailing.id, None)
        if old:
            self._on_change(old, None)

    def _work(self, old: Slice | Recount) -> Slice | Recount | None:
        key = (old.mailing_id, old.number)
        return (
            self.slices_by_key.get(key) if isinstance(old, Slice) else self.recounts_by_key.get(key)
        )

    def _put_work(self, work: Slice | Recount) -> None:
        old, new = self._work(work), stored(work)
        if isinstance(new, Slice):
            self.slices_by_key[new.mailing_id, new.number] = new
        else:
            self.recounts_by_key[new.mailing_id, new.number] = new
        self._on_work(old, new)

    def _put(self, mailing: Mailing) -> None:
        old, new = self.by_id.get(mailing.id), stored(mailing)
        self.by_id[mailing.id] = new
        self._on_change(old, new)


def _listed_at(mailing: Mailing) -> str:
    return f"{format_instant(mailing.created_at)}#{mailing.id}"
