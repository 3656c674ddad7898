"""Promise 3, judged by what operators changed: worked in as a whole, once, and for a reason."""

from collections.abc import Iterator
from datetime import datetime

from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import MessageStatus, Reason
from tests.simulation.checkers.evidence import (
    INVOCATION,
    LAST_CALL_BEFORE_END,
    SKEW,
    Evidence,
    Key,
    opens,
    with_next,
)
from tests.simulation.history import Event


def waits_no_longer_than_hours(seen: Evidence) -> Iterator[str]:
    """Once all is worked in, what was never tried waits for the first opening and no other."""
    for key, events in seen.by_message.items():
        if len(seen.by_client[key[1]]) > 1:
            continue
        client = seen.by_client[key[1]][0].new
        for each, after in with_next(events):
            message = each.new
            if message is None or message.attempts or message.status is not MessageStatus.PENDING:
                continue
            until = after.at if after is not None else seen.world.kernel.now()
            for mailing, since, ends in _settled_spans(seen, key[0], each.at, until):
                ends = min(ends, message.not_before)
                if opens(mailing.time_window, client.timezone, since + SKEW, ends - SKEW):
                    yield f"{key} waits from {since} until {message.not_before}: {mailing}"


def reopened_for_a_reason(seen: Evidence) -> Iterator[str]:
    """A resend moves a message once, and only what it names; an edit only what never had a turn."""
    for each in seen.history.messages:
        old, new = each.old, each.new
        if not old or not new or old.status is MessageStatus.PENDING or new.status != "pending":
            continue
        if old.reason is Reason.HOURS_NEVER_OPEN and new.resends == old.resends:
            continue
        asked = [
            one
            for one in seen.history.asked
            if one.mailing_id == new.mailing_id and old.status in one.statuses
        ]
        if new.resends <= old.resends or not any(one.at <= each.at + SKEW for one in asked):
            yield f"{new.key} was reopened at {each.at} from {old.status} for {old.reason}"
        elif new.resends > max(m.resends for m in seen.mailing_around(new.mailing_id, each.at)):
            yield f"{new.key} was reopened at {each.at} by resend {new.resends}, which nobody asked"


def never_open_is_true(seen: Evidence) -> Iterator[str]:
    """`hours_never_open` is said only of hours that do not open before the end."""
    for each in seen.history.messages:
        if not _says_never_open(each):
            continue
        at = each.new.updated_at
        around = seen.mailing_around(each.new.mailing_id, at, INVOCATION)
        zones = {one.timezone for one in seen.client_around(each.new.client_id, at, INVOCATION)}
        if all(
            opens(mailing.time_window, zone, at + SKEW, mailing.ends_at - LAST_CALL_BEFORE_END)
            for mailing in around
            for zone in zones
        ):
            yield f"{each.new.key} ended at {at} as never open, in {zones} of {around[-1]}"


def revised_as_a_whole(seen: Evidence) -> Iterator[str]:
    """Once an operator's change is worked in, no message is left that it should have moved."""
    for mailing_id, events in seen.by_mailing.items():
        for each in events:
            if _is_lost(each):
                yield f"mailing {mailing_id} finished at {each.at} with a change not worked in"
            if _is_worked_in(each):
                asked_at = next(e.at for e in events if e.new and e.new.rev >= each.old.revising)
                for key in seen.by_message:
                    if key[0] == mailing_id:
                        yield from _left_out(seen, key, each, asked_at)


def _left_out(seen: Evidence, key: Key, done: Event, asked_at: datetime) -> Iterator[str]:
    events = seen.by_message[key]
    past = [e.new for e in events if e.number < done.number]
    message = past[-1] if past else None
    clients = seen.client_around(key[1], done.at, done.at - asked_at + INVOCATION)
    if message is None or message.updated_at > asked_at - SKEW or len(clients) != 1:
        return
    gone_at = seen.gone_at(key[1])
    if gone_at is not None and gone_at < done.at + SKEW:
        return
    mailing: Mailing = done.old
    resent = message.status in mailing.resending and message.resends < mailing.resends
    if not resent and message.reason is not Reason.HOURS_NEVER_OPEN:
        return
    last = mailing.ends_at - LAST_CALL_BEFORE_END - SKEW
    zone = clients[0].timezone
    if opens(mailing.time_window, zone, done.at + SKEW, last):
        yield f"{key} is still {message.status} for {message.reason} at {done.at}: {mailing}"


def _says_never_open(event: Event) -> bool:
    return (
        event.new is not None
        and event.new.reason is Reason.HOURS_NEVER_OPEN
        and (event.old is None or event.old.status is MessageStatus.PENDING)
    )


def _settled_spans(
    seen: Evidence, mailing_id: str, since: datetime, until: datetime
) -> Iterator[tuple[Mailing, datetime, datetime]]:
    """Spans longer than an invocation in which a mailing ran with nothing to be worked in."""
    sliced = seen.sliced_at(mailing_id)
    for each, after in with_next(seen.by_mailing[mailing_id]):
        begins = max(since, each.at, sliced)
        ends = min(until, after.at) if after is not None else until
        mailing = each.new
        runs = mailing is not None and mailing.status is MailingStatus.RUNNING
        runs = runs and not mailing.closing and not mailing.deleted
        if runs and mailing.revising is None and ends - begins > INVOCATION:
            yield mailing, begins, min(ends, mailing.ends_at)


def _is_lost(event: Event) -> bool:
    """Finished before its end, although something was to be sent again."""
    return bool(
        event.old
        and event.new
        and event.old.resending
        and not event.old.closing
        and event.new.status is MailingStatus.FINISHED
        and event.at < event.old.ends_at - SKEW
    )


def _is_worked_in(event: Event) -> bool:
    return bool(
        event.old
        and event.new
        and event.old.revising is not None
        and event.new.revising is None
        and event.new.status is MailingStatus.RUNNING
    )
