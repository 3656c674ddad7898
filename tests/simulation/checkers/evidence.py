"""What is on record, laid out so that a checker finds what it asks for."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from carillon.models.client import Client
from carillon.models.gateway import NoReply, Reply
from carillon.models.mailing import Mailing, Slice, TimeWindow
from carillon.models.message import Message, gateway_id
from carillon.models.recount import Recount
from carillon.policy.hours import is_open
from tests.simulation.gateway import Call
from tests.simulation.history import Event
from tests.simulation.world import World

GRACE = timedelta(seconds=5)
"""A change made through the API takes hold within this."""

SKEW = timedelta(seconds=0.5)
"""Two machines' clocks are at most this far apart."""

INVOCATION = timedelta(seconds=20)
"""A fan-out decides on what it read when it began, at most its timeout and a little ago."""

MINUTE = timedelta(minutes=1)
LAST_CALL_BEFORE_END = timedelta(seconds=0.5)

Key = tuple[str, str]
K = TypeVar("K")


class Evidence:
    """One run's record."""

    def __init__(self, world: World) -> None:
        history, cloud = world.history, world.cloud
        self.world = world
        self.history = history
        self.messages = cloud.messages.by_key
        self.mailings = cloud.mailings.by_id
        self.by_message = _grouped(history.messages, lambda message: message.key)
        self.by_mailing = _grouped(history.mailings, lambda mailing: mailing.id)
        self.by_client = _grouped(history.clients, lambda client: client.id)
        recounts = [each for each in history.work if isinstance(each.thing, Recount)]
        self.by_recount = _grouped(recounts, lambda work: (work.mailing_id, work.number))
        self.by_trial = _grouped(history.trials, lambda trial: (trial.mailing_id, trial.id))
        self.calls: dict[Key, list[Call]] = defaultdict(list)
        self.trial_calls: dict[Key, list[Call]] = defaultdict(list)
        self.strangers: list[Call] = []
        keys = {gateway_id(f"{m}-{c}"): (m, c) for m, c in self.by_message}
        trials = {gateway_id(f"{m}-{t}"): (m, t) for m, t in self.by_trial}
        for call in cloud.gateway.calls:
            if call.gateway_id in keys:
                self.calls[keys[call.gateway_id]].append(call)
            elif call.gateway_id in trials:
                self.trial_calls[trials[call.gateway_id]].append(call)
            else:
                self.strangers.append(call)
        self._of_trials = set(trials)

    def is_of_trial(self, call: Call) -> bool:
        """Whether it was made for a trial, which no breaker stops."""
        return call.gateway_id in self._of_trials

    def mailing_around(
        self, mailing_id: str, moment: datetime, before: timedelta = GRACE
    ) -> list[Mailing]:
        """The mailing as it was at each time from `before` that moment until it."""
        return _around(self.by_mailing.get(mailing_id, ()), moment, before)

    def client_around(
        self, client_id: str, moment: datetime, before: timedelta = GRACE
    ) -> list[Client]:
        """Likewise the client."""
        return _around(self.by_client.get(client_id, ()), moment, before)

    def sliced_at(self, mailing_id: str) -> datetime:
        """When the last slice was done."""
        done = [
            each.at
            for each in self.history.work
            if isinstance(each.new, Slice) and each.new.mailing_id == mailing_id and each.new.done
        ]
        return max(done, default=self.world.kernel.now())

    def gone_at(self, client_id: str) -> datetime | None:
        """When the client was deleted, if it was."""
        last = self.by_client[client_id][-1]
        return last.at if last.new is None else None

    def reopened(self, key: Key, after: datetime, until: datetime) -> bool:
        """Whether the message went from settled to pending in that time."""
        return any(
            after - SKEW <= each.at <= until
            and each.old
            and each.new
            and each.old.status != "pending" == each.new.status
            for each in self.by_message[key]
        )


def with_next(events: Sequence[Event]) -> Iterator[tuple[Event, Event | None]]:
    """Each event with the one that follows it; None after the last."""
    return zip(events, [*events[1:], None], strict=True)


def said_so(call: Call) -> bool:
    """Whether the gateway told the caller that it took the message."""
    return isinstance(call.outcome, Reply) and call.outcome.status == 200 and call.outcome.code == 0


def surely_not(call: Call) -> bool:
    """Whether the caller can be sure that the gateway did not take it."""
    if isinstance(call.outcome, NoReply):
        return not call.outcome.handed_over
    return 300 <= call.outcome.status < 500 and call.outcome.status != 408


def opens(window: TimeWindow | None, zone: str, after: datetime, before: datetime) -> bool:
    """Whether the hours are open at some instant in [after, before): by looking at each minute.

    Hours begin and end on whole minutes, and so do the days on which clocks change.
    """
    if window is None:
        return after < before
    moment = after
    while moment < before:
        if is_open(window, zone, moment):
            return True
        moment = moment.replace(second=0, microsecond=0) + MINUTE
    return False


def _around(events: Sequence[Event], moment: datetime, before: timedelta) -> list[Any]:
    first = bisect_right(events, moment - before, key=lambda each: each.at)
    last = bisect_right(events, moment + SKEW, key=lambda each: each.at)
    return [each.new for each in events[max(0, first - 1) : last] if each.new]


def _grouped(events: Iterable[Event], key: Callable[[Any], K]) -> dict[K, list[Event]]:
    grouped: dict[K, list[Event]] = defaultdict(list)
    for each in events:
        grouped[key(each.thing)].append(each)
    return grouped


def pending(message: Message) -> bool:
    """Whether it is still to be settled."""
    return message.status == "pending"
