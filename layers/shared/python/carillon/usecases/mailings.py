"""Describe, change, control and delete mailings.

What follows from a mailing (its start, its messages, its end) is driven by the stream of the table
it is written to: here one item is written, and its `due_at` says when something must happen next.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from carillon.concern import about, learned, learned_of
from carillon.errors import NotFound
from carillon.models.instant import to_milliseconds
from carillon.models.mailing import Mailing, MailingDraft, MailingPatch, MailingStatus
from carillon.models.message import MessageStatus
from carillon.models.recount import Recount
from carillon.policy.actions import Action
from carillon.policy.edits import (
    EDITABLE_BEFORE_START,
    acted,
    check_times,
    mailing_of,
    patched,
    removed,
    resent,
)
from carillon.ports import (
    Caller,
    Chance,
    Clock,
    Created,
    Creation,
    CreationLog,
    Mailings,
    Page,
)
from carillon.usecases.creating import create_once
from carillon.usecases.editing import check_version, edit
from carillon.usecases.races import again_on_lost_race

_NO_MAILING = "there is no mailing with this id"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailingDesk:
    """What an operator does with mailings."""

    mailings: Mailings
    log: CreationLog
    clock: Clock
    chance: Chance
    caller: Caller

    def create(self, draft: MailingDraft, creation: Creation | None) -> Mailing:
        """Plan a mailing; `Invalid` when it would be over before it began."""
        by, request_id = self.caller.subject(), self.caller.request_id()

        def create() -> Mailing:
            mailing = mailing_of(
                draft,
                mailing_id=self.chance.new_id(),
                at=self._now(),
                by=by,
                correlation_id=request_id,
            )
            check_times(mailing, mailing.created_at, edited=EDITABLE_BEFORE_START)
            self.mailings.add(mailing, creation)
            learned_of(mailing)
            _log.info("mailing created", extra=about(mailing))
            return mailing

        def repeat(first: Created) -> Mailing:
            learned(mailing_id=first.object_id)
            _log.info("creation repeated", extra={"mailing_id": first.object_id})
            return mailing_of(draft, mailing_id=first.object_id, at=first.at, by=by)

        return create_once(self.log, creation, create=create, repeat=repeat)

    def get(self, mailing_id: str) -> Mailing:
        """The mailing as last written; `NotFound` also when it was deleted."""
        return shown_mailing(self.mailings, mailing_id)

    def change(self, mailing_id: str, patch: MailingPatch, expected_version: int | None) -> Mailing:
        """Change what the patch names; without `expected_version` the last write wins.

        `StateForbids` for a field that the mailing's state does not let edit, `Invalid` for times
        that do not go together.
        """
        mailing, written = self._edit(
            mailing_id, lambda old: patched(old, patch, self._now()), expected_version
        )
        if written:
            fields = sorted(patch.model_fields_set)
            _log.info(
                "mailing changed", extra=about(mailing, version=mailing.version, fields=fields)
            )
        return mailing

    def act(self, mailing_id: str, action: Action, expected_version: int | None) -> Mailing:
        """Start, pause, resume or cancel a mailing; `StateForbids` says which states allow it.

        An action that has already taken effect is refused like any other that the state forbids.
        """
        mailing, _ = self._edit(
            mailing_id, lambda old: acted(old, action, self._now()), expected_version
        )
        _log.info(
            "mailing controlled",
            extra=about(mailing, action=action, version=mailing.version),
        )
        return mailing

    def resend(
        self, mailing_id: str, statuses: Collection[MessageStatus], expected_version: int | None
    ) -> Mailing:
        """Send messages with these statuses again; `StateForbids` says which states allow it."""
        mailing, _ = self._edit(
            mailing_id, lambda old: resent(old, statuses, self._now()), expected_version
        )
        _log.info(
            "mailing resent",
            extra=about(mailing, statuses=list(mailing.resending), version=mailing.version),
        )
        return mailing

    def recount(self, mailing_id: str) -> Recount:
        """Have the counters compared with the messages; the one under way, if there is one."""
        outcomes: list[Recount] = []

        def attempt() -> None:
            mailing = self.get(mailing_id)
            present = self.mailings.recount(mailing_id, mailing.recounts)
            if present is None or present.finished_at is not None:
                present = self._begin_recount(mailing)
            outcomes.append(present)

        again_on_lost_race(attempt)
        return outcomes[0]

    def _begin_recount(self, mailing: Mailing) -> Recount:
        now = self._now()
        number = mailing.recounts + 1
        recount = Recount(mailing_id=mailing.id, number=number, requested_at=now, due_at=now)
        self.mailings.begin(mailing, mailing.changed(recounts=number), [recount])
        _log.info("recount asked for", extra=about(mailing, number=number))
        return recount

    def get_recount(self, mailing_id: str, number: int) -> Recount:
        """A recount and what came of it; `NotFound`."""
        self.get(mailing_id)
        recount = self.mailings.recount(mailing_id, number)
        if recount is None:
            raise NotFound("this mailing has no recount with this number")
        return recount

    def remove(self, mailing_id: str, expected_version: int | None) -> None:
        """Hide a mailing at once and stop it; its messages are removed in the background."""
        mailing, _ = self._edit(mailing_id, lambda old: removed(old, self._now()), expected_version)
        _log.info("mailing deleted", extra=about(mailing))

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        """Newest first."""
        return self.mailings.page(status=status, limit=limit, cursor=cursor)

    def _edit(
        self,
        mailing_id: str,
        change: Callable[[Mailing], Mailing],
        expected_version: int | None,
    ) -> tuple[Mailing, bool]:
        """The mailing after the caller's change, and whether that took a write."""

        def decide(old: Mailing) -> Mailing:
            check_version(old.version, expected_version)
            new = change(old)
            if new == old:
                return old
            return new.model_copy(update={"updated_by": self.caller.subject()})

        return edit(read=lambda: self.get(mailing_id), decide=decide, write=self.mailings.replace)

    def _now(self) -> datetime:
        return to_milliseconds(self.clock.now())


def shown_mailing(mailings: Mailings, mailing_id: str) -> Mailing:
    """The mailing as last written; `NotFound` when there is none or it was deleted."""
    mailing = mailings.get(mailing_id)
    learned_of(mailing)
    if mailing is None or mailing.deleted:
        raise NotFound(_NO_MAILING)
    return mailing
