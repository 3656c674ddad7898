"""What the stand-in saw: every call, every accepted message."""

import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

CALLS_MAX = 200_000
"""Calls remembered in full, about 100 MB; of older ones only the numbers are kept."""

IN_FLIGHT = "in flight"


@dataclass(slots=True)
class CallRecord:
    """One call. Times are seconds since 1970; `answer` is `ok`, a mood, or why it was refused."""

    number: int
    gateway_id: str
    begun_at: float
    attempt: int = 0
    phone: int | None = None
    text: str | None = None
    accepted: bool = False
    ended_at: float | None = None
    answer: str = IN_FLIGHT


@dataclass(slots=True)
class AcceptedMessage:
    """A message that was accepted: how often, and how often a person would have got it."""

    gateway_id: str
    first_at: float
    times: int = 0
    deliveries: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything in numbers; `accepted*` and `delivered*` count messages, the rest calls."""

    calls: int
    answers: dict[str, int]
    in_flight: int
    in_flight_max: int
    first_call_at: float | None
    last_call_at: float | None
    accepted: int
    accepted_more_than_once: int
    delivered_more_than_once: int


class Ledger:
    """Remembers; one event loop only, so nothing is locked."""

    def __init__(self, calls_max: int = CALLS_MAX) -> None:
        self._calls: deque[CallRecord] = deque(maxlen=calls_max)
        self._accepted: dict[str, AcceptedMessage] = {}
        self._attempts: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._count = 0
        self._in_flight = 0
        self._in_flight_max = 0
        self._first_call_at: float | None = None
        self._last_call_at: float | None = None

    @contextmanager
    def call(self, gateway_id: str) -> Iterator[CallRecord]:
        """A call, from its begin to its end; the caller fills in the rest."""
        record = CallRecord(number=self._count, gateway_id=gateway_id, begun_at=time.time())
        self._calls.append(record)
        self._count += 1
        self._first_call_at = self._first_call_at or record.begun_at
        self._last_call_at = record.begun_at
        self._in_flight += 1
        self._in_flight_max = max(self._in_flight_max, self._in_flight)
        try:
            yield record
        finally:
            self._in_flight -= 1
            record.ended_at = time.time()
            self._answers[record.answer] += 1

    def attempt(self, record: CallRecord) -> int:
        """Which call for this message it is, from 1 on."""
        self._attempts[record.gateway_id] += 1
        record.attempt = self._attempts[record.gateway_id]
        return record.attempt

    def accept(self, record: CallRecord, *, forgetful: bool) -> None:
        """Take the message; one that was taken before is delivered again only if forgetful."""
        record.accepted = True
        message = self._accepted.setdefault(
            record.gateway_id, AcceptedMessage(record.gateway_id, first_at=time.time())
        )
        message.times += 1
        if forgetful or message.deliveries == 0:
            message.deliveries += 1

    def calls_since(self, number: int, limit: int) -> list[CallRecord]:
        """At most `limit` remembered calls from this number on."""
        oldest = self._count - len(self._calls)
        first = max(0, number - oldest)
        return list(islice(self._calls, first, first + limit))

    def accepted(self) -> list[AcceptedMessage]:
        """All accepted messages, in the order in which they first were."""
        return list(self._accepted.values())

    def summary(self) -> Summary:
        """Everything in numbers."""
        return Summary(
            calls=self._count,
            answers=dict(self._answers),
            in_flight=self._in_flight,
            in_flight_max=self._in_flight_max,
            first_call_at=self._first_call_at,
            last_call_at=self._last_call_at,
            accepted=len(self._accepted),
            accepted_more_than_once=sum(m.times > 1 for m in self._accepted.values()),
            delivered_more_than_once=sum(m.deliveries > 1 for m in self._accepted.values()),
        )
