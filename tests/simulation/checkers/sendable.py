"""When a message could be sent: by all that is on record, and not by what we decide from it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from carillon.models.client import Client
from carillon.models.mailing import Mailing, MailingStatus
from carillon.models.message import Message
from carillon.policy.hours import is_open
from tests.simulation.checkers.evidence import LAST_CALL_BEFORE_END, MINUTE, Evidence, Key, pending

Span = tuple[datetime, datetime]


def sendable(
    seen: Evidence, key: Key, since: datetime, *, untried_wait_for_hours: bool = False
) -> Iterator[Span]:
    """The spans of time after `since` in which mailing, message, client and clock allowed a call,
    and none was begun.

    What was never tried has nothing but its hours to wait for, whatever it says itself.
    """
    events = [*seen.by_message[key], *seen.by_mailing[key[0]], *seen.by_client[key[1]]]
    events.sort(key=lambda each: each.number)
    spans: list[Span] = []
    state: dict[type, object] = {}
    for number, each in enumerate(events):
        state[type(each.thing)] = each.new
        last = number + 1 == len(events)
        until = seen.world.kernel.now() if last else events[number + 1].at
        message = state.get(Message)
        if untried_wait_for_hours and isinstance(message, Message) and not message.attempts:
            state[Message] = message.model_copy(update={"not_before": message.created_at})
        for begins, ends in _allowed(state, max(since, each.at), until):
            if spans and spans[-1][1] == begins:
                spans[-1] = (spans[-1][0], ends)
            else:
                spans.append((begins, ends))
    calls = [call.begun for call in seen.calls.get(key, ())]
    for span in spans:
        yield from _cut(span, calls)


def _allowed(state: dict[type, object], begins: datetime, ends: datetime) -> Iterator[Span]:
    """The parts of a span in which nothing was written that allow a call."""
    message, mailing, client = state.get(Message), state.get(Mailing), state.get(Client)
    if not (
        isinstance(message, Message) and isinstance(mailing, Mailing) and isinstance(client, Client)
    ):
        return
    if mailing.deleted or mailing.closing or mailing.status is not MailingStatus.RUNNING:
        return
    if not pending(message):
        return
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


def _cut(span: Span, moments: Sequence[datetime]) -> Iterator[Span]:
    begins, ends = span
    for moment in moments:
        if begins <= moment < ends:
            yield begins, moment
            begins = moment
    yield begins, ends
