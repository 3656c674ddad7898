"""Bring rows of a file into the directory: new phones make clients, known ones change theirs.

Rows go in transactions, which also look whether the import still stands where this worker took it
up: of two workers with the same page only the one that is not overtaken writes. A phone that an
import made a client for keeps a mark with the import and the line, so that a page which is done
again after a crash counts it as created once more, and once in all.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from carillon.errors import Unavailable
from carillon.models.imports import Import
from carillon.policy.client_csv import Row
from carillon.ports import (
    CHANGES_ACTIONS_MAX,
    Addition,
    Chance,
    ClientChange,
    Clock,
    ImportedClients,
    Known,
    Replacement,
)
from carillon.usecases.clients import changed, client_of

logger = logging.getLogger(__name__)

PHONES_AT_ONCE = 98
"""Read together: as additions they fill two transactions of 49, and BatchGetItem takes 100."""

ACTIONS = {Addition: 2, Replacement: 1}
"""Of a transaction: a client and its phone, or a client alone."""

READS_MAX = 3
"""How often a batch is read again because others write the same clients, before its rows go one by
one, where each of them has this number again."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """All rows of a page about one phone: the last one holds, the first one may create."""

    first_line: int
    row: Row


@dataclass(frozen=True, slots=True)
class Upserting:
    """Writes rows as clients."""

    clients: ImportedClients
    clock: Clock
    chance: Chance

    def upsert(self, at: Import, rows: Sequence[Row]) -> int:
        """How many clients these rows created; all other rows updated one.

        `LostRace` when the import is no longer at `at.rev`.
        """
        wanted: dict[str, _Wanted] = {}
        for row in rows:
            phone = row.draft.phone
            first = wanted[phone].first_line if phone in wanted else row.line
            wanted[phone] = _Wanted(first, row)
        all_wanted = list(wanted.values())
        return sum(
            self._write(at, all_wanted[start : start + PHONES_AT_ONCE])
            for start in range(0, len(all_wanted), PHONES_AT_ONCE)
        )

    def _write(self, at: Import, wanted: Sequence[_Wanted]) -> int:
        for _ in range(READS_MAX):
            known = self.clients.find([each.row.draft.phone for each in wanted])
            changes = list(self._changes(at, wanted, known))
            if all(self.clients.write(at, some) for some in _in_transactions(changes)):
                _tell(at, changes)
                return sum(_is_created(at, each, known) for each in wanted)
        if len(wanted) == 1:
            raise Unavailable("others keep writing the same client")
        return sum(self._write(at, [each]) for each in wanted)

    def _changes(
        self, at: Import, wanted: Sequence[_Wanted], known: Mapping[str, Known]
    ) -> Iterator[ClientChange]:
        now = self.clock.now()
        for each in wanted:
            found = known.get(each.row.draft.phone)
            if found is None:
                yield self._addition(at, each, now)
                continue
            new = changed(found.client, each.row.patch, now)
            if new is not found.client:
                yield Replacement(found.client, new)

    def _addition(self, at: Import, wanted: _Wanted, now: datetime) -> Addition:
        client = client_of(wanted.row.draft, client_id=self.chance.new_id(), at=now)
        return Addition(client, _mark(at, wanted))


def _mark(at: Import, wanted: _Wanted) -> str:
    return f"{at.id}#{wanted.first_line}"


def _is_created(at: Import, wanted: _Wanted, known: Mapping[str, Known]) -> bool:
    """Just now, or by this very line before a crash."""
    found = known.get(wanted.row.draft.phone)
    return found is None or found.mark == _mark(at, wanted)


def _in_transactions(changes: Sequence[ClientChange]) -> Iterator[Sequence[ClientChange]]:
    """As many as fit into each."""
    some: list[ClientChange] = []
    actions = 0
    for change in changes:
        size = ACTIONS[type(change)]
        if actions + size > CHANGES_ACTIONS_MAX:
            yield some
            some, actions = [], 0
        some.append(change)
        actions += size
    if some:
        yield some


def _tell(at: Import, changes: Sequence[ClientChange]) -> None:
    """Clients that were as the file wants them are not named: nothing happened to them."""
    for message, ids in (
        ("clients created", [each.client.id for each in changes if isinstance(each, Addition)]),
        ("clients changed", [each.new.id for each in changes if isinstance(each, Replacement)]),
    ):
        if ids:
            logger.info(message, extra={"import_id": at.id, "client_ids": ids})
