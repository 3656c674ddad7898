"""Describe, change, control and delete mailings.

What follows from a mailing (its start, its messages, its end) is driven by the stream of the table
it is written to: here one item is written, and its `due_at` says when something must happen next.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from carillon.errors import Invalid, NotFound, StateForbids
from carillon.models.instant import to_milliseconds
from carillon.models.mailing import Mailing, MailingDraft, MailingPatch, MailingStatus
from carillon.policy.actions import RULES, Action, why_not
from carillon.policy.steps import due_at, is_settling
from carillon.ports import Chance, Clock, Created, Creation, CreationLog, Mailings, Page
from carillon.usecases.creating import create_once
from carillon.usecases.editing import check_version, edit

EDITABLE_BEFORE_START = frozenset(MailingPatch.model_fields)
EDITABLE_WHILE_RUNNING = frozenset({"ends_at", "text", "time_window"})
"""They matter only for what is not yet sent; the audience and the start are history by then."""

_NO_MAILING = "there is no mailing with this id"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailingDesk:
    """What an operator does with mailings."""

    mailings: Mailings
    log: CreationLog
    clock: Clock
    chance: Chance

    def create(self, draft: MailingDraft, creation: Creation | None) -> Mailing:
        """Plan a mailing; `Invalid` when it would be over before it began."""

        def create() -> Mailing:
            mailing = mailing_of(draft, mailing_id=self.chance.new_id(), at=self._now())
            check_times(mailing, mailing.created_at, edited=EDITABLE_BEFORE_START)
            self.mailings.add(mailing, creation)
            _log.info("mailing created", extra={"mailing_id": mailing.id})
            return mailing

        def repeat(first: Created) -> Mailing:
            return mailing_of(draft, mailing_id=first.object_id, at=first.at)

        return create_once(self.log, creation, create=create, repeat=repeat)

    def get(self, mailing_id: str) -> Mailing:
        """The mailing as last written; `NotFound` also when it was deleted."""
        return shown_mailing(self.mailings, mailing_id)

    def change(self, mailing_id: str, patch: MailingPatch, expected_version: int | None) -> Mailing:
        """Change what the patch names; without `expected_version` the last write wins.

        `StateForbids` for a field that the mailing's state does not let edit, `Invalid` for times
        that do not go together.
        """

        def decide(old: Mailing) -> Mailing:
            check_version(old.version, expected_version)
            return changed(old, patch, self._now())

        mailing, written = edit(
            read=lambda: self.get(mailing_id), decide=decide, write=self.mailings.replace
        )
        if written:
            _log.info(
                "mailing changed", extra={"mailing_id": mailing.id, "version": mailing.version}
            )
        return mailing

    def act(self, mailing_id: str, action: Action, expected_version: int | None) -> Mailing:
        """Start, pause, resume or cancel a mailing; `StateForbids` says which states allow it.

        An action that has already taken effect is refused like any other that the state forbids.
        """

        def decide(old: Mailing) -> Mailing:
            check_version(old.version, expected_version)
            return acted(old, action, self._now())

        mailing, _ = edit(
            read=lambda: self.get(mailing_id), decide=decide, write=self.mailings.replace
        )
        _log.info(
            "mailing controlled",
            extra={"mailing_id": mailing.id, "action": action, "version": mailing.version},
        )
        return mailing

    def remove(self, mailing_id: str, expected_version: int | None) -> None:
        """Hide a mailing at once and stop it; its messages are removed in the background."""

        def decide(old: Mailing) -> Mailing:
            check_version(old.version, expected_version)
            return _edited(old, self._now(), deleted=True)

        edit(read=lambda: self.get(mailing_id), decide=decide, write=self.mailings.replace)
        _log.info("mailing deleted", extra={"mailing_id": mailing_id})

    def page(
        self, *, status: MailingStatus | None, limit: int, cursor: str | None
    ) -> Page[Mailing]:
        """Newest first."""
        return self.mailings.page(status=status, limit=limit, cursor=cursor)

    def _now(self) -> datetime:
        return to_milliseconds(self.clock.now())


def shown_mailing(mailings: Mailings, mailing_id: str) -> Mailing:
    """The mailing as last written; `NotFound` when there is none or it was deleted."""
    mailing = mailings.get(mailing_id)
    if mailing is None or mailing.deleted:
        raise NotFound(_NO_MAILING)
    return mailing


def mailing_of(draft: MailingDraft, *, mailing_id: str, at: datetime) -> Mailing:
    """The mailing that this draft describes, created at `at`; a start before that means `at`."""
    return _with_due_at(
        Mailing(
            id=mailing_id,
            text=draft.text,
            starts_at=max(draft.starts_at, at),
            ends_at=draft.ends_at,
            filter=draft.filter,
            time_window=draft.time_window,
            created_at=at,
            updated_at=at,
        ),
        at,
    )


def editable_fields(mailing: Mailing, now: datetime) -> frozenset[str]:
    """What may be changed about a mailing in this state and at this time."""
    if is_settling(mailing, now):
        return frozenset()
    match mailing.status:
        case MailingStatus.SCHEDULED:
            return EDITABLE_BEFORE_START
        case MailingStatus.RUNNING | MailingStatus.PAUSED:
            return EDITABLE_WHILE_RUNNING
        case _:
            return frozenset()


def changed(old: Mailing, patch: MailingPatch, now: datetime) -> Mailing:
    """The mailing after the patch; the very same when nothing differs."""
    fields = {
        name: value
        for name in patch.model_fields_set
        if (value := getattr(patch, name)) != getattr(old, name)
    }
    if not fields:
        return old
    allowed = editable_fields(old, now)
    forbidden = sorted(fields.keys() - allowed)
    if forbidden:
        raise StateForbids(_why_not(old, forbidden=forbidden, allowed=sorted(allowed)))
    if "starts_at" in fields:
        fields["starts_at"] = max(fields["starts_at"], now)
    new = _edited(old, now, **fields)
    check_times(new, now, edited=fields.keys())
    return new


def acted(old: Mailing, action: Action, now: datetime) -> Mailing:
    """The mailing after the action."""
    reason = why_not(action, old, now)
    if reason is not None:
        raise StateForbids(reason)
    starts_at = now if action is Action.START else old.starts_at
    return _edited(old, now, status=RULES[action].leads_to, starts_at=starts_at)


def check_times(mailing: Mailing, now: datetime, *, edited: Collection[str]) -> None:
    """`Invalid` when the mailing could not send anything, naming the field that was `edited`."""
    if mailing.ends_at <= now:
        raise Invalid("ends_at", "must be in the future")
    if mailing.ends_at <= mailing.starts_at:
        if "ends_at" in edited:
            raise Invalid("ends_at", "must be after starts_at")
        raise Invalid("starts_at", "must be before ends_at")


def _why_not(mailing: Mailing, *, forbidden: list[str], allowed: list[str]) -> str:
    what = ", ".join(forbidden)
    if not allowed:
        return f"{what} cannot be changed: this mailing is {mailing.status} and has ended"
    return (
        f"{what} cannot be changed while the mailing is {mailing.status};"
        f" only {', '.join(allowed)} can"
    )


def _edited(old: Mailing, now: datetime, **fields: object) -> Mailing:
    return _with_due_at(old.changed(**fields, version=old.version + 1, updated_at=now), now)


def _with_due_at(mailing: Mailing, now: datetime) -> Mailing:
    return mailing.model_copy(update={"due_at": due_at(mailing, now)})
