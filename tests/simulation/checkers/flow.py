"""Promise 3, judged by what is waited for: nothing is forgotten, nothing is done for ever."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from carillon.models.commands import parse_bell, parse_command
from carillon.models.mailing import Slice
from carillon.models.message import Message
from tests.simulation.checkers.calls import open_breakers
from tests.simulation.checkers.evidence import Evidence, pending
from tests.simulation.checkers.sendable import sendable
from tests.simulation.history import Event

FOREVER = datetime.max.replace(tzinfo=UTC)

SILENT_MAX = timedelta(minutes=10)
"""A lease of five minutes may hold when all is calm; then two ticks hear that the queue is silent,
and everything due is rung for."""

PROMPT = timedelta(seconds=15)
PROMPT_IF_MOODY = timedelta(seconds=30)
PROMPT_IF_SLOW = timedelta(seconds=90)
"""Where nothing goes wrong: the stream, a command, a pass, a ring; where calls of the gateway may
take 10 s, also the two groups of calls of a batch; where AWS may take seconds, all of that."""

BLAMELESS_MAX = 4
"""Receives that may fail although no fault struck the invocation: races are lost now and then."""


def nothing_left_due(seen: Evidence) -> Iterator[str]:
    """The index `due` is empty once all is done."""
    for item in seen.world.cloud.mailings.due(FOREVER):
        yield f"still due: {item}"


def always_due(seen: Evidence) -> Iterator[str]:
    """No mailing is out of the index `due` while a message of it is pending or may be made."""
    pendings: dict[str, int] = defaultdict(int)
    slices: dict[str, int] = defaultdict(int)
    in_index: dict[str, bool] = {}
    events = [*seen.history.messages, *seen.history.mailings, *seen.history.work]
    for each in sorted(events, key=lambda each: each.number):
        thing = each.thing
        if isinstance(thing, Message):
            pendings[thing.mailing_id] += _count(each.new, pending) - _count(each.old, pending)
            mailing_id = thing.mailing_id
        elif isinstance(thing, Slice):
            slices[thing.mailing_id] += _count(each.new, _to_do) - _count(each.old, _to_do)
            mailing_id = thing.mailing_id
        elif hasattr(thing, "status"):
            mailing_id = thing.id
            in_index[mailing_id] = each.new is None or each.new.due_at is not None
        else:
            continue
        if not in_index.get(mailing_id, True) and (pendings[mailing_id] or slices[mailing_id]):
            yield f"mailing {mailing_id} is not in the index at {each.at}, with messages to settle"
            return


def none_is_forgotten(seen: Evidence) -> Iterator[str]:
    """In calm, the queue is never silent for long while a message could be sent."""
    world = seen.world
    if world.calm_from is None:
        return
    lengths = [*world.doorbells.lengths, (world.kernel.now(), 0)]
    silences = [
        (max(begins, world.calm_from), ends)
        for (begins, length), (ends, _) in pairwise(lengths)
        if length == 0 and ends - max(begins, world.calm_from) > SILENT_MAX
    ]
    for key, events in seen.by_message.items():
        if events[-1].at < world.calm_from or key[1] in world.cloud.poison.clients:
            continue
        same = len(seen.by_client[key[1]]) == 1
        for since, until in sendable(seen, key, world.calm_from, untried_wait_for_hours=same):
            for begins, ends in silences:
                if min(until, ends) - max(since, begins) > SILENT_MAX:
                    yield f"{key} could be sent from {since} to {until}, and all was silent"


def prompt(seen: Evidence) -> Iterator[str]:
    """In a mild world, what may be sent is sent within seconds, unless a breaker was open."""
    most = _takes_at_most(seen)
    hindered = any(True for _ in open_breakers(seen))
    if most is None or hindered or seen.world.cloud.settings.parts_per_s is not None:
        return
    for key, events in seen.by_message.items():
        if len(seen.by_client[key[1]]) > 1:
            continue  # a message waits for its client's hours as they were, and looks again then
        for since, until in sendable(seen, key, events[0].at, untried_wait_for_hours=True):
            if until - since > most:
                yield f"{key} could be sent from {since} to {until}, and nobody called"


def finished_soon(seen: Evidence) -> Iterator[str]:
    """In a mild world a mailing is finished within seconds of its last message, slice or edit."""
    most = _takes_at_most(seen)
    if most is None:
        return
    settled: dict[str, list[datetime]] = defaultdict(list)
    for (mailing_id, _), events in seen.by_message.items():
        settled[mailing_id] += [each.at for each in events if _settles(each)]
    for mailing_id, events in seen.by_mailing.items():
        steps = [*settled[mailing_id], seen.sliced_at(mailing_id)]
        steps += [each.at for each in events if _is_edit(each)]
        for each in events:
            if each.old and each.new and each.old.status == "running" != each.new.status:
                since = max((step for step in steps if step <= each.at), default=each.at)
                if each.new.status == "finished" and each.at - since > most:
                    yield f"{mailing_id} was through at {since} and finished at {each.at}"


def dead_letters_are_poison(seen: Evidence) -> Iterator[str]:
    """Only what cannot be read, kills, or met a fault at most of its receives is given up."""
    world = seen.world
    for queue, read in ((world.commands, parse_command), (world.doorbells, parse_bell)):
        for record in queue.dead_letters:
            try:
                body = read(record.body)
            except ValidationError:
                continue
            poisoned = getattr(body, "client_id", None) in world.cloud.poison.clients
            if not poisoned and record.blameless > BLAMELESS_MAX:
                yield f"given up: {record}"


def the_foreign_is_set_aside(seen: Evidence) -> Iterator[str]:
    """A record that nobody of us wrote ends among the dead letters, where it can be looked at."""
    for queue in (seen.world.commands, seen.world.doorbells):
        given_up = {each.id for each in queue.dead_letters}
        for record in queue.foreign:
            if record.id not in given_up:
                yield f"not set aside: {record}"


def _takes_at_most(seen: Evidence) -> timedelta | None:
    """What anything may take in this world; None where it was kept from being done."""
    world = seen.world
    if not world.is_mild or world.faults.injected["timed_out"]:
        return None
    if "slow" in world.mild_rates:
        return PROMPT_IF_SLOW
    return PROMPT_IF_MOODY if "gateway_moody" in world.mild_rates else PROMPT


def _settles(each: Event) -> bool:
    was_open = each.old is None or pending(each.old)
    return was_open and each.new is not None and not pending(each.new)


def _is_edit(each: Event) -> bool:
    return each.old is None or each.new is None or each.old.version != each.new.version


def _count(thing: Any, fits: Callable[[Any], bool]) -> int:
    return int(thing is not None and fits(thing))


def _to_do(piece: Slice) -> bool:
    return not piece.done
