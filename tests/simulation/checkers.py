"""Who judges a run: one function per promise, over what is on record. They know no use case.

Each yields a sentence for every breach it finds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from carillon.models.gateway import Reply
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message, MessageStatus, gateway_id
from carillon.policy.hours import is_open
from carillon.policy.transitions import may_move_mailing, may_move_message
from tests.simulation.gateway import Call
from tests.simulation.world import World

GRACE = timedelta(seconds=5)
"""A change made through the API takes hold within this."""

SKEW = timedelta(seconds=0.5)
"""Two machines' clocks are at most this far apart."""

NEVER_ACCEPTED = frozenset({MessageStatus.EXPIRED, MessageStatus.FAILED, MessageStatus.CANCELLED})


def breaches(world: World) -> Iterator[str]:
    """Everything that is wrong with a run that has come to rest."""
    for check in (
        one_call_at_a_time,
        never_again_after_success,
        within_times,
        within_hours,
        not_to_the_deleted,
        the_deleted_are_told,
        the_right_words,
        all_settled,
        the_truth,
        everyone_selected,
        counts_are_exact,
        only_allowed_moves,
        nothing_left_due,
    ):
        for breach in check(world):
            yield f"{check.__name__}: {breach}"


def one_call_at_a_time(world: World) -> Iterator[str]:
    """Promise 1: no two calls for one message at the same time."""
    for key, calls in _calls(world).items():
        for before, after in pairwise(calls):
            if after.begun < before.ended:
                yield f"{key} called at {after.begun} while the call of {before.begun} went on"


def never_again_after_success(world: World) -> Iterator[str]:
    """Promise 1: a further call only when the one before failed or is not known.

    A sender may die between a success and its record; then nobody knows, and the message is called
    for again, once its claim has run out.
    """
    for key, calls in _calls(world).items():
        for before, after in pairwise(calls):
            if _said_so(before) and after.begun - before.ended < timedelta(seconds=9):
                yield f"{key} called at {after.begun}, although {before.begun} succeeded"


def within_times(world: World) -> Iterator[str]:
    """Promise 2: not before the start, not at or after the end, and not for a mailing undone."""
    for key, calls in _calls(world).items():
        for call in calls:
            seen = _versions(world, key[0], call.begun)
            if not any(_allows(each, call) for each in seen):
                yield f"{key} called at {call.begun}, which no mailing of the last 5 s allows"


def within_hours(world: World) -> Iterator[str]:
    """Promise 2: not outside the client's allowed hours, by any zone of the last seconds."""
    for key, calls in _calls(world).items():
        for call in calls:
            windows = [each.time_window for each in _versions(world, key[0], call.begun)]
            zones = _zones(world, key[1], call.begun)
            near = (call.begun - SKEW, call.begun, call.begun + SKEW)
            if not any(
                window is None or is_open(window, zone, moment)
                for window in windows
                for zone in zones
                for moment in near
            ):
                yield f"{key} called at {call.begun}, outside of {windows} in {zones}"


def not_to_the_deleted(world: World) -> Iterator[str]:
    """Promise 2: nothing after the client was deleted."""
    gone = {each.old.id: each.at for each in world.record.clients if each.new is None}
    for key, calls in _calls(world).items():
        for call in calls:
            if key[1] in gone and call.begun > gone[key[1]] + GRACE:
                yield f"{key} called at {call.begun}, the client was deleted at {gone[key[1]]}"


def the_deleted_are_told(world: World) -> Iterator[str]:
    """What was pending for a deleted client is cancelled for that reason, or unknown."""
    gone = {each.old.id: each.at for each in world.record.clients if each.new is None}
    for key, message in world.messages.by_key.items():
        late = key[1] in gone and message.updated_at > gone[key[1]] + SKEW
        if late and message.status is MessageStatus.EXPIRED:
            yield f"{key} is {message.status} for {message.reason}, but its client was deleted"


def the_right_words(world: World) -> Iterator[str]:
    """The text is one that the mailing had within the last seconds, the phone the client's."""
    phones = {each.new.id: each.new.phone for each in world.record.clients if each.new}
    for key, calls in _calls(world).items():
        for call in calls:
            texts = {each.text for each in _versions(world, key[0], call.begun)}
            if call.text not in texts or call.phone != phones[key[1]]:
                yield f"{key} was sent {call.text!r} to {call.phone}"


def all_settled(world: World) -> Iterator[str]:
    """Promise 3: every message has a final status, every mailing is over or gone."""
    for key, message in world.messages.by_key.items():
        if message.status is MessageStatus.PENDING:
            yield f"{key} is still pending: {message}"
    for mailing in world.mailings.by_id.values():
        if mailing.deleted or mailing.status not in (
            MailingStatus.FINISHED,
            MailingStatus.CANCELLED,
        ):
            yield f"mailing {mailing} is not over"


def the_truth(world: World) -> Iterator[str]:
    """Promise 5: `sent` was said by the gateway; what it accepted is never called unsent."""
    calls = _calls(world)
    for key, message in world.messages.by_key.items():
        made = calls.get(key, [])
        if message.status is MessageStatus.SENT and not any(_said_so(call) for call in made):
            yield f"{key} is sent, but the gateway never said so"
        if message.status in NEVER_ACCEPTED and any(call.accepted for call in made):
            yield f"{key} is {message.status}, but the gateway accepted it"
        if message.attempts < len(made):
            yield f"{key} counts {message.attempts} attempts, the gateway {len(made)}"


def everyone_selected(world: World) -> Iterator[str]:
    """Promise 3: whoever matched from before the start to the end of the run has a message."""
    touched = {
        each.new.id if each.new else each.old.id for each in world.record.clients if each.old
    }
    for mailing in world.mailings.by_id.values():
        if mailing.slices == 0:
            continue
        begun = min(
            each.at
            for each in world.record.mailings
            if each.new and each.new.id == mailing.id and each.new.slices
        )
        for client in world.clients.by_id.values():
            matched = client.id not in touched and client.created_at < begun
            matched = matched and mailing.filter.matches(client)
            if matched and (mailing.id, client.id) not in world.messages.by_key:
                yield f"client {client.id} got no message of mailing {mailing.id}"


def counts_are_exact(world: World) -> Iterator[str]:
    """The counters equal a recount of the messages."""
    recount: dict[str, Counter[str]] = defaultdict(Counter)
    for (mailing_id, _), message in world.messages.by_key.items():
        recount[mailing_id].update({message.status.value: 1, "total": 1})
    for mailing_id in world.mailings.by_id:
        counted = world.statistics.counts([mailing_id])[mailing_id].model_dump()
        if {name: n for name, n in counted.items() if n} != dict(recount[mailing_id]):
            yield f"mailing {mailing_id} counts {counted}, has {dict(recount[mailing_id])}"


def only_allowed_moves(world: World) -> Iterator[str]:
    """Every change on record is one of the tables'."""
    for each in [*world.record.messages, *world.record.mailings]:
        if not each.old or not each.new or each.old.status is each.new.status:
            continue
        may_move = may_move_message if isinstance(each.new, Message) else may_move_mailing
        if not may_move(each.old.status, each.new.status):
            yield f"{each.new.id} went {each.old.status} to {each.new.status}"


def nothing_left_due(world: World) -> Iterator[str]:
    """The index `due` is empty once all is done."""
    for item in world.mailings.due(datetime.max.replace(tzinfo=world.kernel.now().tzinfo)):
        yield f"still due: {item}"


def _calls(world: World) -> dict[tuple[str, str], list[Call]]:
    """Each message's calls in order."""
    keys = {
        gateway_id(each.new.id): (each.new.mailing_id, each.new.client_id)
        for each in world.record.messages
        if isinstance(each.new, Message)
    }
    calls: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in world.gateway.calls:
        calls[keys[call.gateway_id]].append(call)
    return calls


def _said_so(call: Call) -> bool:
    return isinstance(call.outcome, Reply) and call.outcome.status == 200 and call.outcome.code == 0


def _versions(world: World, mailing_id: str, moment: datetime) -> list[Mailing]:
    """The mailing as it was at each time within the grace before `moment`."""
    events = [each for each in world.record.mailings if (each.new or each.old).id == mailing_id]
    past = [each for each in events if each.at <= moment - GRACE]
    recent = [each for each in events if moment - GRACE < each.at <= moment + SKEW]
    return [each.new for each in [*past[-1:], *recent] if each.new]


def _allows(mailing: Mailing, call: Call) -> bool:
    return (
        not mailing.deleted
        and mailing.status is MailingStatus.RUNNING
        and mailing.starts_at - SKEW <= call.begun < mailing.ends_at
        and call.ended <= mailing.ends_at + SKEW
    )


def _zones(world: World, client_id: str, moment: datetime) -> list[str]:
    events = [each for each in world.record.clients if (each.new or each.old).id == client_id]
    past = [each for each in events if each.at <= moment - GRACE]
    recent = [each for each in events if moment - GRACE < each.at <= moment + SKEW]
    return [each.new.timezone for each in [*past[-1:], *recent] if each.new]
