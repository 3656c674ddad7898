"""Whatever arrives: the documented answer, neighbours handled, ids logged, nothing personal.

Each function gets what is strange between two records that are ours.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carillon.adapters.mailing_items import mailing_item
from carillon.adapters.message_items import message_item, message_key
from carillon.models.commands import Advance, Doorbell
from carillon.models.imports import Import, ImportStatus, RunImport, upload_key
from carillon.models.mailing import MailingStatus
from carillon.models.message import MessageStatus
from functions.fanout.invocation import work_batch
from functions.importer.invocation import work_batch as import_batch
from functions.planner.invocation import plan_batch
from functions.sender.invocation import deliver_batch
from functions.stats.invocation import count_batch
from tests.fakes import FakeBudget
from tests.fakes.samples import a_client, a_mailing, a_message
from tests.unit.functions.strange_events import (
    COMMANDS,
    DOORBELLS,
    IMPORTS,
    MAILING,
    MESSAGE,
    PHONE,
    TEXT,
    bodies,
    images,
)
from tests.unit.lambda_events import queue_record, stream_record
from tests.unit.usecases.import_stage import IMPORT, ImportStage
from tests.unit.usecases.stage import NOW, Stage, running

LOG = logging.getLogger("carillon")
FIRST, LAST = 1, 99

MANY = 8000
"""Cases for each function in the long form: a minute or so."""


class Lines(logging.Handler):
    """What was logged, with everything that a line of JSON would hold."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def hold_nothing_personal(self) -> None:
        written = "\n".join(str(vars(record)) for record in self.records)
        assert PHONE not in written
        assert TEXT not in written

    def errors(self) -> set[str]:
        """The records that a person is to look at."""
        return {
            str(vars(record)["record_id"])
            for record in self.records
            if record.levelno >= logging.ERROR
        }


@contextmanager
def log() -> Iterator[Lines]:
    lines, level, propagate = Lines(), LOG.level, LOG.propagate
    LOG.addHandler(lines)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False  # pytest's own handler would keep each line of each example
    try:
        yield lines
    finally:
        LOG.removeHandler(lines)
        LOG.setLevel(level)
        LOG.propagate = propagate


def between(first: str, strange: list[str], last: str) -> dict[str, Any]:
    records = [queue_record(number, body) for number, body in enumerate(strange, start=2)]
    return {"Records": [queue_record(FIRST, first), *records, queue_record(LAST, last)]}


def failures(answer: object) -> list[str]:
    """The ids in Lambda's partial answer, which is nothing else."""
    assert isinstance(answer, dict)
    assert answer.keys() == {"batchItemFailures"}
    assert all(each.keys() == {"itemIdentifier"} for each in answer["batchItemFailures"])
    json.dumps(answer)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


STRANGE_IMPORTS = given(strange=st.lists(bodies(IMPORTS), min_size=1, max_size=4))


@STRANGE_IMPORTS
@example(strange=[json.dumps({"Records": [{"s3": {"object": {"key": f"imports/{TEXT}.csv"}}}]})])
@example(strange=['{"Records": [{"s3": {"object": {"key": "imports/\\ud800%ff.csv"}}}]}'])
@example(strange=['{"kind": "import", "import_id": ' + "9" * 5000 + "}"])
def test_importer(strange: list[str]) -> None:
    stage = ImportStage(f"phone,timezone,tags\n{PHONE},Europe/Moscow,{TEXT}\nx,,\n".encode())
    stage.imports.add(other := Import.new("i0000099", stage.clock.now()), None)
    stage.uploads.files[other.id] = stage.content
    uploaded = {"Records": [{"s3": {"object": {"key": upload_key(IMPORT)}}}]}
    goes_on = RunImport(import_id=other.id).model_dump_json()

    with log() as lines:
        answer = import_batch(
            between(json.dumps(uploaded), strange, goes_on),
            FakeBudget(stage.clock),
            importing=stage.importing,
            queue=stage.queue,
        )

    failed = failures(answer)
    statuses = {each.status for each in stage.imports.by_id.values()}
    assert statuses == {ImportStatus.FINISHED}
    assert not {f"id-{FIRST}", f"id-{LAST}"} & set(failed)
    assert set(failed) == lines.errors()
    assert {f"receipt-{each.removeprefix('id-')}" for each in failed} == set(stage.queue.deferred)
    lines.hold_nothing_personal()


STRANGE_COMMANDS = given(strange=st.lists(bodies(COMMANDS), min_size=1, max_size=4))


@STRANGE_COMMANDS
@example(strange=[json.dumps({"kind": "tick", "phone": PHONE})])
@example(strange=['{"kind": "advance", "mailing_id": "\\ud800", "at": "2026-11-21T10:00:00Z"}'])
@example(strange=['{"kind": "slice", "mailing_id": "m", "number": ' + "9" * 5000 + "}"])
def test_fanout(strange: list[str]) -> None:
    stage = Stage()
    mailings = [a_mailing(number, ends_at=NOW.replace(hour=23)) for number in (1, 2)]
    stage.put(*mailings)
    first, last = (
        Advance(mailing_id=each.id, at=each.starts_at).model_dump_json() for each in mailings
    )

    with log() as lines:
        answer = work_batch(
            between(first, strange, last),
            stage.budget(),
            working=stage.fanout,
            commands=stage.commands,
        )

    failed = failures(answer)
    assert {stage.mailings.by_id[each.id].status for each in mailings} == {MailingStatus.RUNNING}
    assert not {f"id-{FIRST}", f"id-{LAST}"} & set(failed)
    assert len(failed) == len(set(failed))
    assert set(failed) == lines.errors()
    assert {f"receipt-{each.removeprefix('id-')}" for each in failed} == set(
        stage.commands.deferred
    )
    lines.hold_nothing_personal()


STRANGE_DOORBELLS = given(strange=st.lists(bodies(DOORBELLS), min_size=1, max_size=4))


@STRANGE_DOORBELLS
@example(strange=[json.dumps({**DOORBELLS[0], "phone": PHONE, "text": TEXT})])
@example(strange=[json.dumps({**DOORBELLS[0], "fresh_at": "0001-01-01T00:00:00Z"})])
@example(strange=[json.dumps({**DOORBELLS[0], "fresh_at": "9999-12-31T23:59:59Z"})])
def test_sender(strange: list[str]) -> None:
    stage = Stage()
    stage.put(running(text=TEXT))
    for number in (1, 2):
        stage.put(a_client(number, phone=PHONE[:-1] + str(number)), a_message(number))
    first, last = (
        Doorbell(mailing_id="m0000001", client_id=f"c000000{n}").model_dump_json() for n in (1, 2)
    )

    with log() as lines:
        answer = deliver_batch(
            between(first, strange, last),
            stage.budget(),
            sender=stage.whole_sender,
            doorbells=stage.doorbells,
        )

    failed = failures(answer)
    assert not {f"id-{FIRST}", f"id-{LAST}"} & set(failed)
    assert {stage.message(number).status for number in (1, 2)} == {MessageStatus.SENT}
    assert len(stage.calls.made) == 2
    assert lines.errors() <= set(failed)
    lines.hold_nothing_personal()


STRANGE_MAILINGS = given(
    strange=st.lists(images(MAILING), min_size=1, max_size=4), removed=st.booleans(), both=...
)


@STRANGE_MAILINGS
def test_planner(strange: list[dict[str, Any]], removed: bool, both: bool) -> None:
    stage = Stage()
    ours = [a_mailing(number, text=TEXT) for number in (1, 2)]
    records = [
        stream_record(
            {"mailing_id": MAILING["mailing_id"], "item": {"S": "mailing"}},
            old=each if removed or both else None,
            new=None if removed else each,
            sequence=str(number),
        )
        for number, each in enumerate(strange, start=2)
    ]

    with log() as lines:
        answer = plan_batch(  # type: ignore[func-returns-value]  # that is the point
            {"Records": [_mailing_record(ours[0]), *records, _mailing_record(ours[1])]},
            planner=stage.planner,
            trial_bells=stage.trial_bells,
        )

    assert answer is None
    planned = {
        *(
            each.value.mailing_id
            for each in stage.commands.queued
            if isinstance(each.value, Advance)
        ),
    }
    assert {each.id for each in ours} <= planned
    assert lines.errors() <= {f"event-{number}" for number in range(2, 2 + len(strange))}
    lines.hold_nothing_personal()


STRANGE_MESSAGES = given(strange=st.lists(images(MESSAGE), min_size=1, max_size=4), both=...)


@STRANGE_MESSAGES
def test_stats(strange: list[dict[str, Any]], both: bool) -> None:
    stage = Stage()
    counting = stage.counting
    keys = {name: MESSAGE[name] for name in ("part", "client_id")}
    records = [
        stream_record(keys, old=each if both else None, new=each, sequence=str(number))
        for number, each in enumerate(strange, start=2)
    ]

    with log() as lines:
        answer = count_batch(
            {"Records": [_message_record(1), *records, _message_record(99)]}, counting=counting
        )

    assert answer == {"state": {}}
    counts = stage.statistics.counts(["m0000001"])["m0000001"]
    assert (counts.total, counts.sent) == (2, 2)
    assert lines.errors() <= {f"event-{number}" for number in range(2, 2 + len(strange))}
    lines.hold_nothing_personal()


def _often(cases: Callable[..., Any], test: Any) -> Any:
    """The same test with thousands of cases."""
    often = settings(max_examples=MANY)(cases(test.hypothesis.inner_test))
    return pytest.mark.long(pytest.mark.timeout(1200)(often))


test_importer_often = _often(STRANGE_IMPORTS, test_importer)
test_fanout_often = _often(STRANGE_COMMANDS, test_fanout)
test_sender_often = _often(STRANGE_DOORBELLS, test_sender)
test_planner_often = _often(STRANGE_MAILINGS, test_planner)
test_stats_often = _often(STRANGE_MESSAGES, test_stats)


def _mailing_record(mailing: Any) -> dict[str, Any]:
    item = mailing_item(mailing)
    keys = {name: item[name] for name in ("mailing_id", "item")}
    return stream_record(keys, new=item)


def _message_record(number: int) -> dict[str, Any]:
    item = message_item(a_message(number, status=MessageStatus.SENT))
    keys = message_key("m0000001", f"c{number:07d}")
    return stream_record(keys, new=item, sequence=str(number))
