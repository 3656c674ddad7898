"""Promises 3 and 5, judged by what became of each message."""

from collections.abc import Iterator

from carillon.models.mailing import MailingStatus
from carillon.models.message import Message, MessageStatus, Reason
from carillon.policy.transitions import may_move_mailing, may_move_message
from tests.simulation.checkers.evidence import INVOCATION, SKEW, Evidence, said_so
from tests.simulation.gateway import Call

NEVER_ACCEPTED = frozenset({MessageStatus.EXPIRED, MessageStatus.FAILED, MessageStatus.CANCELLED})


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
        given_back = new.attempts < old.attempts and new.status is MessageStatus.PENDING
        answered = given_back or new.last_error != old.last_error
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


def _was_heard(call: Call) -> bool:
    """Whether the sender learned of the success, and nothing kept it from writing that down."""
    return said_so(call) and call.process.returned and not call.process.met
