"""Lets it happen: one mailing, the plan of misfortunes, and what is known afterwards."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from carillon.models.client import Client
from local import crowd
from local.chaos import plan
from local.chaos.evidence import Evidence, Kill, Misfortunes, Span
from local.chaos.operator import Operator
from local.chaos.plan import Event, Kind, Scale
from local.demo_api import Api
from local.gateway import Control
from local.processes import wait_until
from local.progress import Progress
from local.stack import LocalStack
from local.workers import workers_of

GATEWAY_TIMEOUT_S = 4
CONTEXT = {
    # A killed function's records come again after six times its timeout.
    "gateway_timeout_s": str(GATEWAY_TIMEOUT_S),
    "sender_timeout_s": "20",
    "fanout_timeout_s": "30",
}
"""The settings of a stack for chaos: short timeouts, so that what was killed comes again soon."""

TAG = "chaos"
LOOK_EVERY_S = 1.0
TELL_EVERY_S = 10.0

FINISH_LIMIT_S = 120.0
"""After its end a mailing is settled when the last claim is over and a pass found nothing left;
a fan-out that was killed in the middle of that is replaced by the tick, a minute later."""
COUNT_LIMIT_S = 60.0
"""Counters follow the messages within seconds; a killed counter begins its batch again."""


def unleash(stack: LocalStack, scale: Scale, progress: Progress) -> Evidence:
    """Run one mailing through everything that the seed has in store for it."""
    with progress.step(f"{scale.clients} clients"):
        clients = crowd.settle(stack, scale.clients, tag=TAG)
    api = Api(stack.api_url, stack.token)
    with api.session, Control(stack.gateway_url) as gateway:
        gateway.behave(plan.gateway_behaviour(scale))
        ends_at = datetime.now(UTC) + timedelta(seconds=scale.lasts_s)
        operator = Operator(api, tag=TAG, ends_at=ends_at)
        storm = Storm(stack, operator, scale, clients, progress)
        storm.rage()
        with progress.step("Waiting until everything is counted"):
            return storm.evidence(gateway)


@dataclass
class Storm:
    """One run; all in one thread, so that what is done to the stack has an order."""

    stack: LocalStack
    operator: Operator
    scale: Scale
    clients: Sequence[Client]
    progress: Progress
    misfortunes: Misfortunes = field(default_factory=Misfortunes)

    def __post_init__(self) -> None:
        """Nothing has happened yet."""
        self._chance = random.Random(self.scale.seed)  # noqa: S311  # a seed is the point
        self._began = time.monotonic()
        self._to_come = plan.events(self.scale)
        self._planned = Counter(str(event.kind) for event in self._to_come)
        self._planned[Kind.DELETE] = self.scale.deleted
        self._doomed = self._chance.sample(self.clients, self.scale.deleted)
        self._paused_at: float | None = None
        self._last_event_s = 0.0
        self._look_at_s, self._tell_at_s = LOOK_EVERY_S, TELL_EVERY_S

    def rage(self) -> None:
        """Until the mailing is finished, or could not be within reason."""
        wait_until(self._is_over, limit_s=self.scale.lasts_s + FINISH_LIMIT_S)

    def _is_over(self) -> bool:
        if event := self._next_event():
            self._happen(event)
            self._last_event_s = self._elapsed()
        elif not self._resume() and self._elapsed() > self._look_at_s:
            self._look_at_s = self._elapsed() + LOOK_EVERY_S
            return bool(self.operator.mailing()["status"] == "finished")
        if self._elapsed() > self._tell_at_s:
            self._tell_at_s = self._elapsed() + TELL_EVERY_S
            self._tell()
        return False

    def evidence(self, gateway: Control) -> Evidence:
        """All that is known; waits for counters, which follow the messages."""
        lasted_s = time.monotonic() - self._began
        messages = self.operator.messages()
        recount = Counter(each["status"] for each in messages)
        wait_until(lambda: self._counts() == recount, limit_s=COUNT_LIMIT_S)
        wait_until(lambda: gateway.summary().in_flight == 0, limit_s=COUNT_LIMIT_S)
        statistics = self.operator.statistics()
        return Evidence(
            clients={each.id: each.phone for each in self.clients},
            ends_at=self.operator.ends_at,
            mailing=self.operator.mailing(),
            messages=self.operator.messages(),
            counts=statistics["counts"],
            attempts=statistics["attempts"],
            calls=gateway.calls(),
            misfortunes=self.misfortunes,
            planned=self._planned,
            dead_letters=sum(self._dead_letters()),
            lasted_s=lasted_s,
            calm_s=self.scale.lasts_s - self._last_event_s,
            gateway_timeout_s=GATEWAY_TIMEOUT_S,
        )

    def _next_event(self) -> Event | None:
        """The one whose time has come; a pause waits until the one before is over."""
        if not self._to_come or self._elapsed() < self._to_come[0].at_s:
            return None
        if self._to_come[0].kind is Kind.PAUSE and self._paused_at is not None:
            return None
        return self._to_come.pop(0)

    def _happen(self, event: Event) -> None:
        match event.kind:
            case Kind.KILL:
                self._kill(event.target)
            case Kind.RESTART:
                began = time.time()
                self.stack.restart()
                self.misfortunes.restarts.append(Span(began, time.time()))
            case Kind.PURGE:
                self._purge()
            case Kind.PAUSE:
                if self.operator.bring("pause", to="paused"):
                    self._paused_at = time.time()
            case Kind.DELETE:
                for _ in range(min(plan.DELETED_AT_ONCE, len(self._doomed))):
                    client = self._doomed.pop()
                    self.operator.delete_client(client.id)
                    self.misfortunes.deleted[client.id] = time.time()

    def _kill(self, target: str) -> None:
        """One process of the function, or of the next one that has any."""
        for function in (target, *self.scale.targets):
            if workers := workers_of(self.stack, function):
                victim = self._chance.choice(workers)
                at = time.time()
                if victim.kill():
                    self.misfortunes.kills.append(Kill(at, function))
                    return

    def _purge(self) -> None:
        queue = self.stack.outputs["MessageQueueUrl"]
        waiting = self._records(queue)
        self.stack.client("sqs").purge_queue(QueueUrl=queue)
        self.misfortunes.purged.append(waiting)

    def _resume(self) -> bool:
        """When the pause was long enough. It ends when that is asked for: later calls are right."""
        now = time.time()
        if self._paused_at is None or now < self._paused_at + self.scale.pause_s:
            return False
        self.misfortunes.pauses.append(Span(self._paused_at, now))
        self._paused_at = None
        self.operator.bring("resume", to="running")
        self._last_event_s = self._elapsed()
        return True

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _tell(self) -> None:
        counts = self._counts()
        told = ", ".join(f"{number} {status}" for status, number in counts.most_common() if number)
        self.progress.say(f"  {self._elapsed():4.0f} s: {told}")

    def _counts(self) -> Counter[str]:
        counts = Counter(self.operator.statistics()["counts"])
        del counts["total"]
        return +counts

    def _dead_letters(self) -> Iterator[int]:
        for name in ("MessageDeadLettersUrl", "FanoutDeadLettersUrl"):
            yield self._records(self.stack.outputs[name])

    def _records(self, queue: str) -> int:
        """How many records a queue holds, whatever they wait for."""
        attributes: dict[str, Any] = self.stack.client("sqs").get_queue_attributes(
            QueueUrl=queue, AttributeNames=["All"]
        )["Attributes"]
        counted = ("", "Delayed", "NotVisible")
        return sum(int(attributes[f"ApproximateNumberOfMessages{which}"]) for which in counted)
