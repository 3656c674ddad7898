"""A fake of `Mailings`, with its stream."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from carillon.errors import LostRace, Malformed
from carillon.models.instant import format_instant, parse_instant
from carillon.models.mailing import DueItem, Mailing, MailingStatus, Slice
from carillon.models.recount import Recount
from carillon.models.trial import Trial
from carillon.models.wave import Wave
from carillon.ports import Creation, Page, W
from tests.fakes.creations import FakeCreations
from tests.fakes.storing import stored

Work = Slice | Wave | Recount
WorkKey = tuple[str, str, object]
OnChange = Callable[[Mailing | None, Mailing | None], None]
OnWork = Callable[[Work | None, Work | None], None]
_CURSOR = re.compile(r"[0-9TZ:.-]{24}#[0-9A-Za-z_]{1,64}")


def _nobody_looks(old: object, new: object) -> None:
    """The stream that no function reads."""


class FakeMailings:
    """`by_id` holds the mailings, `work_by_key` and `trials` what lies beside them; `on_change(old,
    new)` is the stream, `on_work(old, new)` tells of the items beside a mailing."""

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
        self.work_by_key: dict[WorkKey, Work] = {}
        self.trials: dict[tuple[str, str], Trial] = {}

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
            self.put_work(each)
        self._put(new)

    @property
    def waves(self) -> set[Wave]:
        """All that are noted."""
        return {each for each in self.work() if isinstance(each, Wave)}

    @property
    def recounts(self) -> list[Recount]:
        """All that were asked for."""
        return [each for each in self.work() if isinstance(each, Recount)]

    def slice(self, mailing_id: str, number: int) -> Slice | None:
        found = self.work_by_key.get((Slice.__name__, mailing_id, number))
        return found if isinstance(found, Slice) else None

    def slices(self, mailing_id: str) -> Sequence[Slice]:
        slices = [each for each in self.work() if isinstance(each, Slice)]
        mine = [each for each in slices if each.mailing_id == mailing_id]
        return sorted(mine, key=lambda each: each.number)

    def recount(self, mailing_id: str, number: int) -> Recount | None:
        found = self.work_by_key.get((Recount.__name__, mailing_id, number))
        return found if isinstance(found, Recount) else None

    def wave(self, mailing_id: str, opens_at: datetime) -> Wave | None:
        wave = stored(Wave(mailing_id=mailing_id, opens_at=opens_at))
        found = self.work_by_key.get(work_key(wave))
        return found if isinstance(found, Wave) else None

    def checkpoint(self, old: W, new: W) -> None:
        present = self.work_by_key.get(work_key(stored(old)))
        if present == stored(new):
            return
        if present is None or present.rev != old.rev:
            raise LostRace(old.mailing_id)
        self.put_work(new)

    def add_wave(self, wave: Wave) -> None:
        if work_key(stored(wave)) not in self.work_by_key:
            self.put_work(wave)

    def remove_wave(self, wave: Wave) -> None:
        old = self.work_by_key.pop(work_key(stored(wave)), None)
        if old is not None:
            self._on_work(old, None)

    def openings(
        self,
        mailing_id: str,
        *,
        after: datetime,
        before: datetime,
        limit: int,
        cursor: str | None,
    ) -> Page[datetime]:
        begin = after if cursor is None else max(after, _opening_in(cursor))
        mine = [each for each in self.waves if each.mailing_id == mailing_id]
        rest = [each for each in mine if begin < each.opens_at < before]
        read = sorted(rest, key=lambda each: each.opens_at)[:limit]
        return Page(
            [each.opens_at for each in read if not each.search],
            format_instant(read[-1].opens_at) if len(read) == limit else None,
        )

    def work(self) -> Sequence[Work]:
        """All that lies beside the mailings."""
        return list(self.work_by_key.values())

    def put_work(self, work: Work) -> None:
        """Whatever was there."""
        key, new = work_key(stored(work)), stored(work)
        old = self.work_by_key.get(key)
        self.work_by_key[key] = new
        self._on_work(old, new)

    def due(self, until: datetime) -> Iterable[DueItem]:
        items: list[DueItem] = [*self.by_id.values(), *self.work()]
        due = [(each.due_at, each) for each in items if each.due_at and each.due_at <= until]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], repr(pair[1])))]

    def remove(self, mailing: Mailing) -> None:
        for work in [each for each in self.work() if each.mailing_id == mailing.id]:
            del self.work_by_key[work_key(work)]
            self._on_work(work, None)
        for key in [key for key in self.trials if key[0] == mailing.id]:
            del self.trials[key]
        old = self.by_id.pop(mailing.id, None)
        if old:
            self._on_change(old, None)

    def _put(self, mailing: Mailing) -> None:
        old, new = self.by_id.get(mailing.id), stored(mailing)
        self.by_id[mailing.id] = new
        self._on_change(old, new)


def _opening_in(cursor: str) -> datetime:
    try:
        return parse_instant(cursor)
    except ValueError as error:
        raise Malformed("the cursor is not one of this list") from error


def _listed_at(mailing: Mailing) -> str:
    return f"{format_instant(mailing.created_at)}#{mailing.id}"


def work_key(work: Work) -> WorkKey:
    """What tells apart the items beside the mailings."""
    place = work.opens_at if isinstance(work, Wave) else work.number
    return type(work).__name__, work.mailing_id, place
