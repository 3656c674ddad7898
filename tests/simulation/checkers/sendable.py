"""When a message could be sent: by all that is on record, and not by what we decide from it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from carillon.models.client import Client
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message
from carillon.policy.hours import is_open
from tests.simulation.checkers.evidence import LAST_CALL_BEFORE_END, MINUTE, Evidence, Key, pending

HELD_BACK_MAX = timedelta(minutes=15)
"""So long a queue can hold a record back."""

Span = tuple[datetime, datetime]
State = dict[type, object]
Allowed = Callable[[State, datetime, datetime], Iterator[Span]]
"""The parts of a span in which nothing was written that fit what is on record."""


def sendable(
    seen: Evidence, key: Key, since: datetime, *, untried_wait_for_hours: bool = False
) -> Iterator[Span]:
    """The spans of time after `since` in which mailing, message, client and clock allowed a call,
    and none was begun.

    What was never tried has nothing but its hours to wait for, whatever it says itself.
    """
    calls = [call.begun for call in seen.calls.get(key, ())]
    for span in _spans(seen, key, since, _may_be_sent, untried_wait_for_hours):
        yield from _cut(span, calls)


def queued(seen: Evidence, key: Key, since: datetime) -> Sequence[Span]:
    """The spans of time after `since` in which a doorbell of the message had to wait in the queue
    for nothing but its turn, or not longer than a queue can hold it back."""
    return _spans(seen, key, since, _may_be_queued, untried_wait_for_hours=False)


def _spans(
    seen: Evidence, key: Key, since: datetime, allowed: Allowed, untried_wait_for_hours: bool
) -> Sequence[Span]:
    events = [*seen.by_message[key], *seen.by_mailing[key[0]], *seen.by_client[key[1]]]
    events.sort(key=lambda each: each.number)
    spans: list[Span] = []
    state: State = {}
    for number, each in enumerate(events):
        state[type(each.thing)] = each.new
        last = number + 1 == len(events)
        until = seen.world.kernel.now() if last else events[number + 1].at
        message = state.get(Message)
        if untried_wait_for_hours and isinstance(message, Message) and not message.attempts:
            state[Message] = message.model_copy(update={"not_before": message.created_at})
        for begins, ends in allowed(state, max(since, each.at), until):
            if spans and spans[-1][1] == begins:
                spans[-1] = (spans[-1][0], ends)
            else:
                spans.append((begins, ends))
    return spans


def _may_be_sent(state: State, begins: datetime, ends: datetime) -> Iterator[Span]:
    client, on_its_way = state.get(Client), _on_its_way(state)
    if on_its_way is None or not isinstance(client, Client):
        return
    message, mailing = on_its_way
    begins = max(begins, mailing.starts_at, message.not_before, message.claim_until or begins)
    ends = min(ends, mailing.ends_at - LAST_CALL_BEFORE_END)
    window = mailing.time_window
    if window is None and begins < ends:
        yield begins, ends
        return
    while begins < ends and window is not None:
        minute_ends = min(ends, begins.replace(second=0, microsecond=0) + MINUTE)
        if is_open(window, client.timezone, begins):
            yield begins, minute_ends
        begins = minute_ends


def _may_be_queued(state: State, begins: datetime, ends: datetime) -> Iterator[Span]:
    on_its_way = _on_its_way(state)
    if on_its_way is None:
        return
    message, mailing = on_its_way
    due_at = max(message.not_before, message.claim_until or begins)
    begins, ends = max(begins, due_at - HELD_BACK_MAX), min(ends, mailing.ends_at)
    if begins < ends:
        yield begins, ends


def _on_its_way(state: State) -> tuple[Message, Mailing] | None:
    """A message to be settled and its mailing, if that runs."""
    message, mailing = state.get(Message), state.get(Mailing)
    if not isinstance(message, Message) or not isinstance(mailing, Mailing):
        return None
    runs = mailing.status is MailingStatus.RUNNING and not mailing.deleted and not mailing.closing
    return (message, mailing) if runs and pending(message) else None


def _cut(span: Span, moments: Sequence[datetime]) -> Iterator[Span]:
    begins, ends = span
    for moment in moments:
        if begins <= moment < ends:
            yield begins, moment
            begins = moment
    yield begins, ends
