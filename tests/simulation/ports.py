"""Ports that suffer: each call takes time, may fail, be half done, or be its process's last."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from carillon.errors import Unavailable
from carillon.models.client import Recipient
from carillon.models.instant import to_milliseconds
from carillon.models.mailing import DueItem, Mailing
from carillon.ports import Page
from tests.fakes import FakeClients, FakeMailings
from tests.fakes.mailings import work_key
from tests.fakes.samples import recipient_of
from tests.simulation.faults import Faults
from tests.simulation.history import History, as_of
from tests.simulation.kernel import Kernel, Killed

BATCHES = frozenset({"insert", "swap", "ring", "send", "remove"})
"""Calls that do many things, any part of which may be left undone."""

MAY_HAPPEN_LATER = frozenset({"swap", "ring", "send"})
"""What a caller gave up on may still be on its way, and is harmless by design when it arrives."""

SKEW_S = 0.25
"""Two machines' clocks are at most twice this apart."""

CUT_S = 0.001
"""An instant is cut to whole milliseconds, so that a clock seems to be up to so much behind."""

STALE_MAX_S = 1.0

HANGS_S = 600.0
"""Longer than any process may run."""

PAGE_MAX = 9


class SkewedClock:
    """The port `Clock` on one machine, whose clock is a little off; in whole milliseconds."""

    def __init__(self, kernel: Kernel, faults: Faults) -> None:
        self._kernel = kernel
        off_s = kernel.dice.uniform(CUT_S - SKEW_S, SKEW_S) if faults.strikes("clock_off") else 0.0
        self.off = timedelta(seconds=off_s)

    def now(self) -> datetime:
        return to_milliseconds(self._kernel.now() + self.off)


class Deadline:
    """The port `Budget` of an invocation that is killed at `at`."""

    def __init__(self, kernel: Kernel, timeout_s: float) -> None:
        self._kernel = kernel
        self._at = kernel.now() + timedelta(seconds=timeout_s)

    def left_s(self) -> float:
        return (self._at - self._kernel.now()).total_seconds()


class Suffering:
    """Any port, under the faults of AWS and of the process that calls it."""

    def __init__(self, port: object, faults: Faults) -> None:
        self._port = port
        self._faults = faults

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = cast(Callable[..., object], getattr(self._port, name))

        def call(*args: Any, **kwargs: Any) -> object:
            self._before()
            if name in BATCHES and isinstance(args[0], list | tuple) and args[0]:
                self._in_part(name, method, args[0], kwargs)
            result = method(*args, **kwargs)
            self._after()
            return result

        return call

    def _before(self) -> None:
        faults = self._faults
        kernel = faults.kernel
        process = kernel.process()
        usual_s = process.next_call_s() if process is not None else 0.0
        if faults.strikes("hangs"):
            kernel.sleep(HANGS_S)
        kernel.sleep(kernel.dice.uniform(0.5, 5.0) if faults.strikes("slow") else usual_s)
        if faults.strikes("crash_before"):
            raise Killed
        if faults.strikes("aws_fails"):
            raise Unavailable("simulated: throttled")

    def _after(self) -> None:
        if self._faults.strikes("crash_after"):
            raise Killed
        if self._faults.strikes("answer_lost"):
            raise Unavailable("simulated: done, but the answer was lost")

    def _in_part(
        self,
        name: str,
        method: Callable[..., object],
        things: Sequence[object],
        kwargs: Mapping[str, object],
    ) -> None:
        faults = self._faults
        kernel = faults.kernel
        later = name in MAY_HAPPEN_LATER and faults.strikes("rest_later")
        dies = faults.strikes("crash_during")
        if not (later or dies or faults.strikes("part_done")):
            return
        first = [kernel.dice.random() < 0.5 for _ in things]
        method([each for each, now in zip(things, first, strict=True) if now], **kwargs)
        if later:
            rest = [each for each, now in zip(things, first, strict=True) if not now]
            kernel.after(kernel.dice.uniform(0.1, 5.0), lambda: method(rest, **kwargs))
        if dies:
            raise Killed
        raise Unavailable("simulated: part of it was left undone")


class SmallPages:
    """A table that gives out a few things at a time, so that small worlds have many pages."""

    def __init__(self, real: object) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def scan(self, *args: Any, limit: int, **chosen: Any) -> object:
        return self._call("scan", *args, limit=min(limit, PAGE_MAX), **chosen)

    def page(self, *args: Any, limit: int, **chosen: Any) -> object:
        return self._call("page", *args, limit=min(limit, PAGE_MAX), **chosen)

    def _call(self, name: str, *args: Any, **kwargs: Any) -> object:
        return getattr(self._real, name)(*args, **kwargs)


class StaleMailings:
    """Mailings whose indexes and eventual reads lag behind."""

    def __init__(self, real: FakeMailings, history: History, faults: Faults) -> None:
        self._real = real
        self._history = history
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def get(self, mailing_id: str, *, consistent: bool = True) -> Mailing | None:
        if consistent:
            return self._real.get(mailing_id)
        return self._mailings(a_moment_ago(self._faults)).get(mailing_id)

    def page(self, **chosen: Any) -> Page[Mailing]:
        past = FakeMailings(self._real.creations)
        past.by_id = self._mailings(a_moment_ago(self._faults))
        return past.page(**chosen)

    def due(self, until: datetime) -> Iterable[DueItem]:
        moment = a_moment_ago(self._faults)
        work = {work_key(each): each for each in self._real.work()}
        items: list[DueItem] = [
            *self._mailings(moment).values(),
            *as_of(moment, work, self._history.work, work_key).values(),
        ]
        due = [(each.due_at, each) for each in items if each.due_at and each.due_at <= until]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], repr(pair[1])))]

    def _mailings(self, moment: datetime) -> dict[str, Mailing]:
        mailings = self._real.by_id
        return as_of(moment, mailings, self._history.mailings, lambda mailing: str(mailing.id))


@dataclass(frozen=True, slots=True)
class Poison:
    """Clients whose messages no sender can handle: it dies of them, or trips over them."""

    clients: frozenset[str] = frozenset()
    kills: bool = True


class StaleClients:
    """Clients whose eventual reads lag behind; and some whom a sender cannot even read."""

    def __init__(
        self,
        real: FakeClients,
        history: History,
        faults: Faults,
        poison: Poison,
    ) -> None:
        self._real = real
        self._history = history
        self._faults = faults
        self._poison = poison

    def get_many(
        self, client_ids: Collection[str], *, consistent: bool = False
    ) -> Mapping[str, Recipient]:
        if self._poison.clients.intersection(client_ids):
            self._faults.note("poison")
            raise Killed if self._poison.kills else RuntimeError("simulated: nobody expected this")
        if consistent:
            return self._real.get_many(client_ids, consistent=True)
        past = as_of(
            a_moment_ago(self._faults),
            self._real.by_id,
            self._history.clients,
            lambda client: str(client.id),
        )
        return {each: recipient_of(past[each]) for each in client_ids if each in past}


def a_moment_ago(faults: Faults) -> datetime:
    """When what an eventual read shows was true."""
    kernel = faults.kernel
    lag_s = kernel.dice.uniform(0.0, STALE_MAX_S) if faults.strikes("stale_read") else 0.0
    return kernel.now() - timedelta(seconds=lag_s)
