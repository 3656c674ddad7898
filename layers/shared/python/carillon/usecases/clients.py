"""Keep the directory of clients: add, look up, change and remove."""

import logging
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import learned
from carillon.errors import Malformed, NotFound
from carillon.models.client import Client, ClientDraft, ClientPatch, operator_code_of
from carillon.models.instant import to_milliseconds
from carillon.ports import Chance, Clock, Created, Creation, CreationLog, Directory, Page
from carillon.usecases.creating import create_once
from carillon.usecases.editing import check_version, edit
from carillon.usecases.races import again_on_lost_race

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Clients:
    """What an operator does with clients."""

    directory: Directory
    log: CreationLog
    clock: Clock
    chance: Chance

    def create(self, draft: ClientDraft, creation: Creation | None) -> Client:
        """Add a client; `PhoneTaken` when another has the number."""

        def create() -> Client:
            client = client_of(draft, client_id=self.chance.new_id(), at=self._now())
            self.directory.add(client, creation)
            learned(client_id=client.id)
            _log.info("client created", extra={"client_id": client.id})
            return client

        def repeat(first: Created) -> Client:
            learned(client_id=first.object_id)
            _log.info("creation repeated", extra={"client_id": first.object_id})
            return client_of(draft, client_id=first.object_id, at=first.at)

        return create_once(self.log, creation, create=create, repeat=repeat)

    def get(self, client_id: str) -> Client:
        """The client as last written; `NotFound`."""
        client = self.directory.get(client_id)
        if client is None:
            raise NotFound("there is no client with this id")
        learned(client_id=client.id)
        return client

    def change(self, client_id: str, patch: ClientPatch, expected_version: int | None) -> Client:
        """Change what the patch names; without `expected_version` the last write wins."""

        def decide(old: Client) -> Client:
            check_version(old.version, expected_version)
            return changed(old, patch, self._now())

        client, written = edit(
            read=lambda: self.get(client_id), decide=decide, write=self.directory.replace
        )
        if written:
            # Which fields, and never what is in them.
            fields = sorted(patch.model_fields_set)
            keys = {"client_id": client.id, "version": client.version, "fields": fields}
            _log.info("client changed", extra=keys)
        return client

    def remove(self, client_id: str, expected_version: int | None) -> None:
        """Delete a client and free the phone number; `NotFound` when there was none."""

        def attempt() -> None:
            client = self.get(client_id)
            check_version(client.version, expected_version)
            self.directory.remove(client)

        again_on_lost_race(attempt)
        _log.info("client deleted", extra={"client_id": client_id})

    def page(
        self,
        *,
        phone: str | None,
        operator_code: str | None,
        tag: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[Client]:
        """Clients that have all of what is given; by phone it is one at most, as last written."""
        if phone is None:
            return self.directory.page(
                operator_code=operator_code, tag=tag, limit=limit, cursor=cursor
            )
        if cursor is not None:
            raise Malformed("a list by phone has one page and no cursor")
        client = self.directory.get_by_phone(phone)
        if (
            client is None
            or operator_code not in (None, client.operator_code)
            or not (tag is None or tag in client.tags)
        ):
            return Page(items=(), cursor=None)
        learned(client_id=client.id)
        return Page(items=(client,), cursor=None)

    def _now(self) -> datetime:
        return to_milliseconds(self.clock.now())


def client_of(draft: ClientDraft, *, client_id: str, at: datetime) -> Client:
    """The client that this draft describes, created at `at`."""
    return Client(
        id=client_id,
        phone=draft.phone,
        operator_code=draft.operator_code or operator_code_of(draft.phone),
        tags=draft.tags,
        timezone=draft.timezone,
        created_at=at,
        updated_at=at,
    )


def changed(old: Client, patch: ClientPatch, at: datetime) -> Client:
    """The client after the patch; the very same when nothing differs.

    `operator_code: null` takes the code from the phone, as leaving it out does on creation.
    """
    fields = {name: getattr(patch, name) for name in patch.model_fields_set}
    phone = fields.get("phone", old.phone)
    new_phone_alone = phone != old.phone and "operator_code" not in fields
    if new_phone_alone or fields.get("operator_code", "") is None:
        fields["operator_code"] = operator_code_of(phone)
    new = old.model_copy(update=fields)
    if new == old:
        return old
    return new.model_copy(update={"version": old.version + 1, "updated_at": at})
