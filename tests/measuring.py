"""Every measure provoked through the use cases, and the lines that the real adapter prints."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import pytest

from carillon.adapters.emf_measures import EmfMeasures
from carillon.models import measures as m
from carillon.models.commands import Close, Listen, Release, RunSlice, Tick
from carillon.models.gateway import GatewayOutcome
from carillon.models.message import MessageStatus
from carillon.models.records import MessageChange, Record, Ring
from carillon.models.wave import Wave
from carillon.policy.breaker import FAILURES_TO_OPEN
from tests.fakes.gateway import OK
from tests.fakes.samples import a_client, a_mailing, a_message, a_slice
from tests.unit.usecases.replies import no_reply, reply
from tests.unit.usecases.stage import (
    HOUR,
    MAILING_ID,
    MINUTE,
    NOW,
    Stage,
    done_slice,
    doorbell,
    running,
    with_messages,
)

NAMESPACE = "Carillon"


@dataclass
class Recorder:
    """The real adapter in place of three functions; `lines` is what their logs hold."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    measures: EmfMeasures = field(default_factory=EmfMeasures)

    @contextmanager
    def invocation(self, service: str, stage: Stage) -> Iterator[None]:
        """What is done within it is measured as that function measures it."""
        stage.measures = self.measures
        output = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
            patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
            patch.setenv("POWERTOOLS_SERVICE_NAME", service)
            yield
            self.measures.flush()
        self.lines += map(json.loads, output.getvalue().splitlines())


@dataclass(frozen=True)
class Emitted:
    """One metric as CloudWatch takes it from a line."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    unit: str


def emitted(line: Mapping[str, Any]) -> dict[Emitted, list[float]]:
    """The metrics that a line holds, with their values; none of a line that is no metric's.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    found: dict[Emitted, list[float]] = {}
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
        for names in directive["Dimensions"]:
            dimensions = tuple((name, line[name]) for name in names)
            for metric in directive["Metrics"]:
                value = line[metric["Name"]]
                emitted = Emitted(
                    directive["Namespace"], metric["Name"], dimensions, metric["Unit"]
                )
                found[emitted] = value if isinstance(value, list) else [value]
    return found


def deliver(stage: Stage, answers: Sequence[GatewayOutcome], *, sender: Any = None) -> None:
    """One batch: each message of it meets its answer, in order."""
    left = iter(answers)
    stage.calls.script = lambda _: next(left)
    with_messages(stage, len(answers))
    records: list[Ring] = [
        Record(f"r{number}", f"receipt-{number}", 1, doorbell(number, fresh_at=NOW))
        for number in range(1, len(answers) + 1)
    ]
    (sender or stage.whole_sender).work(records, stage.budget(60))


def count(stage: Stage, *moves: tuple[MessageStatus | None, MessageStatus], first: int = 1) -> None:
    """One batch of changes, each of a message of its own, from its old status to its new one."""
    changes = []
    for number, (old, new) in enumerate(moves, start=first):
        before = None if old is None else a_message(number, status=old)
        after = a_message(number, status=new, updated_at=stage.clock.now())
        changes.append(MessageChange(f"{number:05d}", before, after))
    stage.counting.count("shard", changes)


@dataclass(frozen=True)
class Scene:
    """Something happens in a function, and this is all that it measures."""

    service: str
    happens: Callable[[Stage], None]
    measured: Mapping[m.Measure, Sequence[float]]


def _slice(stage: Stage) -> None:
    stage.put(running(), a_slice(0, total=1), a_client(1), a_client(2))
    stage.fanout.work(RunSlice(mailing_id=MAILING_ID, number=0), stage.budget())


def _wave(stage: Stage) -> None:
    stage.put(running(), done_slice(), Wave(mailing_id=MAILING_ID, opens_at=NOW))
    with_messages(stage, 1)
    stage.fanout.work(Release(mailing_id=MAILING_ID, at=NOW), stage.budget())


def _finish(stage: Stage) -> None:
    stage.put(running(), done_slice())
    stage.clock.advance(42)
    stage.fanout.work(Close(mailing_id=MAILING_ID), stage.budget())


def _tick(stage: Stage) -> None:
    """One runs, its slice stands still, one waits for its start, one should have been settled, and
    records were given up."""
    stage.dead_letters.number = 3
    stage.put(running(ends_at=NOW + HOUR), a_slice(0, total=1, due_at=NOW + 2 * MINUTE))
    stage.put(a_mailing(2, starts_at=NOW + MINUTE), a_mailing(3, ends_at=NOW - 20 * MINUTE))
    stage.clock.advance(150)
    stage.fanout.work(Tick(), stage.budget())


def _search(stage: Stage) -> None:
    stage.put(running(), done_slice())
    stage.statistics.totals[MAILING_ID, 0] = Counter(total=3, pending=3)
    stage.fanout.work(Listen(), stage.budget())


def _answers(stage: Stage) -> None:
    stage.put(running())
    deliver(
        stage,
        [
            OK,
            reply(400),
            no_reply("connect", handed_over=False),
            no_reply("timeout", handed_over=True),
            reply(503),
            reply(429),
            reply(401),
            reply(404),
        ],
    )


def _paced(stage: Stage) -> None:
    """Ten parts a second: a quarter of a second is saved up, and slots reach 2 s ahead."""
    stage.parts_per_s = 10
    stage.put(running())
    deliver(stage, [reply(429), *[OK] * 29])


def _broken(stage: Stage) -> None:
    stage.put(running())
    sender = stage.whole_sender
    deliver(stage, [reply(500)] * FAILURES_TO_OPEN, sender=sender)
    deliver(stage, [OK] * 3, sender=sender)


def _made(stage: Stage) -> None:
    stage.put(running())
    count(stage, *[(None, MessageStatus.PENDING)] * 5)


def _ended(stage: Stage) -> None:
    stage.put(running())
    stage.clock.advance(7)
    ends = (status for status in MessageStatus if status is not MessageStatus.PENDING)
    count(stage, *[(MessageStatus.PENDING, status) for status in ends])


SCENES = (
    Scene("fanout", _slice, {m.SELECTED: [2]}),
    Scene("fanout", _wave, {m.WAVES: [1]}),
    Scene("fanout", _finish, {m.LAST_AFTER: [42]}),
    Scene(
        "fanout",
        _tick,
        {
            m.RUNNING: [1],
            m.OVERDUE: [1],
            m.STALLED: [1],
            m.LOST_HINTS: [1, 1],
            m.DEAD_LETTERS: [3],
        },
    ),
    Scene("fanout", _search, {m.SEARCHES: [1]}),
    Scene(
        "sender",
        _answers,
        {
            m.LATENCY: [100] * 8,
            m.ACCEPTED: [1],
            m.REFUSED: [1],
            m.UNREACHABLE: [1],
            m.NO_ANSWER: [1],
            m.SERVER_ERROR: [1],
            m.THROTTLED: [1],
            m.TOKEN_REFUSED: [1],
            m.OTHER_RETRY: [1],
            m.SERVED: [1] * 3,
            m.IN_VAIN: [1] * 4,
        },
    ),
    Scene(
        "sender",
        _paced,
        {
            m.PACE_AHEAD: [2050],
            m.PARTS_GRANTED: [23],
            m.PACE_SLOWED: [1],
            m.LATENCY: [100] * 23,
            m.THROTTLED: [1],
            m.ACCEPTED: [1] * 22,
            m.SERVED: [1] * 23,
        },
    ),
    Scene(
        "sender",
        _broken,
        {
            m.LATENCY: [100] * FAILURES_TO_OPEN,
            m.SERVER_ERROR: [1] * FAILURES_TO_OPEN,
            m.IN_VAIN: [*[1] * FAILURES_TO_OPEN, 3],
            m.BREAKER_OPENED: [1],
            m.SPARED: [3],
        },
    ),
    Scene("stats", _made, {m.MADE: [5]}),
    Scene(
        "stats",
        _ended,
        {**{outcome: [1] for outcome in m.OUTCOMES.values()}, m.LOST: [1, 1], m.FIRST_AFTER: [7]},
    ),
)
"""Between them they measure everything that there is to measure."""
