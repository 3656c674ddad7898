"""Promises 3 and 5, judged by what became of each message."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.transitions import may_move_mailing, may_move_message
from tests.simulation.checkers.evidence import INVOCATION, SKEW, Evidence, Key, opens, said_so
from tests.simulation.gateway import Call
from tests.simulation.history import Event

NEVER_ACCEPTED = frozenset({MessageStatus.EXPIRED, MessageStatus.FAILED, MessageStatus.CANCELLED})
LAST_CALL_BEFORE_END = timedelta(seconds=0.5)


def all_settled(seen: Evidence) -> Iterator[str]:
    """Promise 3: every message has a final status, every mailing is over or gone."""
    for key, message in seen.messages.items():
        if message.status is MessageStatus.PENDING:
            yield f"{key} is still pending: {message}"
    for mailing in seen.mailings.values():
        over = (MailingStatus.FINISHED, MailingStatus.CANCELLED)
        if mailing.deleted or mailing.status not in over:
            yield f"mailing {mailing} is not over"


def nothing_vanishes(seen: Evidence) -> Iterator[str]:
    """A message is removed only with its mailing, after that was deleted."""
    for each in seen.history.messages:
        if each.new is None:
            around = seen.mailing_around(each.old.mailing_id, each.at, INVOCATION)
            if not any(mailing.deleted for mailing in around):
                yield f"{each.old.key} was removed at {each.at}"


def the_truth(seen: Evidence) -> Iterator[str]:
    """Promise 5: `sent` was said by the gateway; what it accepted is never called unsent."""
    for key, message in seen.messages.items():
        made = seen.calls.get(key, [])
        if message.status is MessageStatus.SENT and not any(said_so(call) for call in made):
            yield f"{key} is sent, but the gateway never said so"
        if message.status in NEVER_ACCEPTED and any(call.accepted for call in made):
            yield f"{key} is {message.status}, but the gateway accepted it"
        if message.status is not MessageStatus.SENT and any(_was_heard(call) for call in made):
            yield f"{key} is {message.status}, but its sender heard of a success"
        if message.attempts < len(made):
            yield f"{key} counts {message.attempts} attempts, the gateway {len(made)}"


def the_deleted_are_told(seen: Evidence) -> Iterator[str]:
    """What was pending for a deleted client is cancelled for that reason, or unknown."""
    for key, message in seen.messages.items():
        gone_at = seen.gone_at(key[1])
        late = gone_at is not None and message.updated_at > gone_at + SKEW
        if late and message.status is MessageStatus.EXPIRED:
            yield f"{key} is {message.status} for {message.reason}, but its client was deleted"
        if gone_at is None and message.reason is Reason.CLIENT_DELETED:
            yield f"{key} is {message.status} for {message.reason}, but its client is there"


def everyone_selected(seen: Evidence) -> Iterator[str]:
    """Promise 3: whoever matched from before the start to the end of the run has a message."""
    for mailing in seen.mailings.values():
        if mailing.slices == 0:
            continue
        begun = next(e.at for e in seen.by_mailing[mailing.id] if e.new and e.new.slices)
        for client in seen.world.cloud.clients.by_id.values():
            known = seen.by_client[client.id]
            matched = len(known) == 1 and known[0].at < begun
            matched = matched and mailing.filter.matches(client)
            if matched and (mailing.id, client.id) not in seen.messages:
                yield f"client {client.id} got no message of mailing {mailing.id}"


def only_who_was_selected(seen: Evidence) -> Iterator[str]:
    """A message is made only for a client who matched when it was made."""
    for each in seen.history.messages:
        if each.old is None:
            clients = seen.client_around(each.new.client_id, each.at, INVOCATION)
            mailings = seen.mailing_around(each.new.mailing_id, each.at, INVOCATION)
            if not any(m.filter.matches(client) for client in clients for m in mailings):
                yield f"{each.new.key} was made at {each.at} for a client who does not match"


def only_allowed_moves(seen: Evidence) -> Iterator[str]:
    """Every change on record is one of the tables'."""
    for each in [*seen.history.messages, *seen.history.mailings]:
        if not each.old or not each.new or each.old.status is each.new.status:
            continue
        may_move = may_move_message if isinstance(each.new, Message) else may_move_mailing
        if not may_move(each.old.status, each.new.status):
            yield f"{each.new.id} went {each.old.status} to {each.new.status}"


def a_claim_is_left_alone(seen: Evidence) -> Iterator[str]:
    """While a claim holds, only its own sender's answer or a proven success changes the message.

    Both write down when they did so; another's write would let the claim go without an answer.
    """
    for each in seen.history.messages:
        old, new = each.old, each.new
        if not old or not new or old.claim_until is None or old.claim_until <= each.at + SKEW:
            continue
        answered = new.attempts < old.attempts or new.last_error != old.last_error
        told = any(
            old.updated_at - SKEW <= call.begun and call.ended <= each.at + SKEW
            for call in seen.calls.get(new.key, [])
        )
        if new.status is not MessageStatus.SENT and not answered and not told:
            yield f"{new.key} was changed at {each.at} under a claim until {old.claim_until}"


def waits_within_the_end(seen: Evidence) -> Iterator[str]:
    """No attempt is put off past the end of its mailing."""
    for each in seen.history.messages:
        waits = each.new and each.new.status is MessageStatus.PENDING
        if waits and (each.old is None or each.old.not_before != each.new.not_before):
            ends = [
                mailing.ends_at
                for mailing in seen.mailing_around(each.new.mailing_id, each.at, 3 * INVOCATION)
            ]
            if ends and each.new.not_before > max(ends) + SKEW:
                yield f"{each.new.key} waits until {each.new.not_before}, the end is {max(ends)}"


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


def _was_heard(call: Call) -> bool:
    """Whether the sender learned of the success, and nothing kept it from writing that down."""
    return said_so(call) and call.process.returned and not call.process.met


def _says_never_open(event: Event) -> bool:
    return (
        event.new is not None
        and event.new.reason is Reason.HOURS_NEVER_OPEN
        and (event.old is None or event.old.status is MessageStatus.PENDING)
    )


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
