"""What a mailing becomes by what an operator does to it, or why that is not allowed: pure."""

from collections.abc import Collection
from datetime import datetime

from carillon.errors import Invalid, StateForbids
from carillon.models.mailing import Mailing, MailingDraft, MailingPatch, MailingStatus
from carillon.models.message import MessageStatus
from carillon.policy.actions import RESEND, RULES, Action, why_not
from carillon.policy.steps import due_at, is_settling

EDITABLE_BEFORE_START = frozenset(MailingPatch.model_fields)
EDITABLE_WHILE_RUNNING = frozenset({"ends_at", "text", "time_window"})
"""They matter only for what is not yet sent; the audience and the start are history by then."""


def mailing_of(
    draft: MailingDraft,
    *,
    mailing_id: str,
    at: datetime,
    by: str,
    correlation_id: str | None = None,
) -> Mailing:
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
            created_by=by,
            updated_by=by,
            correlation_id=correlation_id,
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


def patched(old: Mailing, patch: MailingPatch, now: datetime) -> Mailing:
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


def removed(old: Mailing, now: datetime) -> Mailing:
    """The mailing as it is hidden and stopped, until all of it is removed."""
    return _edited(old, now, deleted=True, holder=None)


def acted(old: Mailing, action: Action, now: datetime) -> Mailing:
    """The mailing after the action."""
    reason = why_not(RULES[action], old, now)
    if reason is not None:
        raise StateForbids(reason)
    starts_at = now if action is Action.START else old.starts_at
    return _edited(old, now, status=RULES[action].leads_to or old.status, starts_at=starts_at)


def resent(old: Mailing, statuses: Collection[MessageStatus], now: datetime) -> Mailing:
    """The mailing with messages to be sent again; what is asked while it is at it is added."""
    reason = why_not(RESEND, old, now)
    if reason is not None:
        raise StateForbids(reason)
    finished = old.status is MailingStatus.FINISHED
    return _edited(
        old,
        now,
        status=MailingStatus.RUNNING if finished else old.status,
        resending=tuple(sorted({*old.resending, *statuses})),
        resends=old.resends + 1,
    )


def check_times(mailing: Mailing, now: datetime, *, edited: Collection[str]) -> None:
    """`Invalid` when the mailing could not send anything, naming the field that was `edited`."""
    check_span(mailing.starts_at, mailing.ends_at, now, edited=edited)


def check_span(
    starts_at: datetime, ends_at: datetime, now: datetime, *, edited: Collection[str]
) -> None:
    """`Invalid` when nothing could be sent between the two, naming the field that was `edited`."""
    if ends_at <= now:
        raise Invalid("ends_at", "must be in the future")
    if ends_at <= starts_at:
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
    fields |= {"version": old.version + 1, "updated_at": now}
    new = old.changed(**fields)
    return _with_due_at(old.to_be_revised(**fields) if _moves_messages(old, new) else new, now)


def _moves_messages(old: Mailing, new: Mailing) -> bool:
    """Whether messages that exist may now be due at another time, or be reopened.

    What was edited in a pause is worked in when the mailing is resumed.
    """
    if new.resends != old.resends:
        return True
    before, after = (
        (old.status, old.time_window, old.ends_at),
        (new.status, new.time_window, new.ends_at),
    )
    return new.status is MailingStatus.RUNNING and after != before


def _with_due_at(mailing: Mailing, now: datetime) -> Mailing:
    return mailing.model_copy(update={"due_at": due_at(mailing, now)})
